/**
 * The maintenance that may be excluded in the months that a window touches, before the allowance is applied: per
 * interval, with the announcement that holds.
 */
import { at, doubleAt } from "../../arithmetic/invariants.ts";
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

/** An interval of maintenance that was announced in time. */
export interface Claim {
  readonly interval: MaintenanceInterval;
  readonly announcement: Announcement;
  /**
   * Its excludable instants, before the allowance. Claims are asked in their order: what an earlier one of the node has
   * taken is not this one's. One may be passed over if nothing in its months can be granted any more.
   */
  readonly instants: () => readonly Interval[];
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
  const starts: number[] = [];
  const announcedLate: Late[] = [];
  for (const node of view.entities("node")) {
    const taken: Taken = { instants: [] };
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
      if (from >= to) continue;
      const within = { from, to };
      starts.push(interval.from);
      claims.push({
        interval,
        announcement,
        instants: once(() => takenBy(node, interval, within, withDown, taken)),
      });
    }
  }
  return { reach, zone, claims: byStart(claims, starts), late: announcedLate };
}

/**
 * By start, then id of the starting event. A large fleet has a hundred thousand claims in a quarter: start and index are
 * sorted as one number, which costs a fraction of comparing the claims.
 */
function byStart(claims: readonly Claim[], starts: readonly number[]): Claim[] {
  const count = claims.length;
  let [first, last] = [Infinity, -Infinity];
  for (const start of starts) {
    first = Math.min(first, start);
    last = Math.max(last, start);
  }
  if (!Number.isSafeInteger((last - first + 1) * count)) return claims.toSorted(compareStarts);
  const keys = Float64Array.from(starts, (start, i) => (start - first) * count + i).sort();
  const startOf = (i: number) => Math.floor(doubleAt(keys, i) / count);
  const sorted = Array.from(keys, (key) => at(claims, key % count));
  for (let i = 0; i < count;) {
    let end = i + 1;
    while (end < count && startOf(end) === startOf(i)) end++;
    const together = end > i + 1 ? sorted.slice(i, end).sort(compareStarts) : [];
    for (const [j, claim] of together.entries()) sorted[i + j] = claim;
    i = end;
  }
  return sorted;
}

function compareStarts({ interval: a }: Claim, { interval: b }: Claim): number {
  return a.from - b.from || (a.startId < b.startId ? -1 : a.startId > b.startId ? 1 : 0);
}

/** The instants that the claims of a node so far have taken. */
interface Taken {
  instants: Interval[];
}

function takenBy(
  node: NodeTimeline,
  interval: MaintenanceInterval,
  { from, to }: Interval,
  monthsWithDown: readonly Interval[],
  taken: Taken,
): readonly Interval[] {
  // Intervals come by their start, so what ended before this one can meet none of the rest.
  const before = taken.instants.filter((each) => each.to > interval.from);
  const own = subtract(excludableTime(node, from, to, monthsWithDown), before);
  taken.instants = unionSorted([...before, ...own].sort((a, b) => a.from - b.from));
  return own;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
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
