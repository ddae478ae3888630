/**
 * The maintenance that may be excluded in the months that a window touches, before the allowance is applied: per
 * interval, with the announcement that holds.
 */
import type { ClusterView } from "../../view.ts";
import { byStart } from "./claim-order.ts";
import {
  clip,
  type Interval,
  subtract,
  touching,
  unionSorted,
} from "../../arithmetic/intervals.ts";
import type { NodeState } from "../../nodes/packed-segments.ts";
import type { Announcement, MaintenanceInterval, NodeTimeline } from "../../nodes/timeline.ts";
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
  /** In the order of their start, then id of the starting event. */
  readonly claims: readonly Claim[];
  readonly late: readonly Late[];
}

/** What the claims of a node depend on, besides its timeline. */
interface Terms {
  /** The whole months. */
  readonly reach: Interval;
  readonly zone: ZoneOffsets;
  /** What the policies say, as text: facts of equal content are the same terms. */
  readonly policies: string;
  readonly notice: (start: number) => number;
  readonly monthsWithDown: readonly Interval[];
}

/** Terms that were used last: the windows of a document, and those of the next position, have the same. */
const lastTerms: Terms[] = [];
const maxKeptTerms = 16;

function termsOf(
  { policies }: ClusterView,
  reach: Interval,
  zone: ZoneOffsets,
  months: readonly MonthTerms[],
): Terms {
  const said = JSON.stringify(policies.map(({ occurredAt, data }) => [occurredAt, data]));
  const before = lastTerms.find(
    (each) =>
      each.zone === zone &&
      each.reach.from === reach.from &&
      each.reach.to === reach.to &&
      each.policies === said,
  );
  if (before !== undefined) return before;
  const monthsWithDown = months.filter(({ policy }) => policy.excludeDownInMaintenance);
  const made: Terms = {
    reach,
    zone,
    policies: said,
    notice: noticeBefore(policies, zone),
    monthsWithDown,
  };
  lastTerms.unshift(made);
  lastTerms.splice(maxKeptTerms);
  return made;
}

interface ClaimsOfNode extends Claims {
  readonly terms: Terms;
  /** Ledger time that cut what had not ended; `null` if all had ended by then: then the claims are the same at any later one. */
  readonly cutAt: number | null;
  /** When the last of them ends, if ledger time does not cut it; -Infinity for none. */
  readonly until: number;
}

/** A timeline never changes, so its claims are the same for every view that has it. */
const known = new WeakMap<NodeTimeline, ClaimsOfNode[]>();
const maxKeptOfNode = 4;

function claimsOfNode(node: NodeTimeline, terms: Terms, headMs: number): ClaimsOfNode {
  const kept = known.get(node);
  const found = kept?.find(
    ({ terms: of, cutAt, until }) =>
      of === terms && (cutAt === headMs || (cutAt === null && until <= headMs)),
  );
  if (found !== undefined) return found;
  const made = claimsMade(node, terms, headMs);
  if (kept === undefined) known.set(node, [made]);
  else {
    kept.unshift(made);
    kept.splice(maxKeptOfNode);
  }
  return made;
}

const none: readonly never[] = [];

function claimsMade(node: NodeTimeline, terms: Terms, headMs: number): ClaimsOfNode {
  const { reach, notice, monthsWithDown } = terms;
  const touched = touching(node.maintenance, reach.from, reach.to);
  if (touched.length === 0)
    return { terms, cutAt: null, until: -Infinity, claims: none, late: none };
  const claims: Claim[] = [];
  const late: Late[] = [];
  let until = -Infinity;
  let taken: Interval[] = [];
  for (const interval of touched) {
    const latest = interval.announcements.at(-1);
    if (latest === undefined) continue;
    const announcement = announcementThatHolds(interval, notice(interval.from));
    if (announcement === null) {
      late.push({ node, interval, latest });
      continue;
    }
    const from = Math.max(interval.from, announcement.plannedFrom, reach.from);
    const end = Math.min(interval.to, announcement.plannedTo, reach.to);
    until = Math.max(until, end);
    // Intervals come by their start, so what ended before this one can meet none of the rest.
    taken = taken.filter((each) => each.to > interval.from);
    const to = Math.min(end, headMs);
    const instants = subtract(excludableTime(node, from, to, monthsWithDown), taken);
    if (instants.length === 0) continue;
    taken = unionSorted([...taken, ...instants].sort((a, b) => a.from - b.from));
    claims.push({ interval, announcement, instants });
  }
  return { terms, cutAt: headMs < until ? headMs : null, until, claims, late };
}

/** The claims that were computed last for a view: the windows of one document touch the same months. */
const lastClaims = new WeakMap<ClusterView, { readonly terms: Terms; readonly found: Claims }>();

export function claimsOf(
  view: ClusterView,
  reach: Interval,
  zone: ZoneOffsets,
  months: readonly MonthTerms[],
): Claims {
  const terms = termsOf(view, reach, zone, months);
  const last = lastClaims.get(view);
  if (last?.terms === terms) return last.found;
  const found = claimsIn(view, terms);
  lastClaims.set(view, { terms, found });
  return found;
}

/** The claims of all nodes, as they were put together last for some terms: while those of each node are the same, so are these. */
interface ClaimsOfNodes extends Claims {
  readonly ofNodes: readonly ClaimsOfNode[];
}

/** Held only as long as somebody else holds them, or until memory is collected: they hold timelines. */
const together = new WeakMap<Terms, WeakRef<ClaimsOfNodes>>();

function claimsIn(view: ClusterView, terms: Terms): Claims {
  const headMs = view.headRecordedAt ?? -Infinity;
  const ofNodes = Array.from(view.entities("node"), (node) => claimsOfNode(node, terms, headMs));
  const last = together.get(terms)?.deref();
  if (last !== undefined && isSame(last.ofNodes, ofNodes)) return last;
  const claims: Claim[] = [];
  const late: Late[] = [];
  for (const each of ofNodes) {
    for (const claim of each.claims) claims.push(claim);
    for (const found of each.late) late.push(found);
  }
  const made = { ofNodes, claims: byStart(claims), late };
  together.set(terms, new WeakRef(made));
  return made;
}

function isSame(a: readonly ClaimsOfNode[], b: readonly ClaimsOfNode[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

/** Computes the claims of one node after another, so that `claimsOf` finds them made: a fleet's take long the first time. */
export function* claimsInSteps(
  view: ClusterView,
  reach: Interval,
  zone: ZoneOffsets,
  months: readonly MonthTerms[],
): Generator<undefined, void> {
  const terms = termsOf(view, reach, zone, months);
  const headMs = view.headRecordedAt ?? -Infinity;
  let done = 0;
  for (const node of view.entities("node")) {
    claimsOfNode(node, terms, headMs);
    if (++done % 64 === 0) yield;
  }
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
  node.segments.eachIn({ from, to }, (each, begin, end) => {
    if (each === state) time.push({ from: Math.max(begin, from), to: Math.min(end, to) });
  });
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
