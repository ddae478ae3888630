/** Data-quality findings of a window, one by one and counted by kind. */
import type { BlockedRollout } from "./blocked-queue.ts";
import { type KindName, kindNames, nameOf } from "../kinds.ts";
import type { ClusterView } from "../view.ts";
import { type Finding, type FindingKind, findingKinds } from "../facts/finding.ts";
import type { Interval } from "../arithmetic/intervals.ts";

/** A finding with the entity that it is about. */
export interface EntityFinding extends Finding {
  readonly subject: KindName;
  readonly name: string;
}

/** About a millisecond's work. */
const timelinesPerStep = 2_000;

/** Findings of facts that occurred in the window, by time, then event id, then kind. */
function* findingsIn(view: ClusterView, window: Interval): Generator<undefined, EntityFinding[]> {
  const found: EntityFinding[] = [];
  let seen = 0;
  for (const subject of kindNames) {
    for (const timeline of view.entities(subject)) {
      if (++seen % timelinesPerStep === 0) yield;
      // They come by time. Of a large fleet, most nodes have had none lately.
      const last = timeline.findings.at(-1);
      if (last === undefined || last.at < window.from) continue;
      const name = nameOf(subject, timeline);
      for (const finding of timeline.findings) {
        if (window.from <= finding.at && finding.at < window.to)
          found.push({ ...finding, subject, name });
      }
    }
  }
  return found.sort(
    (a, b) => a.at - b.at || compareText(a.factId, b.factId) || compareText(a.kind, b.kind),
  );
}

/** Every finding of a window: those of its facts, and the releases that are overdue at its end, dated at the end. */
export function allFindings(
  view: ClusterView,
  window: Interval,
  blocked: readonly BlockedRollout[],
): EntityFinding[] {
  const steps = findingsInSteps(view, window, blocked);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same in steps. */
export function* findingsInSteps(
  view: ClusterView,
  window: Interval,
  blocked: readonly BlockedRollout[],
): Generator<undefined, EntityFinding[]> {
  const overdue = blocked.filter((each) => each.releaseOverdue);
  return [
    ...(yield* findingsIn(view, window)),
    ...overdue.map(({ rollout, refusedBy }): EntityFinding => ({
      kind: "release-overdue",
      at: window.to,
      factId: refusedBy,
      subject: "rollout",
      name: rollout,
    })),
  ];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Number of findings by kind, in the catalogue's order, without kinds that have none. */
export function findingCounts(findings: readonly Finding[]): Partial<Record<FindingKind, number>> {
  const counts: Partial<Record<FindingKind, number>> = {};
  for (const kind of findingKinds) {
    const count = findings.filter((each) => each.kind === kind).length;
    if (count > 0) counts[kind] = count;
  }
  return counts;
}
