/** What the policy excludes from a window's member node-time, interval by interval, and what was announced too late. */
import { at } from "../../arithmetic/invariants.ts";
import type { ClusterView } from "../../view.ts";
import {
  type Claim,
  claimsInSteps,
  claimsOf,
  type Late,
  maintenanceTime,
  type MonthTerms,
} from "./exclusion-claims.ts";
import { type Interval, clip, length, touching, unionSorted } from "../../arithmetic/intervals.ts";
import type { MaintenanceInterval, NodeTimeline, UnknownInterval } from "../../nodes/timeline.ts";
import { monthsTouching } from "../../time/period.ts";
import { type Granted, grantedOf } from "./granted.ts";
import { asPolicy, policyFactOf, type PolicyFact } from "./policy.ts";
import { exact } from "../../arithmetic/ratio.ts";
import type { ZoneOffsets } from "../../time/zone-table.ts";

/** Excluded node-time of one interval within the window. */
export interface Exclusion {
  readonly kind: "maintenance" | "unknown";
  readonly node: string;
  readonly maintenanceId: string | null;
  /**
   * From the first excluded instant within the window to the end of the last one. Not all of the time in between need
   * be excluded.
   */
  readonly from: number;
  readonly to: number;
  readonly ms: number;
  /** Announcement and its amendments, start, end. */
  readonly eventIds: readonly string[];
}

/** An interval of maintenance whose announcements were all too late. */
export interface AnnouncedLate {
  readonly node: string;
  readonly maintenanceId: string;
  readonly from: number;
  readonly ms: number;
  readonly eventIds: readonly string[];
}

export interface Exclusions {
  /** By start, then id of the starting event; only those with time in the window. */
  readonly exclusions: readonly Exclusion[];
  readonly announcedLate: readonly AnnouncedLate[];
  readonly excludedNodeMs: number;
  /** The policies of the calendar months that touch the window, by time; `null` for the default. */
  readonly monthPolicies: readonly (PolicyFact | null)[];
}

/**
 * The exclusions of the window, each under the policy at its month's start; `zone` is that of the policy at the
 * window's start.
 */
export function exclusionsIn(view: ClusterView, window: Interval, zone: ZoneOffsets): Exclusions {
  const { months, monthPolicies } = monthsOf(view, window, zone);
  const { claims, late } = claimsOf(view, reachOf(months, window), zone, months);
  const announcedLate = late.flatMap((each) => lateIn(each, window));
  const found: Started<Exclusion>[] = [];
  grantedIn(grantedOf(claims, months), window, ({ interval, announcement }, time) => {
    const { id, amendedBy } = announcement;
    found.push(exclusionOf(interval, [id, ...amendedBy], time));
  });
  for (const node of view.entities("node")) {
    for (const interval of touching(node.unknown, window.from, window.to)) {
      const time = unknownTime(node, interval, months, window);
      if (time !== null) found.push(exclusionOf(interval, [], time));
    }
  }
  const exclusions = byStart(found);
  let excludedNodeMs = 0;
  for (const { ms } of exclusions)
    excludedNodeMs = exact(excludedNodeMs + ms, "excluded node-time");
  return { exclusions, announcedLate: byStart(announcedLate), excludedNodeMs, monthPolicies };
}

/** Calls `onExcluded` with each excluded part of a node's time in the window; the list of exclusions costs several times as much. */
export function excludedParts(
  view: ClusterView,
  window: Interval,
  zone: ZoneOffsets,
  onExcluded: (from: number, to: number) => void,
): void {
  const { months } = monthsOf(view, window, zone);
  const { claims } = claimsOf(view, reachOf(months, window), zone, months);
  for (const part of grantedOf(claims, months)) {
    const [from, to] = [Math.max(part.from, window.from), Math.min(part.to, window.to)];
    if (from < to) onExcluded(from, to);
  }
  const unknownCounts = months.filter(({ policy }) => policy.excludeUnknown);
  const spans = clip(unionSorted(unknownCounts), window.from, window.to);
  if (spans.length === 0) return;
  // Nobody is unobserved twice at a time, so each unknown segment is excluded once.
  for (const { segments } of view.entities("node"))
    for (const span of spans)
      segments.eachIn(span, (state, from, to) => {
        if (state === "unknown") onExcluded(Math.max(from, span.from), Math.min(to, span.to));
      });
}

