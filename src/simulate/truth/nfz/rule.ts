/** Rules by which no-fly zones recur, and their occurrences: found by walking through the calendar day by day. */
import { firstZones } from "../../../zones/zones.ts";
import type { Interval } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";
import { dayMs, hourMs, minuteMs } from "../../setting/setting.ts";

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

export interface Rule {
  readonly zone: string;
  readonly durationMs: number;
  /** Local time of the first occurrence, written as if it were UTC. */
  readonly startLocalMs: number;
  readonly pattern: Pattern;
  /** It makes so many occurrences. */
  readonly count: number | null;
  /** None begins later. */
  readonly untilMs: number | null;
  /** Local starts that are left out. */
  readonly except: readonly number[];
}

type Pattern =
  | { readonly every: "days"; readonly interval: number }
  | { readonly every: "week"; readonly on: readonly number[] }
  /** The nth such weekday of the month, or the last one. */
  | { readonly every: "month"; readonly on: number; readonly nth: 1 | 2 | 3 | 4 | -1 };

/** A rule whose first occurrence comes soon after the instant, of occurrences that last about as long as it is said. */
export function drawRule(random: Random, zone: string, soonMs: number, meanMs: number): Rule {
  const pattern = drawPattern(random, meanMs);
  const longest = pattern.every === "days" ? pattern.interval * dayMs : 3 * dayMs;
  const durationMs = Math.min(longest / 2, Math.max(hourMs, meanMs * (0.3 + random.float())));
  // Some begin in the hour in which clocks are changed.
  const timeOfDayMs = random.pick([2 * hourMs + 30 * minuteMs, 8 * hourMs, 22 * hourMs]);
  let day = Math.ceil(soonMs / dayMs) * dayMs;
  const first = { zone, pattern, startLocalMs: day };
  while (!isOn(first, day)) day += dayMs;
  // A rule does not start at a time that its clocks skip.
  const begin = isShown(zone, day + timeOfDayMs) ? timeOfDayMs : 8 * hourMs;
  const rule = {
    zone,
    durationMs: Math.round(durationMs / minuteMs) * minuteMs,
    startLocalMs: day + begin,
    pattern,
    count: null,
    untilMs: null,
    except: [],
  };
  const end = random.float();
  const bounded =
    end < 0.3
      ? { ...rule, count: random.between(3, 40) }
      : end < 0.6
        ? { ...rule, untilMs: instantOf(zone, day) + random.between(5, 80) * dayMs }
        : rule;
  const [, second] = localStarts(bounded, day + 60 * dayMs);
  return second !== undefined && random.chance(0.3) ? { ...bounded, except: [second] } : bounded;
}

/** Over the end of every month: ten days from the evening of its fourth Monday. */
export function monthEndRule(zone: string, soonMs: number): Rule {
  const pattern: Pattern = { every: "month", on: 1, nth: 4 };
  let day = Math.ceil(soonMs / dayMs) * dayMs;
  while (!isOn({ pattern, startLocalMs: day }, day)) day += dayMs;
  const startLocalMs = day + 22 * hourMs;
  const durationMs = 10 * dayMs;
  return { zone, durationMs, startLocalMs, pattern, count: null, untilMs: null, except: [] };
}

/** What lasts for hours may recur every day; what lasts for days does not. */
function drawPattern(random: Random, meanMs: number): Pattern {
  const isShort = meanMs < dayMs;
  const draw = random.float();
  if (isShort && draw < 0.35) return { every: "days", interval: random.between(1, 3) };
  if (draw < 0.8) {
    const days = random.sample([0, 1, 2, 3, 4, 5, 6], isShort ? random.between(1, 2) : 1);
    return { every: "week", on: days };
  }
  return { every: "month", on: random.between(0, 6), nth: random.pick([1, 2, 3, -1]) };
}

