/** Periods of the calendar, resolved in a time zone: years, quarters, months, ISO weeks, days, and windows between two instants. */
import type { Interval } from "../arithmetic/intervals.ts";
import { parseAnyInstant } from "./instant.ts";
import { RefusedRequest } from "./refused-request.ts";
import {
  firstInstantAtOrAfterLocal,
  offsetMsAt,
  type ZoneOffsets,
  type ZoneTable,
} from "./zone-table.ts";

/** A calendar period in local time, written as if it were UTC; or a window between two instants. */
type Period = ({ readonly kind: "local" } & Interval) | ({ readonly kind: "instants" } & Interval);

/** Reads `2026`, `2026-Q1`, `2026-03`, `2026-W12`, `2026-03-10` or `FROM/TO`. Throws RefusedRequest for anything else. */
export function parsePeriod(text: string): Period {
  const period = parseWindow(text) ?? parseCalendarPeriod(text) ?? parseWeek(text);
  if (period === null) {
    throw new RefusedRequest(
      "malformed-period",
      "period",
      `unknown period "${text}". A period is one of 2026, 2026-Q1, 2026-03, 2026-W12, 2026-03-10, FROM/TO (two instants with offset, the first before the second), last-month, this-month and P30D (P1D to P9999D)`,
    );
  }
  return period;
}

function parseWindow(text: string): Period | null {
  const parts = text.split("/");
  if (parts.length !== 2) return null;
  const from = parseAnyInstant(parts[0] ?? "");
  const to = parseAnyInstant(parts[1] ?? "");
  return from === null || to === null || from >= to ? null : { kind: "instants", from, to };
}

function parseCalendarPeriod(text: string): Period | null {
  const match = /^(\d{4})(?:-Q([1-4])|-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (match === null) return null;
  const year = Number(match[1]);
  const [, , quarter, month, day] = match;
  if (year < 1) return null;
  if (quarter !== undefined)
    return localPeriod([year, Number(quarter) * 3 - 3, 1], [year, Number(quarter) * 3, 1]);
  if (month === undefined) return localPeriod([year, 0, 1], [year + 1, 0, 1]);
  if (Number(month) < 1 || Number(month) > 12) return null;
  if (day === undefined) return localPeriod([year, Number(month) - 1, 1], [year, Number(month), 1]);
  const begin = new Date(localDate(year, Number(month) - 1, Number(day)));
  if (begin.getUTCMonth() !== Number(month) - 1 || begin.getUTCDate() !== Number(day)) return null;
  return localPeriod(
    [year, Number(month) - 1, Number(day)],
    [year, Number(month) - 1, Number(day) + 1],
  );
}

/** A week of ISO 8601: it begins on Monday and belongs to the year that its Thursday lies in. */
function parseWeek(text: string): Period | null {
  const match = /^(\d{4})-W(\d{2})$/.exec(text);
  if (match === null) return null;
  const [year, week] = [Number(match[1]), Number(match[2])];
  // 4 January is always in week 1.
  const fourth = new Date(localDate(year, 0, 4));
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7) + 7 * (week - 1);
  const thursday = new Date(localDate(year, 0, monday + 3));
  if (year < 1 || week < 1 || thursday.getUTCFullYear() !== year) return null;
  return localPeriod([year, 0, monday], [year, 0, monday + 7]);
}

type YearMonthDay = readonly [year: number, month: number, day: number];

function localPeriod(from: YearMonthDay, to: YearMonthDay): Period {
  return { kind: "local", from: localDate(...from), to: localDate(...to) };
}

/**
 * Midnight of a day, as if it were UTC. Months count from 0; days and months may overflow. Years below 100 are taken
 * literally.
 */
function localDate(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

/** The zone of that name. Throws RefusedRequest if the table has none. */
export function zoneNamed(name: string, zones: ZoneTable): ZoneOffsets {
  const zone = zones.zone(name);
  if (zone === null)
    throw new RefusedRequest("unknown-zone", "zone", `unknown IANA time zone "${name}"`);
  return zone;
}

/**
 * The instants of a period. A calendar period begins at its first existing instant in the zone and ends where the next
 * one begins. Throws RefusedRequest if the zone skips it entirely.
 */
export function resolvePeriod(period: Period, zone: ZoneOffsets, text: string): Interval {
  if (period.kind === "instants") return { from: period.from, to: period.to };
  const from = firstInstantAtOrAfterLocal(zone, period.from);
  const to = firstInstantAtOrAfterLocal(zone, period.to);
  if (from >= to) {
    throw new RefusedRequest(
      "period-skipped",
      "period",
      `the period ${text} does not exist in its time zone`,
    );
  }
  return { from, to };
}

/** A period cut at the last instant that the ledger knows of. Throws RefusedRequest if the period has not begun by then. */
export function cutPeriod(
  window: Interval,
  headRecordedAt: number | null,
  text: string,
): Interval & { readonly complete: boolean } {
  const head = headRecordedAt ?? -Infinity;
  if (window.to <= head) return { ...window, complete: true };
  if (head <= window.from) {
    throw new RefusedRequest(
      "period-not-begun",
      "period",
      `the period ${text} had not started at this position of the ledger`,
    );
  }
  return { from: window.from, to: head, complete: false };
}

/** The calendar month of a zone that contains the instant. */
export function monthOf(instant: number, zone: ZoneOffsets): Interval {
  const local = new Date(instant + offsetMsAt(zone, instant));
  const year = local.getUTCFullYear();
  // Where clocks go back over a month's first midnight, the local time alone may name the month before.
  for (let month = local.getUTCMonth() + 1; ; month--) {
    const from = firstInstantAtOrAfterLocal(zone, localDate(year, month, 1));
    if (from <= instant)
      return { from, to: firstInstantAtOrAfterLocal(zone, localDate(year, month + 1, 1)) };
  }
}

/** The last `days` whole calendar days of a zone, up to the last midnight at or before the instant. */
export function daysBefore(instant: number, days: number, zone: ZoneOffsets): Interval {
  const local = new Date(instant + offsetMsAt(zone, instant));
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()];
  // Where clocks go back over midnight, the local time alone may name the day after.
  for (let day = local.getUTCDate(); ; day--) {
    const to = firstInstantAtOrAfterLocal(zone, localDate(year, month, day));
    if (to <= instant)
      return { from: firstInstantAtOrAfterLocal(zone, localDate(year, month, day - days)), to };
  }
}

/** The calendar months of a zone that touch the window, by time. */
export function monthsTouching(window: Interval, zone: ZoneOffsets): Interval[] {
  const months: Interval[] = [];
  for (
    let month = monthOf(window.from, zone);
    month.from < window.to;
    month = monthOf(month.to, zone)
  )
    months.push(month);
  return months;
}
