/** Weeks as rows and days as columns: where boxes lie in each week, on lanes of their own where they overlap. */
import { firstInstantAtOrAfterLocal, offsetMsAt } from "../../../projections/time/zone-table.ts";
import type { ZoneOffsets } from "../../../projections/time/zone-table.ts";
import type { Span } from "./scale.ts";
import { share } from "./scale.ts";

const dayMs = 86_400_000;
const weekDays = 7;

export interface Week extends Span {
  /** Starts of its days, and its end. */
  readonly days: readonly number[];
}

/** Whole weeks, which begin on Mondays of the zone, from `past` weeks before that of `at` to `next` weeks after it. */
export function weeksAround(
  at: number,
  zone: ZoneOffsets,
  { past, next }: { readonly past: number; readonly next: number },
): readonly Week[] {
  const local = new Date(at + offsetMsAt(zone, at));
  const sinceMonday = (local.getUTCDay() + 6) % weekDays;
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
  const monday = midnight - sinceMonday * dayMs;
  return Array.from({ length: past + 1 + next }, (_, i) => {
    const start = monday + (i - past) * weekDays * dayMs;
    const days = Array.from({ length: weekDays + 1 }, (_day, day) =>
      firstInstantAtOrAfterLocal(zone, start + day * dayMs),
    );
    return { from: days[0] ?? start, to: days[weekDays] ?? start, days };
  });
}

/** Where an instant lies in the week, in percent: each day has the same width, however long it is. */
export function shareOfWeek(at: number, { days }: Week): number {
  const found = days.findLastIndex((start) => start <= at);
  if (found < 0) return 0;
  const [from, to] = [days[found], days[found + 1]];
  if (from === undefined || to === undefined) return 100;
  return (found * 100 + share(at, { from, to })) / weekDays;
}

/** The lane of each span, the first that is free at its start; `spans` must be ordered by `from`. */
export function lanesOf(spans: readonly Span[]): readonly number[] {
  const ends: number[] = [];
  return spans.map(({ from, to }) => {
    const free = ends.findIndex((end) => end <= from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = to;
    return lane;
  });
}
