/** When the outage of a row began and ended, as its columns say. */
import { at } from "../../../projections/arithmetic/invariants.ts";
import { returnToleranceMs } from "../../../projections/nodes/faults.ts";
import { localInstant, readCellTime } from "./local-time.ts";
import type { TimeForm } from "./local-time.ts";
import type { Note } from "./outage-row.ts";
import type { OutageRow, RowMap } from "./outage-rows.ts";

interface Times {
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
  /** `null` if the outage has not ended. */
  readonly returnedAt: number | null;
}

/** Adds to `notes`; returns the times, or why there are none. */
export function readTimes(
  row: OutageRow,
  map: RowMap,
  form: TimeForm,
  notes: Note[],
): Times | string {
  const startText = row.cells.get(map.start) ?? "";
  if (startText === "") return `${map.start} is blank`;
  const start = readCellTime(startText, form, map.start);
  if ("error" in start) return start.error;
  const failedAt = at(start.instants, 0);
  if (start.instants.length > 1)
    notes.push({ kind: "local-time-twice", text: twice(map.start, startText, form, "first") });
  if (map.instants === true) return { failedAt, returnedAt: failedAt };
  const length = readDuration(row, map);
  if (typeof length === "string") return length;
  if (map.end === undefined) {
    if (length !== null) return { failedAt, returnedAt: failedAt + length };
    const column = map.duration?.column ?? "";
    notes.push({ kind: "no-end", text: `${column} is blank: the fault stays open` });
    return { failedAt, returnedAt: null };
  }
  const ended = readEnd(row, map, map.end, form, { failedAt, startText, notes });
  if (typeof ended === "string") return ended;
  return checkLength(row, map, { failedAt, returnedAt: ended.at }, length);
}

interface Begun {
  readonly failedAt: number;
  readonly startText: string;
  readonly notes: Note[];
}

function readEnd(
  row: OutageRow,
  map: RowMap,
  column: string,
  form: TimeForm,
  { failedAt, startText, notes }: Begun,
): { readonly at: number | null } | string {
  const endText = row.cells.get(column) ?? "";
  const lasts = (why: string) => {
    notes.push({ kind: "no-end", text: `${column} ${why}: the fault stays open` });
    return { at: null };
  };
  if (endText === "") return lasts("is blank");
  if (map.notOver?.values.includes(endText) === true) return lasts(`is ${endText}`);
  const end = readCellTime(endText, form, column);
  if ("error" in end) return end.error;
  const first = at(end.instants, 0);
  const far = map.notOver?.from;
  if (far !== undefined && first >= localInstant(far, form)) return lasts(`is ${endText}`);
  const second = end.instants[1];
  let returnedAt = first;
  if (second !== undefined) {
    // The row itself tells which one is meant if the first is before the outage began.
    const isSecond = first < failedAt && second >= failedAt;
    if (isSecond) returnedAt = second;
    const which = isSecond ? "second" : "first";
    notes.push({ kind: "local-time-twice", text: twice(column, endText, form, which) });
  }
  if (returnedAt < failedAt - returnToleranceMs)
    return `${column} ${endText} lies before ${map.start} ${startText}`;
  if (returnedAt < failedAt) {
    const text = `${column} lies up to five minutes before ${map.start}: the fault has no duration`;
    notes.push({ kind: "end-before-start", text });
    return { at: failedAt };
  }
  return { at: returnedAt };
}

/** A length beside an end is a check of it: they may differ by what the unit rounds away. */
function checkLength(row: OutageRow, map: RowMap, times: Times, length: number | null) {
  const { failedAt, returnedAt } = times;
  if (length === null || returnedAt === null || map.duration === undefined) return times;
  const { column, unit } = map.duration;
  const off = Math.abs(returnedAt - failedAt - length);
  if (off <= unitMs(unit)) return times;
  const minutes = Math.round((returnedAt - failedAt) / 60_000);
  return `${column}: "${row.cells.get(column) ?? ""}" does not fit the end, ${minutes} minutes after the start`;
}

/** In milliseconds; `null` if the cell is blank; or why it is no length. */
function readDuration(row: OutageRow, { duration }: RowMap): number | null | string {
  if (duration === undefined) return null;
  const { column, unit } = duration;
  const text = row.cells.get(column) ?? "";
  if (text === "") return null;
  const wrong = `${column}: "${text.slice(0, 60)}" is not a length in ${unit}`;
  if (unit === "h:mm") {
    const [, hours, minutes] = /^(\d{1,6}):([0-5]\d)$/.exec(text) ?? [];
    if (hours === undefined || minutes === undefined) return wrong;
    return (Number(hours) * 60 + Number(minutes)) * 60_000;
  }
  return /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * unitMs(unit)) : wrong;
}

function unitMs(unit: NonNullable<RowMap["duration"]>["unit"]): number {
  switch (unit) {
    case "seconds":
      return 1_000;
    case "minutes":
    case "h:mm":
      return 60_000;
    case "hours":
      return 3_600_000;
    case "days":
      return 86_400_000;
  }
}

function twice(column: string, text: string, form: TimeForm, which: "first" | "second"): string {
  const why = which === "second" ? ", since the first lies before the start" : "";
  return `${column}: the local time ${text} occurs twice in ${form.zoneName}; read as the ${which}${why}`;
}
