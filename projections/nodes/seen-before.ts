/** What windows that end at an instant see of a node. */
import type { Interval } from "../arithmetic/intervals.ts";
import type { CountedFault, NodeTimeline } from "./timeline.ts";

/**
 * The timeline without what begins at the instant or later, with memberships, faults and segments that end then or later as
 * if they had not ended. Maintenance and lost observation keep their ends, because exclusions name the events. The same
 * timeline if nothing is left out.
 */
export function nodeSeenBefore(timeline: NodeTimeline, end: number): NodeTimeline {
  if (leavesNothingOut(timeline, end)) return timeline;
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

/** Whether nothing in it is known to happen at the instant or later. It is asked for each node of a fleet, so it makes no lists. */
function leavesNothingOut(timeline: NodeTimeline, end: number): boolean {
  const { memberships, faults, maintenance, unknown, announcements, segments, findings } = timeline;
  return (
    isBefore(memberships.at(-1)?.from, end) &&
    isKnownBefore(memberships.at(-1)?.to, end) &&
    isBefore(maintenance.at(-1)?.from, end) &&
    isBefore(unknown.at(-1)?.from, end) &&
    isBefore(findings.at(-1)?.at, end) &&
    segments.seenBefore(end) === segments &&
    announcements.every(({ plannedFrom }) => plannedFrom < end) &&
    faults.every((each) => isFaultOverBefore(each, end))
  );
}

function isFaultOverBefore({ from, to, phases }: CountedFault, end: number): boolean {
  return from < end && isKnownBefore(to, end) && isBefore(phases.at(-1)?.at, end);
}

function isBefore(at: number | undefined, end: number): boolean {
  return at === undefined || at < end;
}

/** An end that is not known is in no future either. */
function isKnownBefore(to: number | undefined, end: number): boolean {
  return to === Infinity || isBefore(to, end);
}

function faultSeenBefore(fault: CountedFault, end: number): CountedFault {
  if (fault.to < end) return fault;
  const phases = fault.phases.filter(({ at }) => at < end);
  return { ...fault, to: Infinity, outcome: "open", endedBy: null, how: null, phases };
}
