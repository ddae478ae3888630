/** The one state that a node is in at each instant of its memberships. */
import { at } from "../arithmetic/invariants.ts";
import { type Interval, unionSorted } from "../arithmetic/intervals.ts";
import type { Membership, StateSegment } from "./timeline.ts";

/** The one state at each instant of the memberships: down, else maintenance, else unknown, else in service. */
export function stateSegments(
  memberships: readonly Membership[],
  faults: readonly Interval[],
  maintenance: readonly Interval[],
  unknown: readonly Interval[],
): StateSegment[] {
  const layers = [
    { state: "down", set: unionSorted(faults), next: 0 },
    { state: "maintenance", set: unionSorted(maintenance), next: 0 },
    { state: "unknown", set: unionSorted(unknown), next: 0 },
  ] as const satisfies { state: StateSegment["state"]; set: Interval[]; next: number }[];
  const next = [0, 0, 0];
  const segments: StateSegment[] = [];
  for (const membership of memberships) {
    let from = membership.from;
    while (from < membership.to) {
      let state: StateSegment["state"] = "in-service";
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
      pushSegment(segments, membership.from, { from, to, state });
      from = to;
    }
  }
  return segments;
}

/** Appends a segment; extends the one before it if they have the same membership and state. */
function pushSegment(segments: StateSegment[], memberSince: number, segment: StateSegment): void {
  const last = segments.at(-1);
  if (
    last !== undefined &&
    last.to === segment.from &&
    last.state === segment.state &&
    last.from >= memberSince
  ) {
    segments[segments.length - 1] = { from: last.from, to: segment.to, state: last.state };
  } else {
    segments.push(segment);
  }
}
