/** Node-time by state: the basis of NIS and MTBF. */
import { type Interval } from "../arithmetic/intervals.ts";
import { exact } from "../arithmetic/ratio.ts";
import type { NodeState } from "../nodes/packed-segments.ts";
import type { NodeTimeline } from "../nodes/timeline.ts";

/** Node-time by state within a window, in milliseconds. */
export interface NodeTime {
  readonly memberNodeMs: number;
  readonly inServiceNodeMs: number;
  readonly downNodeMs: number;
  readonly maintenanceNodeMs: number;
  readonly unknownNodeMs: number;
}

/** Node-time by state of the nodes within the window. Throws FigureTooLarge past 2^53 - 1. */
export function nodeTimeIn(nodes: Iterable<NodeTimeline>, window: Interval): NodeTime {
  const sums: Record<NodeState, number> = { "in-service": 0, down: 0, maintenance: 0, unknown: 0 };
  let memberNodeMs = 0;
  for (const { segments } of nodes) {
    segments.eachIn(window, (state, from, to) => {
      const ms = Math.min(to, window.to) - Math.max(from, window.from);
      sums[state] += ms;
      memberNodeMs += ms;
    });
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
