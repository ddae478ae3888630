/** The length of the queue, and the age of its oldest rollout, at the end of each of many steps. */
import type { RolloutTimeline } from "../../rollouts/timeline.ts";

export interface QueueLength {
  readonly length: number;
  /** Since when the oldest rollout has waited; Infinity if none waits. */
  readonly since: number;
}

/** At each of the instants, which must ascend, according to the facts before it. */
export function queueLengths(
  rollouts: Iterable<RolloutTimeline>,
  instants: readonly number[],
): QueueLength[] {
  const lengths = instants.map(() => ({ length: 0, since: Infinity }));
  for (const { blocked } of rollouts) {
    for (const { from, to } of blocked) {
      for (let i = firstAfter(instants, from); i < instants.length; i++) {
        const [instant, step] = [instants[i], lengths[i]];
        if (instant === undefined || step === undefined || instant > to) break;
        step.length++;
        step.since = Math.min(step.since, from);
      }
    }
  }
  return lengths;
}

function firstAfter(rising: readonly number[], instant: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? Infinity) > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}
