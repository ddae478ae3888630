import { compareFacts, groupBy, required } from "../facts/oracle-event.ts";
import type { OracleFact, OracleFinding } from "../facts/oracle-event.ts";
import { OPEN, countedIn } from "./memberships.ts";
import type { Membership } from "./memberships.ts";

/** Clocks differ: a return this much before the failure still ends the fault. */
const EARLIEST_RETURN_MS = 5 * 60_000;

/** A fault in the interval in which it counts; `outcome` says how that ends. */
export interface CountedFault {
  readonly faultId: string;
  readonly node: string;
  readonly from: number;
  /** OPEN if neither a return nor a decommissioning is known. */
  readonly to: number;
  readonly outcome: "repaired" | "censored" | "open";
  readonly category: string;
  readonly component: string;
}

/** The faults of one node, each from its first failure to the first return that fits it. */
export function nodeFaults(
  facts: readonly OracleFact[],
  memberships: readonly Membership[],
): { faults: CountedFault[]; findings: OracleFinding[] } {
  const faults: CountedFault[] = [];
  const findings: OracleFinding[] = [];
  const endingReturns = new Set<OracleFact>();
  const failures = facts.filter((fact) => fact.type === "NodeFailed").sort(compareFacts);
  const returns = facts.filter((fact) => fact.type === "NodeReturned").sort(compareFacts);

  for (const [faultId, sent] of groupBy(failures, (fact) =>
    required(fact.data.faultId, "faultId"),
  )) {
    const [failure, ...again] = sent;
    if (!failure) continue;
    findings.push(...again.map((fact) => ({ kind: "fault-id-used", fact })));
    if (!memberships.some((one) => one.from <= failure.at && failure.at < one.to)) {
      findings.push({ kind: "not-a-member", fact: failure });
    }
    const ending = returns.find(
      (fact) =>
        required(fact.data.faultIds, "faultIds").includes(faultId) &&
        fact.at >= failure.at - EARLIEST_RETURN_MS,
    );
    if (ending) endingReturns.add(ending);
    if (ending && ending.at < failure.at) {
      findings.push({ kind: "return-before-failure", fact: ending });
    }
    const to = ending ? Math.max(ending.at, failure.at) : OPEN;
    const counted = countedIn(memberships, { from: failure.at, to });
    if (counted) faults.push(countedFault(failure, counted));
  }
  for (const fact of returns) {
    if (!endingReturns.has(fact)) findings.push({ kind: "return-ends-nothing", fact });
  }
  return { faults, findings };
}

function countedFault(
  failure: OracleFact,
  counted: { from: number; to: number; endedItself: boolean },
): CountedFault {
  const { data } = failure;
  const atEnd = counted.endedItself ? "repaired" : "censored";
  return {
    faultId: required(data.faultId, "faultId"),
    node: required(data.node, "node"),
    from: counted.from,
    to: counted.to,
    outcome: counted.to === OPEN ? "open" : atEnd,
    category: required(data.category, "category"),
    component: data.component ?? "unknown",
  };
}
