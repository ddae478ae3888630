/** Node-time of jobs and crashes per piece of a window. */
import { BucketSums } from "../../arithmetic/bucket-sums.ts";
import type { ClusterView } from "../../view.ts";
import { isCrash } from "../jobs/job-uptime.ts";
import { perStep, PieceCounts, windowOf } from "./pieces.ts";
import type { Values } from "./pieces.ts";

export interface JobSeries {
  readonly runningNodeMs: Values;
  readonly interruptedNodeMs: Values;
  readonly userInterruptedNodeMs: Values;
  readonly keptNodeMs: Values;
  readonly lostNodeMs: Values;
  readonly crashes: Values;
}

/** `near` sees the window. Throws FigureTooLarge past 2^53 - 1. */
export function* jobSeries(
  near: ClusterView,
  edges: readonly number[],
): Generator<undefined, JobSeries> {
  const sums = () => new BucketSums(edges);
  const [running, interrupted, byUser, kept, lost] = [sums(), sums(), sums(), sums(), sums()];
  const crashes = new PieceCounts(edges);
  const window = windowOf(edges);
  let done = 0;
  for (const job of near.entities("job")) {
    if (++done % perStep === 0) yield;
    for (const { from, to, nodeCount } of job.running) running.add(from, to, nodeCount);
    job.kept.eachIn(window, (from, to, nodeCount) => kept.add(from, to, nodeCount));
    for (const { from, to, nodeCount } of job.lost) lost.add(from, to, nodeCount);
    for (const { from, to, nodeCount, kind } of job.interruptions) {
      interrupted.add(from, to, nodeCount);
      if (kind === "user") byUser.add(from, to, nodeCount);
      if (isCrash(kind)) crashes.add(from);
    }
  }
  return {
    runningNodeMs: running.values("running node-time"),
    interruptedNodeMs: interrupted.values("interrupted node-time"),
    userInterruptedNodeMs: byUser.values("node-time interrupted by users"),
    keptNodeMs: kept.values("kept node-time"),
    lostNodeMs: lost.values("lost node-time"),
    crashes: crashes.values,
  };
}
