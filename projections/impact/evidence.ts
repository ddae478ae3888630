/** The events that a rollout's measured impact rests on. */
import type { Fleet } from "./fleet.ts";
import { type Impact, windowAfter, windowBefore } from "./impact.ts";
import { type FactsOfJob, JobCosts, causedBy } from "./interruptions.ts";

export const evidenceKinds = [
  "maintenance",
  "interruption",
  "fault-before",
  "fault-after",
] as const;

interface Evidence {
  readonly kind: (typeof evidenceKinds)[number];
  readonly at: number;
  /** When it ended, up to the instant of the answer; `null` if it had not, and for faults. */
  readonly to: number | null;
  /** The node of maintenance or a fault. */
  readonly node: string | null;
  /** The job of an interruption. */
  readonly job: string | null;
  /** The event that began it, and the one that ended maintenance. */
  readonly eventIds: readonly string[];
  /** Of an interruption; otherwise 0. */
  readonly interruptedNodeMs: number;
  readonly lostNodeMs: number;
}

/** By kind, in the order of `evidenceKinds`, then instant, then node or job. */
export function evidenceOf(fleet: Fleet, impact: Impact, factsOf: FactsOfJob): Evidence[] {
  const maintenance = fleet.stretchesOf(impact.rollout).map((each) =>
    evidence("maintenance", each.from, {
      to: each.to === Infinity ? null : each.to,
      node: each.node.node,
      eventIds: each.endId === null ? [each.startId] : [each.startId, each.endId],
    }),
  );
  const costs = new JobCosts(fleet, factsOf);
  const interruptions = causedBy(fleet, impact.rollout).map((each) => {
    const { job, at, eventId, interruptedNodeMs, lostNodeMs } = costs.of(each);
    return evidence("interruption", at, {
      job,
      eventIds: [eventId],
      interruptedNodeMs,
      lostNodeMs,
    });
  });
  return [...maintenance, ...interruptions, ...faultsOf(fleet, impact)].sort(compareEvidence);
}

function faultsOf(fleet: Fleet, { treatments, windowMs }: Impact): Evidence[] {
  return treatments.flatMap((treatment) => {
    const { node, to } = treatment;
    if (to === null) return [];
    const windows = [
      ["fault-before", windowBefore(treatment, windowMs)],
      ["fault-after", windowAfter(to, windowMs)],
    ] as const;
    return windows.flatMap(([kind, window]) =>
      fleet
        .faultsIn(node, window.from, window.to)
        .map(({ from, eventId }) => evidence(kind, from, { node: node.node, eventIds: [eventId] })),
    );
  });
}

function evidence(kind: Evidence["kind"], at: number, more: Partial<Evidence>): Evidence {
  const none = { to: null, node: null, job: null, eventIds: [] };
  return { kind, at, ...none, interruptedNodeMs: 0, lostNodeMs: 0, ...more };
}

function compareEvidence(a: Evidence, b: Evidence): number {
  return (
    evidenceKinds.indexOf(a.kind) - evidenceKinds.indexOf(b.kind) ||
    a.at - b.at ||
    compareText(a.node ?? a.job ?? "", b.node ?? b.job ?? "") ||
    compareText(a.eventIds[0] ?? "", b.eventIds[0] ?? "")
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
