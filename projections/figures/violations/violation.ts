/** An action within a no-fly zone that should not have happened. */
import type { Fact } from "../../facts/fact.ts";
import type { Interval } from "../../arithmetic/intervals.ts";

export const violationKinds = ["start", "resume", "progress", "maintenance"] as const;

export interface Violation {
  readonly kind: (typeof violationKinds)[number];
  /** `null` for maintenance that belongs to no rollout. */
  readonly rollout: string | null;
  /** The node of maintenance; `null` for anything else. */
  readonly node: string | null;
  readonly fact: Fact;
  /** Ordered by name. */
  readonly nfzs: readonly string[];
  /** Whether a reason makes it legitimate; the reason is in the event, not in the fact. */
  readonly isRightWithReason: boolean;
}

export function isWithin({ from, to }: Interval, at: number): boolean {
  return from <= at && at < to;
}

/** By instant, then by the event's id. */
export function compareViolations({ fact: a }: Violation, { fact: b }: Violation): number {
  return a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
