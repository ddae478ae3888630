/** Reads local times (`YYYY-MM-DDTHH:MM[:SS]`, no offset) and writes them with their zone's offset (RFC 3339). Local milliseconds are counted as if the text were UTC. */
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";
import { offsetMsAt } from "../../../projections/time/zone-table.ts";
import type { ZoneOffsets } from "../../../projections/time/zone-table.ts";

const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/;

/** `null` if the text is not a local time, such as a date alone or the 30th of February. */
export function parseLocalTime(text: string): number | null {
  if (!pattern.test(text)) return null;
  return parseInstant(text.length === 16 ? `${text}:00Z` : `${text}Z`);
}

/** In the form used in a recurrence; with seconds only if they are not zero. */
export function formatLocalTime(localMs: number): string {
  const text = formatInstant(localMs).slice(0, 19);
  return text.endsWith(":00") ? text.slice(0, 16) : text;
}

/** What the zone's clocks show at an instant, with their offset, such as `2026-03-08T03:30:00-07:00`. */
export function formatZoned(zone: ZoneOffsets, instantMs: number): string {
  const offsetMs = offsetMsAt(zone, instantMs);
  const sign = offsetMs < 0 ? "-" : "+";
  // Today's offsets are whole minutes; RFC 3339 cannot express the seconds of historic ones.
  const minutes = Math.trunc(Math.abs(offsetMs) / 60_000);
  const hh = String(Math.trunc(minutes / 60)).padStart(2, "0");
  const mm = String(minutes % 60).padStart(2, "0");
  const local = formatInstant(instantMs + offsetMs);
  return `${local.replace(/(?:\.000)?Z$/, "")}${sign}${hh}:${mm}`;
}
