/** When a node is a member and when it is observed: the two states that decide what counts. */
import type { FactOf } from "../facts/fact.ts";
import { censorFaults } from "./faults.ts";
import { censorMaintenance } from "./maintenance.ts";
import type { Counting, Loss, MembershipDraft, NodeFold } from "./state.ts";

export function commission(state: NodeFold, fact: FactOf<"NodeCommissioned">): void {
  const { rack = null, sku = null, gpus = null } = fact.data;
  const from = fact.occurredAt;
  const span = { from, to: Infinity, commissionedBy: fact.id, decommissionedBy: null };
  const membership: MembershipDraft = { span: { ...span, rack, sku, gpus }, facts: [fact] };
  state.membership = membership;
  for (const episode of waiting(state)) episode.counting = { from, membership };
}

export function decommission(state: NodeFold, fact: FactOf<"NodeDecommissioned">): void {
  const { membership } = state;
  if (membership === null) return;
  const at = fact.occurredAt;
  state.membership = null;
  membership.span.to = at;
  membership.span.decommissionedBy = fact.id;
  membership.facts.push(fact);
  state.ended.memberships.push(membership.span);
  if (membership.span.from === at) {
    // In a membership without duration nothing counts; what waits for a membership goes on waiting.
    for (const episode of countedIn(state, membership)) episode.counting = null;
  } else {
    censorFaults(state, at, fact.id);
    censorMaintenance(state, at, fact.id);
  }
  // Lost observation ends with the membership: the next one begins observed.
  endLoss(state, at, fact.id);
}

export function loseObservation(state: NodeFold, fact: FactOf<"NodeObservationLost">): void {
  const { membership } = state;
  const counting = membership === null ? null : { from: fact.occurredAt, membership };
  state.loss = { start: fact, counting };
}

export function endLoss(state: NodeFold, at: number, endId: string): void {
  const { loss, node } = state;
  if (loss === null) return;
  state.loss = null;
  const startId = loss.start.id;
  if (loss.start.occurredAt === at) {
    state.momentaryLosses.push({ from: at, to: at, startId, endId });
  } else if (loss.counting !== null && loss.counting.from < at) {
    state.ended.unknown.push({
      node,
      from: loss.counting.from,
      to: at,
      startId,
      endId,
    });
  }
}

/** When all facts of an instant have applied, losses without duration count if the node is a member after it. */
export function settleMomentaryLosses(state: NodeFold): void {
  if (state.momentaryLosses.length === 0) return;
  state.ended.unknown.push(...countedMomentaryLosses(state));
  state.momentaryLosses.length = 0;
}

export function countedMomentaryLosses(state: NodeFold): NodeFold["ended"]["unknown"] {
  if (state.membership === null) return [];
  return state.momentaryLosses.map((loss) => ({ node: state.node, ...loss }));
}

type Waiting = { counting: Counting | null; isCensored?: boolean };

function openEpisodes(state: NodeFold): Waiting[] {
  const loss: Loss[] = state.loss === null ? [] : [state.loss];
  return [...state.openFaults.values(), ...state.openMaintenance.values(), ...loss];
}

/** The open episodes that have touched no membership so far. */
function waiting(state: NodeFold): Waiting[] {
  return openEpisodes(state).filter(({ counting }) => counting === null);
}

function countedIn(state: NodeFold, membership: MembershipDraft): Waiting[] {
  return openEpisodes(state).filter(({ counting }) => counting?.membership === membership);
}
