/** The policy in force at an instant. */
import type { FactOf } from "../../facts/fact.ts";
import type { Interval } from "../../arithmetic/intervals.ts";

/** The terms of a cluster. `eventId` is `null` for the default terms, which hold where none were set. */
export interface Policy {
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

const defaultPolicy: Policy = {
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

export type PolicyFact = FactOf<"SlaPolicySet">;

/**
 * The policy at the window's start: the last one set by then; otherwise the first one set within the window; of several
 * at one instant, the one with the greatest id. `null` if none was set. `policies` are sorted by `occurredAt`, then id.
 */
export function policyFactOf(policies: readonly PolicyFact[], window: Interval): PolicyFact | null {
  let chosen: PolicyFact | null = null;
  for (const policy of policies) {
    if (policy.occurredAt >= window.to && policy.occurredAt > window.from) break;
    if (
      policy.occurredAt <= window.from ||
      chosen === null ||
      policy.occurredAt === chosen.occurredAt
    )
      chosen = policy;
    else break;
  }
  return chosen;
}

export function asPolicy(fact: PolicyFact | null): Policy {
  if (fact === null) return defaultPolicy;
  const {
    nisTarget,
    jobUptimeTarget,
    mttrTargetMs,
    noticeHours,
    monthlyAllowanceNodeHours,
    excludeUnknown,
    excludeDownInMaintenance = false,
    zone,
  } = fact.data;
  return {
    nisTarget,
    jobUptimeTarget,
    mttrTargetMs,
    noticeHours,
    monthlyAllowanceNodeHours,
    excludeUnknown,
    excludeDownInMaintenance,
    zone,
    eventId: fact.id,
  };
}

/**
 * The policies that a reader of the window must know besides the one at its start, by time and id: all that were set
 * within it, those that its months use instead, and any in use that was recorded after the window's start.
 */
export function policyChanges(
  policies: readonly PolicyFact[],
  window: Interval,
  atStart: PolicyFact | null,
  ofMonths: readonly (PolicyFact | null)[],
): PolicyFact[] {
  const used = new Set<PolicyFact | null>([atStart, ...ofMonths]);
  return policies.filter((policy) => {
    if (window.from < policy.occurredAt && policy.occurredAt < window.to) return true;
    return used.has(policy) && (policy !== atStart || policy.recordedAt > window.from);
  });
}
