/** What windows that end at an instant see of a node. */
import type { Interval } from "../arithmetic/intervals.ts";
import type { CountedFault, NodeTimeline } from "./timeline.ts";

/**
 * The timeline without what begins at the instant or later, with memberships, faults and segments that end then or later as
 * if they had not ended. Maintenance and lost observation keep their ends, because exclusions name the events. The same
 * timeline if nothing is left out.
 */
export function nodeSeenBefore(timeline: NodeTimeline, end: number): NodeTimeline {
  if (latestOf(timeline) < end) return timeline;
  const begins = ({ from }: Interval) => from < end;
  return {
    node: timeline.node,
    memberships: timeline.memberships
      .filter(begins)
      .map((each) => (each.to < end ? each : { ...each, to: Infinity, decommissionedBy: null })),
    faults: timeline.faults.filter(begins).map((each) => faultSeenBefore(each, end)),
    maintenance: timeline.maintenance.filter(begins),
    unknown: timeline.unknown.filter(begins),
    announcements: timeline.announcements.filter(({ plannedFrom }) => plannedFrom < end),
    segments: timeline.segments.seenBefore(end),
    findings: timeline.findings.filter(({ at }) => at < end),
  };
}

/** A timeline never changes, and each document asks for those of all nodes. */
const known = new WeakMap<NodeTimeline, number>();

/** The latest instant of anything that may be left out; -Infinity if there is nothing. */
function latestOf(timeline: NodeTimeline): number {
  const before = known.get(timeline);
  if (before !== undefined) return before;
  let latest = -Infinity;
  const note = (at: number) => {
    if (at > latest && at !== Infinity) latest = at;
  };
  note(timeline.segments.latest);
  for (const { from, to } of [...timeline.memberships, ...timeline.faults]) {
    note(from);
    note(to);
  }
  for (const { phases } of timeline.faults) for (const { at } of phases) note(at);
  for (const { from } of [...timeline.maintenance, ...timeline.unknown]) note(from);
  for (const { plannedFrom } of timeline.announcements) note(plannedFrom);
  for (const { at } of timeline.findings) note(at);
  known.set(timeline, latest);
  return latest;
}

function faultSeenBefore(fault: CountedFault, end: number): CountedFault {
  if (fault.to < end) return fault;
  const phases = fault.phases.filter(({ at }) => at < end);
  return { ...fault, to: Infinity, outcome: "open", endedBy: null, how: null, phases };
}
