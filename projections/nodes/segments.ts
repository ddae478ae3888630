/** The one state that a node is in at each instant of its memberships. */
import { at } from "../arithmetic/invariants.ts";
import { type Interval, unionSorted } from "../arithmetic/intervals.ts";
import type { NodeState, PackedSegments } from "./packed-segments.ts";
import { SegmentPacker } from "./packed-segments.ts";
import type { Membership } from "./timeline.ts";

/** The one state at each instant of the memberships: down, else maintenance, else unknown, else in service. */
export function stateSegments(
  memberships: readonly Membership[],
  faults: readonly Interval[],
  maintenance: readonly Interval[],
  unknown: readonly Interval[],
): PackedSegments {
  const layers = [
    { state: "down", set: unionSorted(faults), next: 0 },
    { state: "maintenance", set: unionSorted(maintenance), next: 0 },
    { state: "unknown", set: unionSorted(unknown), next: 0 },
  ] as const satisfies { state: NodeState; set: Interval[]; next: number }[];
  const next = [0, 0, 0];
  const segments = new SegmentPacker();
  for (const membership of memberships) {
    let from = membership.from;
    while (from < membership.to) {
      let state: NodeState = "in-service";
      let to = membership.to;
      for (let i = 0; i < layers.length; i++) {
        const { set, state: ofLayer } = at(layers, i);
        let index = at(next, i);
        while ((set[index]?.to ?? Infinity) <= from) index++;
        next[i] = index;
        const interval = set[index];
        if (interval === undefined) continue;
        if (interval.from > from) {
          if (interval.from < to) to = interval.from;
          continue;
        }
        if (interval.to < to) to = interval.to;
        state = ofLayer;
        break;
      }
      segments.add(membership.from, { from, to, state });
      from = to;
    }
  }
  return segments.packed();
}
