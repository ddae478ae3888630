import { compareIds, milliseconds, required } from "../facts/oracle-event.ts";
import type { OracleFact } from "../facts/oracle-event.ts";
import { nodeIntervals, stateAt } from "./node-states.ts";
import type { NodeState, OracleNode } from "./node-states.ts";
import { contains, monthContaining, monthsTouching, overlapMs } from "../facts/period.ts";
import type { Window } from "../facts/period.ts";
import { policyAt } from "./policies.ts";
import { compare, decimal, floor, fraction, multiply, safeInteger } from "../facts/rational.ts";
import type { Stretch } from "../facts/stretches.ts";

const HOUR = fraction(3_600_000n);

export interface OracleExclusion {
  readonly kind: "maintenance" | "unknown";
  readonly node: string;
  readonly maintenanceId?: string;
  readonly from: string;
  readonly to: string;
  readonly ms: number;
  readonly eventIds: readonly string[];
}

export interface OracleAnnouncedLate {
  readonly node: string;
  readonly maintenanceId: string;
  readonly ms: number;
  readonly eventIds: readonly string[];
}

/** What a report excludes from, and by which clock: all that the exclusions of one cluster depend on. */
export interface ExclusionScope {
  readonly facts: readonly OracleFact[];
  readonly nodes: readonly OracleNode[];
  readonly window: Window;
  /** The zone of the policy at the window's start, in which the months are taken. */
  readonly policyZone: string;
  readonly lastRecorded: number;
}

/** The announcements of a stretch's maintenance, the latest recorded last. */
function announcementsOf(scope: ExclusionScope, stretch: Stretch): OracleFact[] {
  return scope.facts
    .filter(
      (fact) =>
        fact.type === "NodeMaintenanceAnnounced" &&
        fact.data.node === stretch.node &&
        fact.data.maintenanceId === stretch.maintenanceId,
    )
    .sort((a, b) => a.recordedAt - b.recordedAt || compareIds(a.id, b.id));
}

/** The announcement that holds: the latest of those that were recorded in time, by the notice of the month of the start. */
function holdingAnnouncement(scope: ExclusionScope, stretch: Stretch): OracleFact | null {
  const month = monthContaining(stretch.from, scope.policyZone);
  const notice = multiply(decimal(policyAt(scope.facts, month).noticeHours), HOUR);
  const inTime = announcementsOf(scope, stretch).filter((announcement) => {
    const planned = milliseconds(announcement.data.plannedFrom);
    const given = Math.min(stretch.from, planned) - announcement.recordedAt;
    return compare(fraction(given), notice) >= 0;
  });
  return inTime.at(-1) ?? null;
}

/** The order in which stretches take from the allowance, and in which they are listed. */
function compareStretches(a: Stretch, b: Stretch): number {
  return a.from - b.from || compareIds(a.startedBy.id, b.startedBy.id);
}

interface PlannedStretch {
  readonly stretch: Stretch;
  readonly node: OracleNode;
  readonly announcement: OracleFact | null;
  readonly planned: Window | null;
}

function plannedStretches(scope: ExclusionScope): PlannedStretch[] {
  return scope.nodes
    .flatMap((node) => node.stretches.map((stretch) => ({ node, stretch })))
    .filter(({ stretch }) => stretch.kind === "maintenance")
    .sort((a, b) => compareStretches(a.stretch, b.stretch))
    .map(({ node, stretch }) => {
      const announcement = holdingAnnouncement(scope, stretch);
      const planned = announcement && {
        from: milliseconds(announcement.data.plannedFrom),
        to: milliseconds(announcement.data.plannedTo),
      };
      return { node, stretch, announcement, planned };
    });
}

/** rules.md, "Exclusions": the states that count as maintenance, by the policy at the start of the instant's month. */
function excludableStates(scope: ExclusionScope, month: Window): readonly NodeState[] {
  const { excludeDownInMaintenance } = policyAt(scope.facts, month);
  return excludeDownInMaintenance ? ["maintenance", "down"] : ["maintenance"];
}

function isExcludable(
  { node, stretch, planned }: PlannedStretch,
  instant: number,
  states: readonly NodeState[],
): boolean {
  return (
    planned !== null &&
    states.some((state) => state === stateAt(node, instant)) &&
    contains(stretch, instant) &&
    contains(planned, instant)
  );
}

/**
 * The maintenance excluded in one month: each stretch, in order, takes its excludable instants of the whole month, first
 * to last, until the month's allowance is used up. Answers what each took inside the window.
 */
