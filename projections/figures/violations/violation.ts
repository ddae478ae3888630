/** What was done inside no-fly zones. */
import type { Fact } from "../../facts/fact.ts";
import type { Interval } from "../../arithmetic/intervals.ts";

export const violationKinds = ["start", "resume", "progress", "maintenance"] as const;

export interface Violation {
  readonly kind: (typeof violationKinds)[number];
  /** `null` for maintenance that is no rollout's. */
  readonly rollout: string | null;
  /** Of maintenance. */
  readonly node: string | null;
  readonly fact: Fact;
  /** By name. */
  readonly nfzs: readonly string[];
  /** Whether a reason would make it right: facts do not tell, their events do. */
  readonly isRightWithReason: boolean;
}

export function isWithin({ from, to }: Interval, at: number): boolean {
  return from <= at && at < to;
}

/** By instant, then the event's id. */
export function compareViolations({ fact: a }: Violation, { fact: b }: Violation): number {
  return a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
