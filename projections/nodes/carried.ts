/**
 * A node's state at an instant as the few facts that later ones depend on: the membership that lasts, what
 * is open, and what may still end something. A state resumed from these goes on like the whole one.
 */
import type { Fact } from "../facts/fact.ts";
import type { Episode, NodeFold, OpenFault } from "./state.ts";

/** The facts from which a state can be resumed after the last applied one, in the order in which they applied. */
export function carriedFacts(state: NodeFold): Fact[] {
  const facts = new Set<Fact>(state.membership?.facts);
  const add = (episode: Pick<Episode<Fact>, "start" | "counting">): void => {
    facts.add(episode.start);
    for (const fact of episode.counting?.membership.facts ?? []) facts.add(fact);
  };
  if (state.loss !== null) add(state.loss);
  for (const fault of state.openFaults.values()) {
    add(fault);
    for (const repair of fault.repairs) facts.add(repair);
  }
  for (const { fault, end } of outageOf(state)) {
    add(fault);
    for (const repair of fault.repairs) facts.add(repair);
    if (end !== null) facts.add(end);
  }
  for (const repairs of state.earlyRepairs.values()) for (const fact of repairs) facts.add(fact);
  for (const maintenance of state.openMaintenance.values()) add(maintenance);
  for (const { fact } of state.recentReturns) facts.add(fact);
  return [...facts].sort((a, b) => a.occurredAt - b.occurredAt || turnOf(a) - turnOf(b));
}

/** If an outage is over at the last instant, nothing of its faults is needed. */
function outageOf(state: NodeFold): NodeFold["outage"] {
  const isOpen = ({ isCensored, counting }: OpenFault) => !isCensored && counting !== null;
  return [...state.openFaults.values()].some(isOpen) ? state.outage : [];
}

/**
 * Order at one instant: a return comes before the decommissioning that would censor its fault. Where one membership
 * ends and the next begins, what is open belongs to the next.
 */
function turnOf(fact: Fact): number {
  if (fact.type === "NodeReturned") return 0;
  if (fact.type === "NodeDecommissioned") return 1;
  return fact.type === "NodeCommissioned" ? 2 : 3;
}
