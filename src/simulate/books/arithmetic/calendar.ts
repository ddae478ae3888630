/** Calendar months and quarters in a zone. */
import { at } from "../../../../projections/arithmetic/invariants.ts";
import { zoneTransitions } from "../../../zones/zones.ts";
import type { Interval } from "../../setting/history.ts";

interface LabelledPeriod extends Interval {
  readonly label: string;
}

/** The first instant at which the zone's clocks show the local time (written as if it were UTC) or later. */
function firstInstant(zone: string, localMs: number): number {
  const table = zoneTransitions(zone);
  if (table === null) throw new RangeError(`no zone is called "${zone}"`);
  const { untilsMs, offsetsMs } = table;
  const offsetAt = (instant: number) => {
    const index = untilsMs.findIndex((until) => instant < until);
    return at(offsetsMs, index < 0 ? offsetsMs.length - 1 : index);
  };
  const candidates = [...offsetsMs.map((offset) => localMs - offset), ...untilsMs];
  const fitting = candidates.filter(
    (instant) => Number.isFinite(instant) && instant + offsetAt(instant) >= localMs,
  );
  return Math.min(...fitting.filter((instant) => Math.abs(instant - localMs) < 3 * 86_400_000));
}

/** Looked up for every interval of every node, so each is worked out once. */
const known = new Map<string, Interval>();

function months(zone: string, year: number, month: number, count: number): Interval {
  const key = `${zone} ${year} ${month} ${count}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const from = firstInstant(zone, Date.UTC(year, month, 1));
  const period = { from, to: firstInstant(zone, Date.UTC(year, month + count, 1)) };
  known.set(key, period);
  return period;
}

/** The calendar months of the zone that share time with the window, by time. */
export function monthsOf(zone: string, window: Interval): LabelledPeriod[] {
  return stepping(
    zone,
    window,
    1,
    (year, month) => `${year}-${String(month + 1).padStart(2, "0")}`,
  );
}

export function quartersOf(zone: string, window: Interval): LabelledPeriod[] {
  return stepping(zone, window, 3, (year, month) => `${year}-Q${month / 3 + 1}`);
}

function stepping(
  zone: string,
  window: Interval,
  count: number,
  label: (year: number, month: number) => string,
): LabelledPeriod[] {
  const periods: LabelledPeriod[] = [];
  const first = new Date(window.from - 40 * 86_400_000);
  let index = Math.floor(first.getUTCMonth() / count) * count;
  for (; ; index += count) {
    const year = first.getUTCFullYear() + Math.floor(index / 12);
    const period = months(zone, year, index % 12, count);
    if (period.from >= window.to) return periods;
    if (period.to > window.from) periods.push({ label: label(year, index % 12), ...period });
  }
}
