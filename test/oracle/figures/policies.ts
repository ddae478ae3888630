import { compareFacts, compareIds, instantText, required } from "../facts/oracle-event.ts";
import type { OracleFact } from "../facts/oracle-event.ts";
import { contains, monthsTouching } from "../facts/period.ts";
import type { Window } from "../facts/period.ts";

/** An SLA policy, as reports show it; `eventId` is null if no policy was ever set that could hold. */
export interface OraclePolicy {
  readonly nisTarget: number;
  readonly jobUptimeTarget: number;
  readonly mttrTargetMs: number;
  readonly noticeHours: number;
  readonly monthlyAllowanceNodeHours: number;
  readonly excludeUnknown: boolean;
  readonly excludeDownInMaintenance: boolean;
  readonly zone: string;
  readonly eventId: string | null;
}

export interface OraclePolicyChange {
  readonly eventId: string;
  readonly at: string;
  readonly recordedAt: string;
}

const NO_POLICY: OraclePolicy = {
  nisTarget: 0.95,
  jobUptimeTarget: 0.9,
  mttrTargetMs: 172_800_000,
  noticeHours: 24,
  monthlyAllowanceNodeHours: 0,
  excludeUnknown: false,
  excludeDownInMaintenance: false,
  zone: "UTC",
  eventId: null,
};

/** The last one set by the span's start (of one instant, the greatest id), else the first one set within the span. */
export function policyFactAt(facts: readonly OracleFact[], span: Window): OracleFact | null {
  const set = facts.filter((fact) => fact.type === "SlaPolicySet").sort(compareFacts);
  const before = set.filter((fact) => fact.at <= span.from).at(-1);
  if (before) return before;
  const first = set.find((fact) => contains(span, fact.at));
  return set.filter((fact) => fact.at === first?.at).at(-1) ?? null;
}

export function policyOf(fact: OracleFact | null): OraclePolicy {
  if (!fact) return NO_POLICY;
  const { data } = fact;
  return {
    nisTarget: required(data.nisTarget, "nisTarget"),
    jobUptimeTarget: required(data.jobUptimeTarget, "jobUptimeTarget"),
    mttrTargetMs: required(data.mttrTargetMs, "mttrTargetMs"),
    noticeHours: required(data.noticeHours, "noticeHours"),
    monthlyAllowanceNodeHours: required(
      data.monthlyAllowanceNodeHours,
      "monthlyAllowanceNodeHours",
    ),
    excludeUnknown: required(data.excludeUnknown, "excludeUnknown"),
    excludeDownInMaintenance: data.excludeDownInMaintenance === true,
    zone: required(data.zone, "zone"),
    eventId: fact.id,
  };
}

export function policyAt(facts: readonly OracleFact[], span: Window): OraclePolicy {
  return policyOf(policyFactAt(facts, span));
}

/**
 * By (at, id): all set inside the window, every one used that is not the report's policy, and any used that was
 * recorded after the window's start.
 */
export function policyChanges(facts: readonly OracleFact[], window: Window): OraclePolicyChange[] {
  const own = policyFactAt(facts, window);
  const months = monthsTouching(window, policyOf(own).zone);
  const used = [own, ...months.map((month) => policyFactAt(facts, month))];
  return facts
    .filter((fact) => fact.type === "SlaPolicySet")
    .filter(
      (fact) =>
        (window.from < fact.at && fact.at < window.to) ||
        (used.includes(fact) && fact !== own) ||
        (used.includes(fact) && fact.recordedAt > window.from),
    )
    .sort((a, b) => a.at - b.at || compareIds(a.id, b.id))
    .map((fact) => ({
      eventId: fact.id,
      at: instantText(fact.at),
      recordedAt: instantText(fact.recordedAt),
    }));
}
