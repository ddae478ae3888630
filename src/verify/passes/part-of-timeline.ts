/** The part of a whole timeline that touches a window, or a little more: nothing else is needed for the window's figures. */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { Finding } from "../../../projections/facts/finding.ts";
import type { JobTimeline } from "../../../projections/jobs/timeline.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";

type Parts = {
  readonly [K in KindName]?: (whole: TimelineOf[K], window: Interval) => TimelineOf[K] | null;
};

/** Other kinds have few entities, and each may affect any window, so they are kept whole. */
const parts: Parts = {
  node: partOfNode,
  job: (job, window) => (touchesJob(job, window) ? job : null),
};

/** `null` if nothing of it touches the window. */
export function partOfTimeline<K extends KindName>(
  kind: K,
  whole: TimelineOf[K],
  window: Interval,
): TimelineOf[K] | null {
  const part = parts[kind];
  return part === undefined ? whole : part(whole, window);
}

function partOfNode(node: NodeTimeline, window: Interval): NodeTimeline | null {
  const touches = (each: Interval) => touch(each, window);
  const part = {
    node: node.node,
    memberships: node.memberships.filter(touches),
    faults: node.faults.filter(touches),
    maintenance: node.maintenance.filter(touches),
    unknown: node.unknown.filter(touches),
    announcements: node.announcements.filter(({ plannedFrom: from, plannedTo: to }) =>
      touches({ from, to }),
    ),
    segments: node.segments.filter(touches),
    findings: node.findings.filter((finding) => isIn(finding, window)),
  };
  const isEmpty = Object.values(part).every((list) => typeof list === "string" || !list.length);
  return isEmpty ? null : part;
}

/** A job is kept whole, because its lost time refers to interruptions by index. */
function touchesJob(job: JobTimeline, window: Interval): boolean {
  const pieces: readonly (readonly Interval[])[] = [
    job.runs,
    // What is kept, lost or taken by checkpoints is a part of it.
    job.running,
    job.paused,
    job.interruptions,
  ];
  return (
    pieces.some((list) => list.some((each) => touch(each, window))) ||
    job.findings.some((finding) => isIn(finding, window))
  );
}

/** Ends are included: a fault that ends where the window begins counts in its figures. */
function touch({ from, to }: Interval, window: Interval): boolean {
  return from <= window.to && to >= window.from;
}

function isIn({ at }: Finding, { from, to }: Interval): boolean {
  return from <= at && at <= to;
}
