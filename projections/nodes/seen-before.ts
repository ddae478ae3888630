/** What windows that end at an instant see of a node. */
import type { Interval } from "../arithmetic/intervals.ts";
import type { CountedFault, NodeTimeline } from "./timeline.ts";

/**
 * The timeline without what begins at the instant or later, with memberships, faults and segments that end then or later as
 * if they had not ended. Maintenance and lost observation keep their ends, because exclusions name the events. The same
 * timeline if nothing is left out.
 */
export function nodeSeenBefore(timeline: NodeTimeline, end: number): NodeTimeline {
  const reach = reachOf(timeline);
  if (reach.latest < end) return timeline;
  if (reach.seen?.end !== end) reach.seen = { end, timeline: cut(timeline, end) };
  return reach.seen.timeline;
}

function cut(timeline: NodeTimeline, end: number): NodeTimeline {
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

interface Reach {
  /** The latest instant of anything that may be left out; -Infinity if there is nothing. */
  readonly latest: number;
  /** What was seen last: the documents of a month all end at the same instant, and what is computed of a timeline is kept with it. */
  seen: { readonly end: number; readonly timeline: NodeTimeline } | null;
}

/** A timeline never changes, and each document asks for those of all nodes. */
const known = new WeakMap<NodeTimeline, Reach>();

function reachOf(timeline: NodeTimeline): Reach {
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
  const made = { latest, seen: null };
  known.set(timeline, made);
  return made;
}

function faultSeenBefore(fault: CountedFault, end: number): CountedFault {
  if (fault.to < end) return fault;
  const phases = fault.phases.filter(({ at }) => at < end);
  return { ...fault, to: Infinity, outcome: "open", endedBy: null, how: null, phases };
}