function monthsOf(view: ClusterView, window: Interval, zone: ZoneOffsets) {
  const windows = monthsTouching(window, zone);
  const monthPolicies = windows.map((month) => policyFactOf(view.policies, month));
  const months = windows.map((month, i): MonthTerms => {
    return { ...month, policy: asPolicy(at(monthPolicies, i)) };
  });
  return { months, monthPolicies };
}

function reachOf(months: readonly Interval[], window: Interval): Interval {
  return { from: months[0]?.from ?? window.from, to: months.at(-1)?.to ?? window.to };
}

/** Prepares what is excluded from the window a few nodes at a time, for callers that must not take long at once. */
export function* exclusionsInSteps(
  view: ClusterView,
  window: Interval,
  zone: ZoneOffsets,
): Generator<undefined, void> {
  const { months } = monthsOf(view, window, zone);
  yield* claimsInSteps(view, reachOf(months, window), zone, months);
}

/** The window that exclusions are computed in: every calendar month that the given one touches. */
export function monthsAround(window: Interval, zone: ZoneOffsets): Interval {
  return reachOf(monthsTouching(window, zone), window);
}

/** A value with the start of its interval and the event that started it. */
interface Started<T> {
  readonly start: number;
  readonly startId: string;
  readonly value: T;
}

function byStart<T>(list: Started<T>[]): T[] {
  list.sort(
    (a, b) => a.start - b.start || (a.startId < b.startId ? -1 : a.startId > b.startId ? 1 : 0),
  );
  return list.map((each) => each.value);
}

/** The interval that was announced too late, with its time in the window; empty if it has none there. */
function lateIn({ node, interval, latest }: Late, window: Interval): Started<AnnouncedLate>[] {
  const time = maintenanceTime(
    node,
    Math.max(interval.from, window.from),
    Math.min(interval.to, window.to),
  );
  const eventIds = [
    latest.id,
    interval.startId,
    ...(interval.endId === null ? [] : [interval.endId]),
  ];
  const ms = length(time);
  if (ms === 0) return [];
  const { maintenanceId, from, startId } = interval;
  return [{ start: from, startId, value: { node: node.node, maintenanceId, from, ms, eventIds } }];
}

/** Calls `onGranted` with the time that each claim is granted in the window, if it has any. */
function grantedIn(
  granted: readonly Granted[],
  window: Interval,
  onGranted: (claim: Claim, time: ExcludedTime) => void,
): void {
  for (let i = 0; i < granted.length;) {
    const { claim } = at(granted, i);
    let time: ExcludedTime | null = null;
    for (; i < granted.length && at(granted, i).claim === claim; i++) {
      const { from, to } = at(granted, i);
      time = withPart(time, Math.max(from, window.from), Math.min(to, window.to));
    }
    if (time !== null) onGranted(claim, time);
  }
}

/** The excluded time of an interval within the window: its length, and its first and last instant. */
type ExcludedTime = Pick<Exclusion, "from" | "to" | "ms">;

/** Adds one more part, which is later than those before it, unless it is empty. */
function withPart(time: ExcludedTime | null, from: number, to: number): ExcludedTime | null {
  if (from >= to) return time;
  return { from: time?.from ?? from, to, ms: (time?.ms ?? 0) + to - from };
}

/** `announced` are the announcement that holds and its amendments. */
function exclusionOf(
  interval: MaintenanceInterval | UnknownInterval,
  announced: readonly string[],
  time: ExcludedTime,
): Started<Exclusion> {
  const { node, from: start, startId, endId } = interval;
  const maintenanceId = "maintenanceId" in interval ? interval.maintenanceId : null;
  const kind = maintenanceId === null ? "unknown" : "maintenance";
  const eventIds = [...announced, startId, ...(endId === null ? [] : [endId])];
  return { start, startId, value: { kind, node, maintenanceId, ...time, eventIds } };
}

/**
 * The time of the interval within the window at which the node's state is unknown, in months whose policy excludes
 * that.
 */
function unknownTime(
  node: NodeTimeline,
  interval: UnknownInterval,
  months: readonly MonthTerms[],
  window: Interval,
): ExcludedTime | null {
  let time: ExcludedTime | null = null;
  for (const month of months) {
    if (!month.policy.excludeUnknown) continue;
    const from = Math.max(interval.from, window.from, month.from);
    const to = Math.min(interval.to, window.to, month.to);
    if (from >= to) continue;
    node.segments.eachIn({ from, to }, (state, begin, end) => {
      if (state === "unknown") time = withPart(time, Math.max(begin, from), Math.min(end, to));
    });
  }
  return time;
}
