/** What windows that end at an instant see of a node. */
import type { Interval } from "../arithmetic/intervals.ts";
import type { CountedFault, NodeTimeline } from "./timeline.ts";

/**
 * The timeline without what begins at the instant or later, with memberships, faults and segments that end then or later as
 * if they had not ended. Maintenance and lost observation keep their ends, because exclusions name the events. The same
 * timeline if nothing is left out.
 */
export function nodeSeenBefore(timeline: NodeTimeline, end: number): NodeTimeline {
  const seen: NodeTimeline = {
    node: timeline.node,
    memberships: seenOf(timeline.memberships, end, (each) =>
      each.to < end || each.decommissionedBy === null
        ? each
        : { ...each, to: Infinity, decommissionedBy: null },
    ),
    faults: seenOf(timeline.faults, end, (each) => faultSeenBefore(each, end)),
    maintenance: seenOf(timeline.maintenance, end),
    unknown: seenOf(timeline.unknown, end),
    announcements: sameOr(
      timeline.announcements,
      timeline.announcements.filter(({ plannedFrom }) => plannedFrom < end),
    ),
    segments: timeline.segments.seenBefore(end),
    findings: sameOr(
      timeline.findings,
      timeline.findings.filter(({ at }) => at < end),
    ),
  };
  const isSame = Object.entries(seen).every(
    ([name, part]) => timeline[name as keyof NodeTimeline] === part,
  );
  return isSame ? timeline : seen;
}

function faultSeenBefore(fault: CountedFault, end: number): CountedFault {
  if (fault.to < end) return fault;
  const phases = sameOr(
    fault.phases,
    fault.phases.filter(({ at }) => at < end),
  );
  if (fault.to === Infinity && phases === fault.phases) return fault;
  return { ...fault, to: Infinity, outcome: "open", endedBy: null, how: null, phases };
}

/** Those that begin before the instant, each as it is seen; the same list if all are the same. */
function seenOf<T extends Interval>(
  list: readonly T[],
  end: number,
  seen: (each: T) => T = (each) => each,
): readonly T[] {
  return sameOr(list, list.filter(({ from }) => from < end).map(seen));
}

function sameOr<T>(list: readonly T[], made: readonly T[]): readonly T[] {
  return list.length === made.length && list.every((each, i) => each === made[i]) ? list : made;
}
