/** The instants that a time in an outage log stands for. */
import { DateTime } from "luxon";
import { firstInstantAtOrAfterLocal, offsetMsAt } from "../../../projections/time/zone-table.ts";
import type { ZoneOffsets } from "../../../projections/time/zone-table.ts";
import { maxYear, minYear, parseInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import { zoneTransitions } from "../../zones/zones.ts";
import type { OutageMap } from "../config/outage-map.ts";
import { formatsOf } from "../config/outage-map.ts";
import { hasOffset } from "../config/time-format.ts";

/**
 * The instants, in order, at which a zone's clocks show the local time (written as if it were UTC): none if it is
 * skipped, two if it occurs twice.
 */
function instantsOfLocal(zone: ZoneOffsets, localMs: number): number[] {
  const first = firstInstantAtOrAfterLocal(zone, localMs);
  if (first + offsetMsAt(zone, first) !== localMs) return [];
  // A second time comes after a change that sets clocks back, at most a day later.
  const change = zone.untilsMs.find((until) => until > first && until <= first + 86_400_000);
  if (change === undefined) return [first];
  const second = localMs - offsetMsAt(zone, change);
  const isShownAgain = second >= change && second + offsetMsAt(zone, second) === localMs;
  return isShownAgain ? [first, second] : [first];
}

/** The instants that a cell may mean, or why it means none. */
type CellTime = { readonly instants: readonly number[] } | { readonly error: string };

/** How the cells of a column are read. */
export interface TimeForm {
  /** Luxon formats, or `rfc3339`, `unix` (seconds), `unix-ms`; the first that fits counts. */
  readonly formats: readonly string[];
  readonly zoneName: string;
  readonly zone: ZoneOffsets;
}

/** Throws `unknown-zone`. */
export function timeForm(map: Pick<OutageMap, "time">): TimeForm {
  // Without local times, the zone is only that of dates in the map.
  const { zone: zoneName = "Etc/UTC" } = map.time;
  const zone = zoneTransitions(zoneName);
  if (zone === null) throw new LedgerError("unknown-zone", `unknown time zone "${zoneName}"`);
  return { formats: formatsOf(map), zoneName, zone };
}

/** Reads one cell; `column` is for the message. */
export function readCellTime(text: string, form: TimeForm, column: string): CellTime {
  for (const format of form.formats) {
    const found = readAs(text, format, form, column);
    if (found !== null && "error" in found) return found;
    if (found?.instants.every(isInRange) === true) return found;
  }
  const words = form.formats.map((format) => wordsOf[format] ?? `a time of the form ${format}`);
  return { error: `${column}: "${text.slice(0, 60)}" is not ${words.join(" or ")}` };
}

/** The ledger knows no other years. */
function isInRange(instant: number): boolean {
  return instant >= Date.UTC(minYear, 0, 1) && instant < Date.UTC(maxYear + 1, 0, 1);
}

const wordsOf: Readonly<Record<string, string>> = {
  rfc3339: "an RFC 3339 instant",
  unix: "a number",
  "unix-ms": "a number",
};

/** `null` if the text is not of the format. */
function readAs(text: string, format: string, form: TimeForm, column: string): CellTime | null {
  if (format === "rfc3339") {
    const instant = parseInstant(text);
    return instant === null ? null : { instants: [instant] };
  }
  if (format === "unix" || format === "unix-ms") {
    if (!/^-?\d{1,15}(\.\d+)?$/.test(text)) return null;
    // Computed in microseconds, since a product such as 1.001 * 1000 falls short of the whole number.
    const micros = Math.round(Number(text) * (format === "unix" ? 1e6 : 1e3));
    return { instants: [Math.floor(micros / 1_000)] };
  }
  const local = DateTime.fromFormat(text, format, { zone: "utc", locale: "en-US" });
  if (!local.isValid) return null;
  if (hasOffset(format)) return { instants: [local.toMillis()] };
  const instants = instantsOfLocal(form.zone, local.toMillis());
  if (instants.length > 0) return { instants };
  return {
    error: `${column}: the local time ${text} does not exist in ${form.zoneName} (clocks were set forward past it)`,
  };
}

/** The first instant of a local date or time of the map. */
export function localInstant(text: string, { zone }: TimeForm): number {
  const time = text.length === 10 ? `${text}T00:00` : text;
  return firstInstantAtOrAfterLocal(zone, Date.parse(`${time}Z`));
}
