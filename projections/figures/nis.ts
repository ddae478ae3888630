/** NIS, nodes in service: raw and contractual, with the error budget. */
import type { AnnouncedLate, Exclusion, Exclusions } from "./exclusions.ts";
import { firstEndingAfter } from "../arithmetic/intervals.ts";
import type { NodeState, NodeTimeline } from "../nodes/timeline.ts";
import type { Window } from "../time/period.ts";
import { decimal, exact, floor, meetsAtLeast, ratio } from "../arithmetic/ratio.ts";

/** Node-time by state within a window, in milliseconds. */
export interface NodeTime {
  readonly memberNodeMs: number;
  readonly inServiceNodeMs: number;
  readonly downNodeMs: number;
  readonly maintenanceNodeMs: number;
  readonly unknownNodeMs: number;
}

export interface NisFigure extends NodeTime {
  readonly target: number;
  /** Whether the contractual figure, unrounded, is at least the target. */
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

/** Node-time by state of the nodes within the window. Throws FigureTooLarge past 2^53 - 1. */
export function nodeTimeIn(nodes: Iterable<NodeTimeline>, window: Window): NodeTime {
  const sums: Record<NodeState, number> = { "in-service": 0, down: 0, maintenance: 0, unknown: 0 };
  let memberNodeMs = 0;
  for (const { segments } of nodes) {
    for (let i = firstEndingAfter(segments, window.from); i < segments.length; i++) {
      const segment = segments[i];
      if (segment === undefined || segment.from >= window.to) break;
      const ms = Math.min(segment.to, window.to) - Math.max(segment.from, window.from);
      sums[segment.state] += ms;
      memberNodeMs += ms;
    }
    exact(memberNodeMs, "member node-time");
  }
  return {
    memberNodeMs,
    inServiceNodeMs: sums["in-service"],
    downNodeMs: sums.down,
    maintenanceNodeMs: sums.maintenance,
    unknownNodeMs: sums.unknown,
  };
}

/** NIS of a cluster, or of a part of it, over a window. */
export function nisIn(
  nodes: Iterable<NodeTimeline>,
  window: Window,
  target: number,
  excluded: Exclusions,
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
