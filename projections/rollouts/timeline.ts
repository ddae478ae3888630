/** The timeline of one rollout. Instants in milliseconds; intervals `[from, to)`; `to` is Infinity if it has not ended. */
import type { Interval } from "../arithmetic/intervals.ts";
import type { Fact, FactOf } from "../facts/fact.ts";
import type { Finding } from "../facts/finding.ts";
import type { RolloutStatus } from "./status.ts";

/** One refusal to start, with the no-fly zones that caused it. */
interface Refusal {
  readonly at: number;
  readonly eventId: string;
  readonly nfzIds: readonly string[];
}

/** An interval in the blocked queue, from its first refusal on. */
export interface BlockedInterval extends Interval {
  readonly endId: string | null;
  readonly refusals: readonly Refusal[];
}

export interface RolloutTimeline {
  readonly rollout: string;
  readonly submission: FactOf<"RolloutSubmitted"> | null;
  /** After all of its facts. */
  readonly status: RolloutStatus;
  readonly blocked: readonly BlockedInterval[];
  readonly overrides: readonly FactOf<"RolloutOverrideGranted">[];
  readonly progress: readonly {
    readonly at: number;
    readonly nodesDone: number;
    readonly nodesTotal: number;
  }[];
  /** Every fact that fits, in the order in which they were applied. */
  readonly applied: readonly Fact[];
  readonly findings: readonly Finding[];
}
