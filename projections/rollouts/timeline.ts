/** What is derived for one rollout. Instants in milliseconds; intervals `[from, to)`; `to` is Infinity for what has not ended. */
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

/** A stay in the blocked queue, from the first of its refusals. */
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
  /** Every fact that applied, in the order in which they did. */
  readonly applied: readonly Fact[];
  readonly findings: readonly Finding[];
}