function takenInMonth(
  scope: ExclusionScope,
  month: Window,
  stretches: readonly PlannedStretch[],
): Map<Stretch, Window[]> {
  const hours = decimal(policyAt(scope.facts, month).monthlyAllowanceNodeHours);
  let left = safeInteger(floor(multiply(hours, HOUR)));
  const states = excludableStates(scope, month);
  const taken = new Map<Stretch, Window[]>();
  const recorded = { from: month.from, to: Math.min(month.to, scope.lastRecorded) };
  for (const ofNode of stretches) {
    const others = stretches.filter((other) => other.node === ofNode.node);
    const earlier = others.slice(0, others.indexOf(ofNode));
    const edges = others.flatMap((other) =>
      other.planned ? [other.planned.from, other.planned.to] : [],
    );
    const intervals = nodeIntervals(ofNode.node, recorded, [
      ...edges,
      scope.window.from,
      scope.window.to,
    ]);
    for (const interval of intervals) {
      if (!isExcludable(ofNode, interval.from, states)) continue;
      if (earlier.some((other) => isExcludable(other, interval.from, states))) continue;
      const ms = Math.min(left, interval.to - interval.from);
      left -= ms;
      if (ms === 0 || !contains(scope.window, interval.from)) continue;
      const part = { from: interval.from, to: interval.from + ms };
      taken.set(ofNode.stretch, [...(taken.get(ofNode.stretch) ?? []), part]);
    }
  }
  return taken;
}

/** The unknown time that one stretch of lost observation excludes: in the months whose policy says so. */
function unknownParts(scope: ExclusionScope, node: OracleNode, stretch: Stretch): Window[] {
  const months = monthsTouching(scope.window, scope.policyZone);
  const excluding = months.filter((month) => policyAt(scope.facts, month).excludeUnknown);
  return nodeIntervals(
    node,
    scope.window,
    months.map((month) => month.from),
  )
    .filter((interval) => excluding.some((month) => contains(month, interval.from)))
    .filter((interval) => contains(stretch, interval.from))
    .filter((interval) => stateAt(node, interval.from) === "unknown")
    .filter((interval) => overlapMs(interval, scope.window) > 0)
    .map(({ from, to }) => ({
      from: Math.max(from, scope.window.from),
      to: Math.min(to, scope.window.to),
    }));
}

/** Parts of time as a report tells them: where the first begins, where the last ends, and their length in all. */
function told(parts: readonly Window[]): Pick<OracleExclusion, "from" | "to" | "ms"> | null {
  if (parts.length === 0) return null;
  return {
    from: new Date(Math.min(...parts.map(({ from }) => from))).toISOString(),
    to: new Date(Math.max(...parts.map(({ to }) => to))).toISOString(),
    ms: parts.reduce((sum, { from, to }) => sum + to - from, 0),
  };
}

function ends(stretch: Stretch): string[] {
  return [stretch.startedBy.id, ...(stretch.endedBy ? [stretch.endedBy.id] : [])];
}

/** All exclusions of the window, one per stretch, by start and the id of the starting event. */
export function exclusions(scope: ExclusionScope): OracleExclusion[] {
  const planned = plannedStretches(scope);
  const months = monthsTouching(scope.window, scope.policyZone);
  const taken = months.map((month) => takenInMonth(scope, month, planned));
  const maintenance = planned.flatMap(({ stretch, announcement }) => {
    const time = told(taken.flatMap((inMonth) => inMonth.get(stretch) ?? []));
    if (time === null) return [];
    const exclusion: OracleExclusion = {
      kind: "maintenance",
      node: stretch.node,
      maintenanceId: required(stretch.maintenanceId ?? undefined, "maintenanceId"),
      ...time,
      eventIds: [
        ...(announcement ? [announcement.id, ...announcement.amendedBy] : []),
        ...ends(stretch),
      ],
    };
    return [{ stretch, exclusion }];
  });
  const unknown = scope.nodes.flatMap((node) =>
    node.stretches.flatMap((stretch) => {
      const time = stretch.kind === "unknown" ? told(unknownParts(scope, node, stretch)) : null;
      if (time === null) return [];
      const said = { kind: "unknown" as const, node: stretch.node, eventIds: ends(stretch) };
      return [{ stretch, exclusion: { ...said, ...time } }];
    }),
  );
  return [...maintenance, ...unknown]
    .sort((a, b) => compareStretches(a.stretch, b.stretch))
    .map(({ exclusion }) => exclusion);
}

/** The stretches of maintenance that were announced, but never in time. */
export function announcedLate(scope: ExclusionScope): OracleAnnouncedLate[] {
  return plannedStretches(scope)
    .filter(({ announcement }) => announcement === null)
    .flatMap(({ node, stretch }) => {
      const latest = announcementsOf(scope, stretch).at(-1);
      if (!latest) return [];
      const ms = nodeIntervals(node, scope.window)
        .filter((interval) => contains(stretch, interval.from))
        .filter((interval) => stateAt(node, interval.from) === "maintenance")
        .reduce((sum, interval) => sum + interval.to - interval.from, 0);
      const maintenanceId = required(stretch.maintenanceId ?? undefined, "maintenanceId");
      return [{ node: stretch.node, maintenanceId, ms, eventIds: [latest.id, ...ends(stretch)] }];
    })
    .filter(({ ms }) => ms > 0);
}
