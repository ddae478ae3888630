/** Other rollouts that started on the same nodes in the windows that are compared: what rose or fell may be theirs. */
import type { NodeTimeline } from "../nodes/timeline.ts";
import type { RolloutTimeline } from "../rollouts/timeline.ts";
import type { Fleet } from "./fleet.ts";
import { type Impact, windowAfter, windowBefore } from "./impact.ts";
import { nodesOfRollout, standingOf } from "./treatment.ts";

interface Confounder {
  readonly rollout: string;
  readonly startedAt: number;
  /** The number of nodes in whose windows it started. */
  readonly nodes: number;
}

/** By start, then id. */
export function confoundersOf(
  fleet: Fleet,
  impact: Impact,
  rollouts: Iterable<RolloutTimeline>,
): Confounder[] {
  const windows = windowsOf(impact);
  const all = [...windows.values()].flat();
  const from = all.reduce((least, each) => Math.min(least, each.from), Infinity);
  const to = all.reduce((most, each) => Math.max(most, each.to), -Infinity);
  const found: Confounder[] = [];
  for (const timeline of rollouts) {
    if (timeline.rollout === impact.rollout) continue;
    const other = standingOf(timeline, fleet);
    const startedAt = other.status.startedBy?.occurredAt;
    if (startedAt === undefined || startedAt < from || startedAt >= Math.min(to, fleet.seen.at))
      continue;
    let nodes = 0;
    for (const node of nodesOfRollout(fleet, other))
      if (windows.get(node)?.some((each) => each.from <= startedAt && startedAt < each.to) === true)
        nodes++;
    if (nodes > 0) found.push({ rollout: timeline.rollout, startedAt, nodes });
  }
  return found.sort((a, b) => a.startedAt - b.startedAt || (a.rollout < b.rollout ? -1 : 1));
}

function windowsOf({ treatments, windowMs }: Impact) {
  const windows = new Map<
    NodeTimeline,
    readonly { readonly from: number; readonly to: number }[]
  >();
  for (const each of treatments)
    if (each.to !== null)
      windows.set(each.node, [windowBefore(each, windowMs), windowAfter(each.to, windowMs)]);
  return windows;
}
