/**
 * One job's runs: when it ran, was interrupted or paused, and which of its running time was lost, spent on checkpoints,
 * or kept.
 */
import type { EarlierFacts, EntityKind } from "../facts/entity-kind.ts";
import type { Fact } from "../facts/fact.ts";
import { JobFold, requeueMs } from "./fold.ts";
import type { JobTimeline } from "./timeline.ts";

const ranks: ReadonlyMap<string, number> = new Map(
  [
    "JobStarted",
    "JobNodesChanged",
    "JobCheckpointed",
    "JobInterrupted",
    "JobResumed",
    "JobPaused",
    "JobUnpaused",
    "JobFinished",
  ].map((type, rank) => [type, rank]),
);

export const jobKind: EntityKind<JobFold, JobTimeline> = {
  initial: (job) => new JobFold(job),
  rank: (fact) => ranks.get(fact.type) ?? ranks.size,
  once: (fact) =>
    fact.type === "JobCheckpointed" ? `${fact.type} ${fact.data.checkpointId}` : fact.type,
  fits: (fold, fact) => fold.fits(fact),
  evolve: (fold, fact) => {
    fold.apply(fact);
  },
  reject: (fold, fact) => {
    if (ranks.has(fact.type)) fold.report("job-does-not-fit", fact);
  },
  timeline: (fold) => fold.timeline(),
  open: (fold, end) => fold.open(end),
  reach: {
    types: new Set(["JobStarted", "JobResumed", "JobCheckpointed"]),
    takeTime: new Set(["JobCheckpointed"]),
    of: changesSince,
  },
  closing: { types: new Set(["JobFinished"]), lingersMs: requeueMs },
  carry: {
    facts: (fold) => fold.carried(),
    resume: resumedFold,
    doubtfulSince: (fold) => fold.doubtfulSince,
  },
};

/**
 * A resume may lose time back to a checkpoint long before it, or to the run's start. A checkpoint reaches back by its
 * duration.
 */
function changesSince(fact: Fact, earlier: EarlierFacts): number {
  if (fact.type === "JobCheckpointed") return fact.occurredAt - fact.data.durationMs;
  if (fact.type !== "JobStarted" && fact.type !== "JobResumed") return Infinity;
  const { from } = fact.data;
  if (from === undefined) return Infinity;
  if (from === "start") return -Infinity;
  const [first] = earlier.about("JobCheckpointed", from.checkpointId);
  return first?.occurredAt ?? Infinity;
}

/** The state from which the facts of `JobFold.carried` were taken. */
function resumedFold(job: string, carried: readonly Fact[], earlier: EarlierFacts): JobFold {
  const fold = new JobFold(job, earlier);
  const [start, nodesOrFinish, checkpoint] = carried;
  if (start?.type !== "JobStarted" || nodesOrFinish === undefined) return fold;
  fold.beginRun(start);
  if (nodesOrFinish.type === "JobFinished") {
    fold.endRun(nodesOrFinish);
    return fold;
  }
  fold.setNodes(nodesOrFinish);
  if (checkpoint?.type === "JobCheckpointed") {
    fold.completeCheckpoint(checkpoint);
    fold.resumedAt = checkpoint.occurredAt;
  }
  fold.turn("running", Math.max(...carried.map(({ occurredAt }) => occurredAt)));
  return fold;
}
