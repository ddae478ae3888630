/** The node-time that a rollout's maintenance took out of service. */
import {
  type Interval,
  clip,
  intersect,
  length,
  subtract,
  unionSorted,
} from "../arithmetic/intervals.ts";
import { exact } from "../arithmetic/ratio.ts";
import type { NodeTimeline } from "../nodes/timeline.ts";
import type { Fleet } from "./fleet.ts";

/** Node-time in state maintenance under the rollout's maintenance, and the number of nodes on which any began. */
export interface OutOfService {
  readonly nodeMs: number;
  readonly nodes: number;
}

export function outOfServiceBy(fleet: Fleet, rollout: string): OutOfService {
  const nodes = new Set(fleet.stretchesOf(rollout).map(({ node }) => node));
  let nodeMs = 0;
  for (const node of nodes)
    nodeMs = exact(nodeMs + onNode(fleet, node, rollout), "time out of service");
  return { nodeMs, nodes: nodes.size };
}

/** An instant under maintenance of two rollouts belongs to the one that began first. */
function onNode(fleet: Fleet, node: NodeTimeline, rollout: string): number {
  const { at } = fleet.seen;
  const stretches = fleet.stretchesOn(node);
  const own: Interval[] = [];
  let taken: readonly Interval[] = [];
  for (const each of stretches) {
    const whole = [{ from: each.from, to: each.to }];
    if (each.rollout === rollout) own.push(...subtract(whole, taken));
    taken = union([...taken, ...whole]);
  }
  const maintenance = [...node.segments].filter(({ state }) => state === "maintenance");
  return length(intersect(clip(union(own), -Infinity, at), maintenance));
}

function union(intervals: readonly Interval[]): Interval[] {
  return unionSorted(intervals.toSorted((a, b) => a.from - b.from));
}
