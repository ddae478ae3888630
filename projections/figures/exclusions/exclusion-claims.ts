/**
 * The maintenance that may be excluded in the months that a window touches, before the allowance is applied: per
 * interval, with the announcement that holds.
 */
import type { ClusterView } from "../../view.ts";
import {
  clip,
  firstEndingAfter,
  type Interval,
  subtract,
  touching,
  unionSorted,
} from "../../arithmetic/intervals.ts";
import type {
  Announcement,
  MaintenanceInterval,
  NodeState,
  NodeTimeline,
} from "../../nodes/timeline.ts";
import { monthOf } from "../../time/period.ts";
import { asPolicy, type Policy, policyFactOf, type PolicyFact } from "./policy.ts";
import { hoursToMsCeiling } from "../../arithmetic/ratio.ts";
import type { ZoneOffsets } from "../../time/zone-table.ts";

/** A calendar month with the policy in force at its start. */
export interface MonthTerms extends Interval {
  readonly policy: Policy;
}

/** The excludable instants of an interval, before the allowance. */
export interface Claim {
  readonly interval: MaintenanceInterval;
  readonly announcement: Announcement;
  readonly instants: readonly Interval[];
}

/**
 * The required notice in milliseconds for an interval that starts at an instant: that of the policy at the start of its
 * month.
 */
function noticeBefore(
  policies: readonly PolicyFact[],
  zone: ZoneOffsets,
): (start: number) => number {
  const known: (Interval & { readonly noticeMs: number })[] = [];
  return (start) => {
    for (const { from, to, noticeMs } of known) if (from <= start && start < to) return noticeMs;
    const month = monthOf(start, zone);
    const noticeMs = hoursToMsCeiling(asPolicy(policyFactOf(policies, month)).noticeHours);
    known.push({ ...month, noticeMs });
    return noticeMs;
  };
}

/** An interval that was announced too late, and the latest announcement. */
export interface Late {
  readonly node: NodeTimeline;
  readonly interval: MaintenanceInterval;
  readonly latest: Announcement;
}

/** The claims of whole months, the same for every window that touches these months. */
interface Claims {
  readonly reach: Interval;
  readonly zone: ZoneOffsets;
  /** In the order of their start, then id of the starting event. */
  readonly claims: readonly Claim[];
  readonly late: readonly Late[];
}

/** The claims that were computed last for a view: the windows of one document touch the same months. */
const lastClaims = new WeakMap<ClusterView, Claims>();

export function claimsOf(
  view: ClusterView,
  reach: Interval,
  zone: ZoneOffsets,
  months: readonly MonthTerms[],
): Claims {
  const last = lastClaims.get(view);
  const isSame =
    last !== undefined &&
    last.zone === zone &&
    last.reach.from === reach.from &&
    last.reach.to === reach.to;
  if (isSame) return last;
  const made = claimsIn(view, reach, zone, months);
  lastClaims.set(view, made);
  return made;
}

function claimsIn(
  view: ClusterView,
  reach: Interval,
  zone: ZoneOffsets,
  months: readonly MonthTerms[],
): Claims {
  const headMs = view.headRecordedAt ?? -Infinity;
  const notice = noticeBefore(view.policies, zone);
  const withDown = months.filter(({ policy }) => policy.excludeDownInMaintenance);
  const claims: Claim[] = [];
  const announcedLate: Late[] = [];
  for (const node of view.entities("node")) {
    let taken: Interval[] = [];
    for (const interval of touching(node.maintenance, reach.from, reach.to)) {
      const latest = interval.announcements.at(-1);
      if (latest === undefined) continue;
      const announcement = announcementThatHolds(interval, notice(interval.from));
      if (announcement === null) {
        announcedLate.push({ node, interval, latest });
        continue;
      }
      const from = Math.max(interval.from, announcement.plannedFrom, reach.from);
      const to = Math.min(interval.to, announcement.plannedTo, reach.to, headMs);
      // Intervals come by their start, so what ended before this one can meet none of the rest.
      taken = taken.filter((each) => each.to > interval.from);
      const instants = subtract(excludableTime(node, from, to, withDown), taken);
      if (instants.length === 0) continue;
      taken = unionSorted([...taken, ...instants].sort((a, b) => a.from - b.from));
      claims.push({ interval, announcement, instants });
    }
  }
  claims.sort(
    ({ interval: a }, { interval: b }) =>
      a.from - b.from || (a.startId < b.startId ? -1 : a.startId > b.startId ? 1 : 0),
  );
  return { reach, zone, claims, late: announcedLate };
}

/** The latest announcement recorded in time; those recorded later change nothing. */
function announcementThatHolds(
  interval: MaintenanceInterval,
  noticeMs: number,
): Announcement | null {
  const inTime = (each: Announcement) =>
    each.recordedAt <= Math.min(interval.from, each.plannedFrom) - noticeMs;
  return interval.announcements.findLast(inTime) ?? null;
}

/** The time in `[from, to)` at which the node's state is maintenance. */
export function maintenanceTime(node: NodeTimeline, from: number, to: number): Interval[] {
  return timeInState(node, "maintenance", from, to);
}

function timeInState(node: NodeTimeline, state: NodeState, from: number, to: number): Interval[] {
  if (from >= to) return [];
  const time: Interval[] = [];
  for (let i = firstEndingAfter(node.segments, from); i < node.segments.length; i++) {
    const segment = node.segments[i];
    if (segment === undefined || segment.from >= to) break;
    if (segment.state !== state) continue;
    const [begin, end] = [Math.max(segment.from, from), Math.min(segment.to, to)];
    if (begin < end) time.push({ from: begin, to: end });
  }
  return time;
}

/**
 * The time in `[from, to)` at which the node is in maintenance, or is down in a month whose policy excludes that too;
 * sorted. To a monitor, a node that reboots inside its announced window looks failed.
 */
function excludableTime(
  node: NodeTimeline,
  from: number,
  to: number,
  monthsWithDown: readonly Interval[],
): Interval[] {
  const maintenance = maintenanceTime(node, from, to);
  if (monthsWithDown.length === 0) return maintenance;
  const down = timeInState(node, "down", from, to);
  const counted = monthsWithDown.flatMap((month) => clip(down, month.from, month.to));
  return [...maintenance, ...counted].sort((a, b) => a.from - b.from);
}
