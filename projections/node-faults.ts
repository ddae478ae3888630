/** Which failures of a node are faults, how each ended, and the interval in which it counts. */
import type { FactOf } from "./fact.ts";
import { firstEndingAfter } from "./intervals.ts";
import { instantMs } from "./instants.ts";
import { cutToMembership } from "./membership.ts";
import type { NodeFacts, Report } from "./node-facts.ts";
import type { CountedFault, Membership } from "./node-timeline.ts";

/** How much earlier than its failure a return may be and still end it: clocks differ. */
export const returnToleranceMs = 300_000;

interface Fault {
  readonly failure: FactOf<"NodeFailed">;
  ended: { readonly at: number; readonly by: FactOf<"NodeReturned"> } | null;
}

/** The faults that count, by `from`, then fault id. */
export function foldFaults(
  node: string,
  facts: NodeFacts,
  memberships: readonly Membership[],
  report: Report,
): CountedFault[] {
  const faults = openFaults(facts.failures, memberships, report);
  endFaults(faults, facts.returns, report);
  const repairs = Map.groupBy(facts.repairs, (fact) => fact.data.faultId);
  const counted: CountedFault[] = [];
  for (const fault of faults.values()) {
    const each = countFault(
      node,
      fault,
      memberships,
      repairs.get(fault.failure.data.faultId) ?? [],
    );
    if (each !== null) counted.push(each);
  }
  return counted.sort(
    (a, b) => a.from - b.from || (a.faultId < b.faultId ? -1 : a.faultId > b.faultId ? 1 : 0),
  );
}

/** A fault id is used once on a node: the first failure with it is the fault. */
function openFaults(
  failures: readonly FactOf<"NodeFailed">[],
  memberships: readonly Membership[],
  report: Report,
): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  for (const failure of failures) {
    if (faults.has(failure.data.faultId)) {
      report("fault-id-used", failure);
      continue;
    }
    faults.set(failure.data.faultId, { failure, ended: null });
    const membership = memberships[firstEndingAfter(memberships, failure.occurredAt)];
    if (membership === undefined || membership.from > failure.occurredAt)
      report("not-a-member", failure);
  }
  return faults;
}

/** Each fault ends at the first return that names it and is not too early. */
function endFaults(
  faults: Map<string, Fault>,
  returns: readonly FactOf<"NodeReturned">[],
  report: Report,
): void {
  for (const back of returns) {
    let ends = false;
    let early = false;
    for (const faultId of back.data.faultIds) {
      const fault = faults.get(faultId);
      if (fault === undefined || fault.ended !== null) continue;
      const failedAt = fault.failure.occurredAt;
      if (back.occurredAt < failedAt - returnToleranceMs) continue;
      ends = true;
      if (back.occurredAt < failedAt) early = true;
      fault.ended = { at: Math.max(back.occurredAt, failedAt), by: back };
    }
    if (early) report("return-before-failure", back);
    if (!ends) report("return-ends-nothing", back);
  }
}

function countFault(
  node: string,
  { failure, ended }: Fault,
  memberships: readonly Membership[],
  repairs: readonly FactOf<"NodeRepairStarted">[],
): CountedFault | null {
  const { faultId, category, component = null, detectedAt } = failure.data;
  const failedAt = failure.occurredAt;
  const cut = cutToMembership({ from: failedAt, to: ended?.at ?? Infinity }, memberships);
  if (cut === null) return null;
  const censored = cut.decommissionedBy !== null;
  const outcome = censored ? "censored" : ended === null ? "open" : "repaired";
  const phases = repairs
    .filter((fact) => fact.occurredAt < cut.to)
    .map((fact) => ({ phase: fact.data.phase, at: fact.occurredAt }));
  return {
    node,
    faultId,
    category,
    component,
    sku: cut.membership.sku,
    rack: cut.membership.rack,
    eventId: failure.id,
    failedAt,
    detectedAt: detectedAt === undefined ? null : instantMs(detectedAt),
    from: cut.from,
    to: cut.to,
    outcome,
    endedBy: cut.decommissionedBy ?? ended?.by.id ?? null,
    how: outcome === "repaired" ? (ended?.by.data.how ?? null) : null,
    phases,
  };
}
