/** The instants that a local time in an outage log stands for. */
import { DateTime } from "luxon";
import { firstInstantAtOrAfterLocal, offsetMsAt } from "../../../projections/time/zone-table.ts";
import type { ZoneOffsets } from "../../../projections/time/zone-table.ts";
import { parseInstant } from "../../../projections/time/instant.ts";

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
  /** A Luxon format of local time, or `rfc3339`, `unix` (seconds), `unix-ms`. */
  readonly format: string;
  readonly zoneName: string;
  readonly zone: ZoneOffsets;
}

/** Reads one cell; `column` is for the message. */
export function readCellTime(text: string, form: TimeForm, column: string): CellTime {
  const { format } = form;
  if (format === "rfc3339") {
    const instant = parseInstant(text);
    return instant === null ? unreadable(text, "an RFC 3339 instant", column) : one(instant);
  }
  if (format === "unix" || format === "unix-ms") {
    if (!/^-?\d{1,15}(\.\d+)?$/.test(text)) return unreadable(text, "a number", column);
    // Computed in microseconds, since a product such as 1.001 * 1000 falls short of the whole number.
    return one(Math.floor(Math.round(Number(text) * (format === "unix" ? 1e6 : 1e3)) / 1_000));
  }
  const local = DateTime.fromFormat(text, format, { zone: "utc", locale: "en-US" });
  if (!local.isValid) return unreadable(text, `a time of the form ${format}`, column);
  const instants = instantsOfLocal(form.zone, local.toMillis());
  if (instants.length > 0) return { instants };
  return {
    error: `${column}: the local time ${text} does not exist in ${form.zoneName} (clocks were set forward past it)`,
  };
}

function one(instant: number): CellTime {
  return { instants: [instant] };
}

function unreadable(text: string, what: string, column: string): CellTime {
  return { error: `${column}: "${text.slice(0, 60)}" is not ${what}` };
}
