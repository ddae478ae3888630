/** Rows of an answer as CSV: a line for each row, a column for each of its members that a table shows. */
import type { Steps } from "../../turns.ts";
import { listCells, textCells } from "./csv-cells.ts";
import { csvLine, rowsPerStep } from "./sla-csv.ts";

/**
 * `columns` are names of members; `interruption.since` is a member of a member. What is null or missing is an empty cell. A
 * value too long for a cell goes on in further lines, which have nothing else.
 */
export function* tableCsvInSteps(
  columns: readonly string[],
  rows: readonly object[],
): Steps<string> {
  let csv = csvLine(columns);
  for (const [i, row] of rows.entries()) {
    const cells = columns.map((column) => cellsOf(valueAt(row, column)));
    const lines = Math.max(...cells.map(({ length }) => length));
    for (let line = 0; line < lines; line++) csv += csvLine(cells.map((each) => each[line] ?? ""));
    if (i % rowsPerStep === 0) yield;
  }
  return csv;
}

function valueAt(row: object, column: string): unknown {
  if (Object.hasOwn(row, column)) return (row as Readonly<Record<string, unknown>>)[column];
  let value: unknown = row;
  for (const name of column.split(".")) {
    if (typeof value !== "object" || value === null) return null;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

function cellsOf(value: unknown): readonly string[] {
  if (value === null || value === undefined) return [""];
  if (typeof value === "string") return textCells(value);
  if (Array.isArray(value) && value.every((each) => typeof each === "string"))
    return listCells(value);
  return textCells(JSON.stringify(value));
}
