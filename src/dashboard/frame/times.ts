/** Instants and durations as people read them, in the zone that the reader chose. */
import { offsetMsAt } from "../../../projections/time/zone-table.ts";
import type { ZoneOffsets } from "../../../projections/time/zone-table.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";

export interface DisplayZone {
  /** An IANA name, such as `Europe/Berlin`. */
  readonly name: string;
  readonly offsets: ZoneOffsets;
}

export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

interface LocalTime {
  readonly year: number;
  readonly month: string;
  readonly day: number;
  /** `17:56` */
  readonly minute: string;
  /** `17:56:03` */
  readonly second: string;
}

export function localTime(ms: number, { offsets }: DisplayZone): LocalTime {
  const local = new Date(ms + offsetMsAt(offsets, ms));
  const clock = local.toISOString().slice(11, 19);
  return {
    year: local.getUTCFullYear(),
    month: monthNames[local.getUTCMonth()]?.slice(0, 3) ?? "",
    day: local.getUTCDate(),
    minute: clock.slice(0, 5),
    second: clock,
  };
}

/** `2 Apr` or, in another year than that of `now`, `2 Apr 2025`. */
export function dayText(ms: number, zone: DisplayZone, now: number | null): string {
  const { year, month, day } = localTime(ms, zone);
  const isThisYear = now !== null && localTime(now, zone).year === year;
  return isThisYear ? `${day} ${month}` : `${day} ${month} ${year}`;
}

/** `17:56` today, else with its date. */
export function minuteText(ms: number, zone: DisplayZone, now: number | null): string {
  const { minute } = localTime(ms, zone);
  return isToday(ms, zone, now) ? minute : `${dayText(ms, zone, now)} ${minute}`;
}

/** As `minuteText`, with seconds. */
export function secondText(ms: number, zone: DisplayZone, now: number | null): string {
  const { second } = localTime(ms, zone);
  return isToday(ms, zone, now) ? second : `${dayText(ms, zone, now)} ${second}`;
}

function isToday(ms: number, zone: DisplayZone, now: number | null): boolean {
  return now !== null && dayText(ms, zone, null) === dayText(now, zone, null);
}

/** An instant with its machine-readable form. */
export function timeHtml(ms: number, text: string): Html {
  return html`<time datetime="${formatInstant(ms)}">${text}</time>`;
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A duration by its two largest units, rounded down from whole seconds: `1 d 5 h`. */
export function durationText(exactMs: number): string {
  if (exactMs < 0) return `−${durationText(-exactMs)}`;
  if (exactMs === 0) return "0 s";
  if (exactMs < 1_000) return `${Math.round(exactMs)} ms`;
  // A page's instant is a millisecond after the last event: what is left of 4 days would read as 3 d 23 h.
  const ms = Math.round(exactMs / 1_000) * 1_000;
  const first = units.findIndex(([, size]) => ms >= size);
  let rest = ms;
  const parts: string[] = [];
  for (const [unit, size] of units.slice(first, first + 2)) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount.toLocaleString("en-GB")} ${unit}`);
  }
  return parts.join(" ");
}

/** A duration whose exact milliseconds are read when it is pointed at. */
export function durationHtml(ms: number | null): Html {
  if (ms === null) return html`<span class="none">no data</span>`;
  return html`<span title="${ms} ms">${durationText(ms)}</span>`;
}
