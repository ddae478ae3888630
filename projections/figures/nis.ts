/** NIS, nodes in service: raw and contractual, with the error budget. */
import type { AnnouncedLate, Exclusion, Exclusions } from "./exclusions/exclusions.ts";
import type { NodeTimeline } from "../nodes/timeline.ts";
import type { Interval } from "../arithmetic/intervals.ts";
import { nodeTimeIn, type NodeTime } from "./node-time.ts";
import { decimal, floor, meetsAtLeast, ratio } from "../arithmetic/ratio.ts";

export interface NisFigure extends NodeTime {
  readonly target: number;
  /** Whether the contractual figure, before rounding, reaches the target. */
  readonly met: boolean | null;
  readonly raw: number | null;
  readonly contractual: number | null;
  readonly excludedNodeMs: number;
  /** (1 - target) x (member - excluded), rounded down. */
  readonly budgetNodeMs: number;
  readonly budgetSpentNodeMs: number;
  readonly exclusions: readonly Exclusion[];
  readonly announcedLate: readonly AnnouncedLate[];
}

/** NIS of a cluster, or of a part of it, over a window. */
export function nisIn(
  nodes: Iterable<NodeTimeline>,
  window: Interval,
  target: number,
  excluded: Omit<Exclusions, "monthPolicies">,
): NisFigure {
  const time = nodeTimeIn(nodes, window);
  const { exclusions, announcedLate, excludedNodeMs } = excluded;
  const countedNodeMs = time.memberNodeMs - excludedNodeMs;
  const { numerator, denominator } = decimal(target);
  const budget = floor({
    numerator: (denominator - numerator) * BigInt(countedNodeMs),
    denominator,
  });
  return {
    target,
    met: meetsAtLeast(time.inServiceNodeMs, countedNodeMs, target),
    raw: ratio(time.inServiceNodeMs, time.memberNodeMs),
    contractual: ratio(time.inServiceNodeMs, countedNodeMs),
    ...time,
    excludedNodeMs,
    budgetNodeMs: Number(budget),
    budgetSpentNodeMs: countedNodeMs - time.inServiceNodeMs,
    exclusions,
    announcedLate,
  };
}
