/** Faults of a node: which failures open one, which returns end it, and the interval in which it counts. */
import type { Fact, FactOf } from "../facts/fact.ts";
import { instantMs } from "../time/instant.ts";
import type { CountedFault } from "./timeline.ts";
import { countingFrom, report } from "./state.ts";
import type { NodeFold, OpenFault, RecentReturn } from "./state.ts";

/** How much earlier than its failure a return may be and still end it: clocks differ. */
export const returnToleranceMs = 300_000;

/** A fault id is used once on a node: the first failure with it is the fault. */
export function fail(state: NodeFold, failure: FactOf<"NodeFailed">): void {
  const { faultId } = failure.data;
  if (isUsed(state, faultId)) {
    report(state, "fault-id-used", failure);
    return;
  }
  state.usedFaultIds.add(faultId);
  if (state.membership === null) report(state, "not-a-member", failure);
  const at = failure.occurredAt;
  const fault: OpenFault = {
    start: failure,
    counting: countingFrom(state, at),
    isCensored: false,
    repairs: state.earlyRepairs.get(faultId) ?? [],
  };
  state.earlyRepairs.delete(faultId);
  const back = state.recentReturns.find(({ fact }) => fact.data.faultIds.includes(faultId));
  if (back === undefined) {
    state.openFaults.set(faultId, fault);
    return;
  }
  endFault(state, fault, at, back);
  if (back.fact.occurredAt < at && !back.isEarly) {
    back.isEarly = true;
    report(state, "return-before-failure", back.fact);
  }
}

function isUsed(state: NodeFold, faultId: string): boolean {
  return state.usedFaultIds.has(faultId) || state.earlier?.names("NodeFailed", faultId) === true;
}

/** Ends the open faults that the return names. It is remembered for faults whose failure comes a little later. */
export function bringBack(state: NodeFold, fact: FactOf<"NodeReturned">): void {
  const back: RecentReturn = { fact, hasEnded: false, isEarly: false };
  for (const faultId of fact.data.faultIds) {
    const fault = state.openFaults.get(faultId);
    if (fault === undefined) continue;
    state.openFaults.delete(faultId);
    endFault(state, fault, fact.occurredAt, back);
  }
  state.recentReturns.push(back);
}

function endFault(state: NodeFold, fault: OpenFault, at: number, back: RecentReturn): void {
  back.hasEnded = true;
  const { id, data } = back.fact;
  if (fault.isCensored) return;
  const end = { to: at, outcome: "repaired", endedBy: id, how: data.how ?? null } as const;
  pushFault(state, fault, end, back.fact);
}

/** Forgets returns that are too old to end a fault that fails now; those that ended nothing become findings. */
export function forgetReturns(state: NodeFold, now: number): void {
  if (state.recentReturns.length === 0) return;
  state.recentReturns = state.recentReturns.filter(({ fact, hasEnded }) => {
    if (fact.occurredAt >= now - returnToleranceMs) return true;
    if (!hasEnded) report(state, "return-ends-nothing", fact);
    return false;
  });
}

export function startRepair(state: NodeFold, fact: FactOf<"NodeRepairStarted">): void {
  const { faultId } = fact.data;
  const fault = state.openFaults.get(faultId);
  if (fault !== undefined) {
    if (!fault.isCensored) fault.repairs.push(fact);
  } else if (!isUsed(state, faultId)) {
    const early = state.earlyRepairs.get(faultId);
    if (early === undefined) state.earlyRepairs.set(faultId, [fact]);
    else early.push(fact);
  }
}

/** The node's decommissioning censors the faults that are open. */
export function censorFaults(state: NodeFold, at: number, endedBy: string): void {
  for (const fault of state.openFaults.values()) {
    if (fault.isCensored || fault.counting === null) continue;
    fault.isCensored = true;
    pushFault(state, fault, { to: at, outcome: "censored", endedBy, how: null }, null);
  }
}

type FaultEnd = Pick<CountedFault, "to" | "outcome" | "endedBy" | "how">;

/** `by` is the return that ended it; `null` for a decommissioning, which is stored with the membership. */
function pushFault(state: NodeFold, fault: OpenFault, end: FaultEnd, by: Fact | null): void {
  const counted = countedFault(state.node, fault, end);
  if (counted === null) return;
  state.ended.faults.push(counted);
  state.outage.push({ fault, end: by });
}

/** Overlapping and touching faults are one outage: it is over once an instant leaves none of them open. */
export function settleOutage(state: NodeFold): void {
  if (state.outage.length === 0) return;
  for (const { isCensored, counting } of state.openFaults.values())
    if (!isCensored && counting !== null) return;
  state.outage.length = 0;
}

/** The fault as it counts; `null` if it touches no membership. */
export function countedFault(node: string, fault: OpenFault, end: FaultEnd): CountedFault | null {
  const { counting, start, repairs } = fault;
  if (counting === null) return null;
  const { faultId, category, component = null, detectedAt } = start.data;
  const { sku, rack } = counting.membership.span;
  return {
    node,
    faultId,
    category,
    component,
    sku,
    rack,
    eventId: start.id,
    failedAt: start.occurredAt,
    detectedAt: detectedAt === undefined ? null : instantMs(detectedAt),
    from: counting.from,
    to: end.to,
    outcome: end.outcome,
    endedBy: end.endedBy,
    how: end.how,
    phases: repairs
      .filter(({ occurredAt }) => occurredAt < end.to)
      .map((repair) => ({ phase: repair.data.phase, at: repair.occurredAt })),
  };
}

/** When a fault of the node ended; Infinity if it has not, `null` if the node has no such fault. */
export function faultEndOf(
  node: { readonly faults: readonly CountedFault[] } | null | undefined,
  faultId: string,
): number | null {
  return node?.faults.find((each) => each.faultId === faultId)?.to ?? null;
}
