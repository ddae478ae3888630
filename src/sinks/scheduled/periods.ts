/** The periods of a schedule: months, quarters and weeks of a zone. */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { parsePeriod, resolvePeriod } from "../../../projections/time/period.ts";
import type { ZoneOffsets } from "../../../projections/time/zone-table.ts";
import { offsetMsAt } from "../../../projections/time/zone-table.ts";
import type { Schedule } from "./schedule-file.ts";

export interface NamedPeriod extends Interval {
  /** As a report names it. */
  readonly label: string;
}

type Kind = Schedule["period"];

const dayMs = 86_400_000;

/** The last period that is over at an instant. */
export function lastPeriod(kind: Kind, at: number, zone: ZoneOffsets): NamedPeriod {
  return periodAround(kind, periodAround(kind, at, zone).from - 1, zone);
}

/** The period after one. */
export function nextPeriod(kind: Kind, { to }: Interval, zone: ZoneOffsets): NamedPeriod {
  return periodAround(kind, to, zone);
}

/** The period that contains an instant. */
function periodAround(kind: Kind, at: number, zone: ZoneOffsets): NamedPeriod {
  const local = at + offsetMsAt(zone, at);
  // Where clocks go back over midnight, the local time alone may name the period before.
  for (const near of [local, local + dayMs, local - dayMs]) {
    const text = calendarName(kind, new Date(near));
    const { from, to } = resolvePeriod(parsePeriod(text), zone, text);
    if (at < from || to <= at) continue;
    // A week is named by its instants: the days of one are the same for everybody.
    const label = kind === "week" ? `${formatInstant(from)}/${formatInstant(to)}` : text;
    return { label, from, to };
  }
  throw new RangeError(`no ${kind} contains ${formatInstant(at)}`);
}

/** The period of a local time that is written as if it were UTC. */
function calendarName(kind: Kind, local: Date): string {
  const year = local.getUTCFullYear();
  const month = local.getUTCMonth();
  if (kind === "month") return `${fourDigits(year)}-${String(month + 1).padStart(2, "0")}`;
  if (kind === "quarter") return `${fourDigits(year)}-Q${Math.floor(month / 3) + 1}`;
  // A week of ISO 8601 belongs to the year of its Thursday.
  const thursday = new Date(local);
  thursday.setUTCDate(local.getUTCDate() + 4 - (local.getUTCDay() || 7));
  const weekYear = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(weekYear, 0, 1)) / (7 * dayMs)) + 1;
  return `${fourDigits(weekYear)}-W${String(week).padStart(2, "0")}`;
}

function fourDigits(year: number): string {
  return String(year).padStart(4, "0");
}