/** Whether the rule makes an occurrence on the local day. */
function isOn(
  { pattern, startLocalMs }: Pick<Rule, "pattern" | "startLocalMs">,
  day: number,
): boolean {
  const date = new Date(day);
  switch (pattern.every) {
    case "days": {
      const first = Math.floor(startLocalMs / dayMs) * dayMs;
      return ((day - first) / dayMs) % pattern.interval === 0;
    }
    case "week":
      return pattern.on.includes(date.getUTCDay());
    case "month": {
      if (date.getUTCDay() !== pattern.on) return false;
      if (pattern.nth > 0) return Math.ceil(date.getUTCDate() / 7) === pattern.nth;
      return new Date(day + 7 * dayMs).getUTCMonth() !== date.getUTCMonth();
    }
  }
}

/** Local starts before a local time, the ones that are left out among them. */
function localStarts(rule: Rule, before: number): number[] {
  const { startLocalMs, zone, count, untilMs } = rule;
  const starts: number[] = [];
  const timeOfDayMs = startLocalMs % dayMs;
  for (let day = startLocalMs - timeOfDayMs; day < before; day += dayMs) {
    if (!isOn(rule, day)) continue;
    const local = day + timeOfDayMs;
    if (starts.length === count || (untilMs !== null && instantOf(zone, local) > untilMs)) break;
    starts.push(local);
  }
  return starts;
}

/** The occurrences that begin before the instant, and whether any begins there or later. */
export function occurrencesBefore(
  rule: Rule,
  before: number,
): { readonly occurrences: readonly Interval[]; readonly goesOn: boolean } {
  // A local time is less than two days from its instant, and a month has every weekday.
  const all = localStarts(rule, before + 40 * dayMs);
  const kept = all.filter((local) => !rule.except.includes(local));
  const occurrences = kept
    .map((local) => instantOf(rule.zone, local))
    .map((from) => ({ from, to: from + rule.durationMs }));
  return {
    occurrences: occurrences.filter(({ from }) => from < before),
    goesOn: all.some((local) => instantOf(rule.zone, local) >= before),
  };
}

/** When its first occurrence begins. */
export function startOf({ zone, startLocalMs }: Rule): number {
  return instantOf(zone, startLocalMs);
}

/** As an event states it. */
export function statedRule({
  zone,
  durationMs,
  startLocalMs,
  pattern,
  count,
  untilMs,
  except,
}: Rule) {
  const parts =
    pattern.every === "days"
      ? ["FREQ=DAILY", ...(pattern.interval === 1 ? [] : [`INTERVAL=${pattern.interval}`])]
      : pattern.every === "week"
        ? ["FREQ=WEEKLY", `BYDAY=${pattern.on.map((day) => weekdays[day]).join(",")}`]
        : ["FREQ=MONTHLY", `BYDAY=${pattern.nth}${weekdays[pattern.on]}`];
  if (count !== null) parts.push(`COUNT=${count}`);
  if (untilMs !== null) {
    const basic = new Date(untilMs).toISOString().slice(0, 19).replace(/[-:]/g, "");
    parts.push(`UNTIL=${basic}Z`);
  }
  const start = localText(startLocalMs);
  return {
    rrule: parts.join(";"),
    start,
    zone,
    durationMs,
    ...(except.length === 0 ? {} : { except: except.map(localText) }),
  };
}

function localText(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 16);
}

/** The first of the instants at which the zone's clocks show the local time; of a skipped one, by the clocks before. */
function instantOf(zone: string, localMs: number): number {
  const before = offsetAt(zone, localMs - 2 * dayMs);
  const shown = shownOffsets(zone, localMs);
  return localMs - Math.max(...(shown.length > 0 ? shown : [before]));
}

/** Whether the zone's clocks ever show the local time. */
function isShown(zone: string, localMs: number): boolean {
  return shownOffsets(zone, localMs).length > 0;
}

function shownOffsets(zone: string, localMs: number): number[] {
  const around = [offsetAt(zone, localMs - 2 * dayMs), offsetAt(zone, localMs + 2 * dayMs)];
  return around.filter((offset) => offsetAt(zone, localMs - offset) === offset);
}

function offsetAt(zone: string, at: number): number {
  const table = firstZones.zone(zone);
  if (table === null) throw new RangeError(`no zone is called "${zone}"`);
  const { untilsMs, offsetsMs } = table;
  const index = untilsMs.findIndex((until) => at < until);
  return offsetsMs[index < 0 ? offsetsMs.length - 1 : index] ?? 0;
}
