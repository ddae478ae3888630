/** Tables as NDJSON and as CSV. */
import { stringify } from "csv-stringify/sync";
import { formatInstant } from "../../../projections/time/instant.ts";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import { withoutFormulas } from "../../reports/csv/csv-cells.ts";
import type { Column, Row, Table } from "./table.ts";

/** A line for each row, with its members in the order of the columns; instants as text, null where there is nothing. */
export async function* ndjsonOf({ columns, rows }: Table): AsyncGenerator<string> {
  for await (const batch of rows) {
    const lines = batch.map((row) => `${JSON.stringify(lineOf(columns, row))}\n`);
    yield lines.join("");
  }
}

function lineOf(columns: readonly Column[], row: Row): Row {
  return Object.fromEntries(
    columns.map(({ name, type }) => {
      const value = row[name];
      return [name, type === "instant" && value !== null ? formatInstant(value as number) : value];
    }),
  );
}

/** With a heading; JSON as text, and no text that a spreadsheet would run as a formula. */
export async function* csvOf({ columns, rows }: Table): AsyncGenerator<string> {
  yield stringify([columns.map(({ name }) => name)]);
  for await (const batch of rows)
    yield stringify(batch.map((row) => columns.map((column) => cellOf(column, row[column.name]))));
}

function cellOf({ type }: Column, value: unknown): string {
  if (value === null || value === undefined) return "";
  switch (type) {
    case "text":
      return withoutFormulas(value as string);
    case "json":
      return withoutFormulas(canonicalJson(value));
    case "instant":
      return formatInstant(value as number);
    case "int":
    case "ratio":
    case "flag":
      return JSON.stringify(value);
    default:
      return type satisfies never;
  }
}
