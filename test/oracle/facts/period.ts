import { IANAZone } from "luxon";
import { OracleRefusal, instantText, milliseconds } from "./oracle-event.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;

/** A window of time, half-open, in milliseconds since 1970. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export function zoneNamed(name: string): IANAZone {
  if (!IANAZone.isValidZone(name)) throw new OracleRefusal(`unknown zone ${name}`);
  return IANAZone.create(name);
}

const starts = new Map<string, number>();

/**
 * The first instant at which the clocks of a zone show `wall` or later, having shown less just before it. `wall` is a
 * local time written as if it were UTC. It is either an instant that shows it, the first if there are two, or the end of
 * the gap in which it lies.
 */
export function firstInstantShowing(wall: number, zoneName: string): number {
  const key = `${zoneName} ${wall}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const zone = zoneNamed(zoneName);
  const shown = (instant: number): number => instant + zone.offset(instant) * MINUTE;
  const candidates: number[] = [];
  for (let instant = wall - 30 * HOUR; instant <= wall + 30 * HOUR; instant += HOUR) {
    const exact = wall - zone.offset(instant) * MINUTE;
    if (shown(exact) === wall) candidates.push(exact);
    if (zone.offset(instant) === zone.offset(instant + HOUR)) continue;
    const change = offsetChange(zone, instant, instant + HOUR);
    if (shown(change) >= wall && shown(change - 1) < wall) candidates.push(change);
  }
  const first = Math.min(...candidates);
  starts.set(key, first);
  return first;
}

/** The instant in (before, after] at which the offset becomes that of `after`. */
function offsetChange(zone: IANAZone, before: number, after: number): number {
  let [old, fresh] = [before, after];
  while (fresh - old > 1) {
    const middle = Math.floor((old + fresh) / 2);
    if (zone.offset(middle) === zone.offset(after)) fresh = middle;
    else old = middle;
  }
  return fresh;
}

/** The calendar's edges of a period as local times written as if they were UTC; null for FROM/TO. */
function wallEdges(label: string): Window | null {
  const match = /^(\d{4})(?:-Q([1-4])|-(\d{2})(?:-(\d{2}))?)?$/.exec(label);
  if (!match) return null;
  const year = Number(match[1]);
  const date = (month: number, day: number, plusYears = 0): number =>
    Date.UTC(year + plusYears, month, day);
  const [, , quarter, month, day] = match;
  if (quarter !== undefined) {
    const first = (Number(quarter) - 1) * 3;
    return { from: date(first, 1), to: date(first + 3, 1) };
  }
  if (month === undefined) return { from: date(0, 1), to: date(0, 1, 1) };
  const first = Number(month) - 1;
  if (first < 0 || first > 11) throw new OracleRefusal(`no such month: ${label}`);
  if (day === undefined) return { from: date(first, 1), to: date(first + 1, 1) };
  const from = date(first, Number(day));
  if (new Date(from).getUTCMonth() !== first) throw new OracleRefusal(`no such day: ${label}`);
  return { from, to: date(first, Number(day) + 1) };
}

/** The whole window of a period in a zone; a period that the zone skips, or that is empty, is refused. */
export function wholePeriod(label: string, zoneName: string): Window {
  zoneNamed(zoneName);
  const edges = wallEdges(label);
  const [from, to] = edges
    ? [firstInstantShowing(edges.from, zoneName), firstInstantShowing(edges.to, zoneName)]
    : spanEdges(label);
  if (from >= to) throw new OracleRefusal(`the period ${label} has no instant in ${zoneName}`);
  return { from, to };
}

function spanEdges(label: string): [number, number] {
  const parts = label.split("/");
  if (parts.length !== 2) throw new OracleRefusal(`not a period: ${label}`);
  return [milliseconds(parts[0]), milliseconds(parts[1])];
}

/** A period that is not over when the last event was recorded is cut there; if it has not begun by then, it is refused. */
export function cutAtLastRecorded(
  whole: Window,
  lastRecorded: number,
): Window & { complete: boolean } {
  if (whole.from >= lastRecorded) {
    throw new OracleRefusal(`the period has not begun at ${instantText(lastRecorded)}`);
  }
  return {
    from: whole.from,
    to: Math.min(whole.to, lastRecorded),
    complete: whole.to <= lastRecorded,
  };
}

/** A calendar month of a zone. */
export function monthContaining(instant: number, zoneName: string): Window {
  const local = new Date(instant + zoneNamed(zoneName).offset(instant) * MINUTE);
  const edge = (months: number): number =>
    firstInstantShowing(
      Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, 1),
      zoneName,
    );
  // Clocks that go back over a month's first midnight show the old month once more in the new one.
  return instant < edge(1) ? { from: edge(0), to: edge(1) } : { from: edge(1), to: edge(2) };
}

/** The calendar months that a window touches, in order. */
export function monthsTouching(window: Window, zoneName: string): Window[] {
  const months: Window[] = [];
  for (
    let month = monthContaining(window.from, zoneName);
    month.from < window.to;
    month = monthContaining(month.to, zoneName)
  ) {
    months.push(month);
  }
  return months;
}

/** The part of [from, to) that lies in a window, in milliseconds. */
export function overlapMs(span: Window, window: Window): number {
  return Math.max(0, Math.min(span.to, window.to) - Math.max(span.from, window.from));
}

export function contains(window: Window, instant: number): boolean {
  return window.from <= instant && instant < window.to;
}
