/** What of a whole timeline touches a window, and maybe more: the rest need not be kept for the window's figures. */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { Finding } from "../../../projections/facts/finding.ts";
import type { JobTimeline } from "../../../projections/jobs/timeline.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";

type Parts = {
  readonly [K in KindName]?: (whole: TimelineOf[K], window: Interval) => TimelineOf[K] | null;
};

/** Of the other kinds there are few entities, and one may say something of any window: they are kept whole. */
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

/** A job is kept whole: its lost time names interruptions by their index. */
function touchesJob(job: JobTimeline, window: Interval): boolean {
  const pieces: readonly (readonly Interval[])[] = [
    job.runs,
    job.running,
    job.paused,
    job.interruptions,
    job.kept,
    job.checkpointing,
    job.lost,
  ];
  return (
    pieces.some((list) => list.some((each) => touch(each, window))) ||
    job.findings.some((finding) => isIn(finding, window))
  );
}

/** Ends count in: a fault that ends where the window begins is one of its figures. */
function touch({ from, to }: Interval, window: Interval): boolean {
  return from <= window.to && to >= window.from;
}

function isIn({ at }: Finding, { from, to }: Interval): boolean {
  return from <= at && at <= to;
}
