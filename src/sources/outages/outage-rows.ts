/** The rows of an outage log. */
import { LedgerError } from "../../errors.ts";
import { columnsOfMap } from "../config/outage-map.ts";
import type { OutageMap } from "../config/outage-map.ts";
import { type CsvRecord, csvRecords } from "./csv-records.ts";

/** A map without its name, as rows are read by it. */
export type RowMap = Omit<OutageMap, "name">;

/** One data row. */
export interface OutageRow {
  /** Index among the data rows of the file, from 1; rows that a filter leaves out count. */
  readonly number: number;
  /** Line of the file at which the row ends, from 1. */
  readonly line: number;
  /** Trimmed text by column. */
  readonly cells: ReadonlyMap<string, string>;
  /** Why the row cannot be read; `null` if it can. */
  readonly error: string | null;
}

/**
 * The data rows in order, including those that cannot be read. Throws `invalid-request` if the first line lacks a column
 * that the map names, or has it twice.
 */
export function* outageRows(text: string, map: RowMap): Generator<OutageRow> {
  const readColumns = columnsOfMap(map);
  const where = Object.entries(map.where ?? {});
  let header: string[] | null = null;
  let number = 0;
  for (const record of csvRecords(text, map.delimiter)) {
    if (header === null) {
      header = record.fields.map((name) => name.trim());
      checkHeader(header, readColumns);
      continue;
    }
    number++;
    const row = rowOf(number, record, header, readColumns);
    if (where.every(([column, value]) => row.cells.get(column) === value)) yield row;
  }
  if (header === null)
    throw new LedgerError("invalid-request", "the file is empty: it has no header line");
}

function rowOf(
  number: number,
  { fields, line, isMisquoted }: CsvRecord,
  header: readonly string[],
  readColumns: readonly string[],
): OutageRow {
  const cells = new Map(header.map((name, i) => [name, (fields[i] ?? "").trim()]));
  // Spreadsheets pad rows with blank fields; a row that is too short was cut off.
  const isWhole =
    fields.length >= header.length && fields.slice(header.length).every((text) => text === "");
  const quote = isMisquoted ? ", and a quote that is not closed" : "";
  const error = isWhole
    ? (notUtf8(cells, readColumns) ?? (isMisquoted ? badQuote(cells, readColumns) : null))
    : `has ${fields.length} fields but the header has ${header.length}${quote}`;
  return { number, line, cells, error };
}

/** What is read for bytes that are not UTF-8. */
const replacement = "\uFFFD";

/** Only the columns that are read are checked: a remark in another one must not cost the row. */
function notUtf8(cells: ReadonlyMap<string, string>, columns: readonly string[]): string | null {
  const column = columns.find((name) => cells.get(name)?.includes(replacement));
  return column === undefined
    ? null
    : `${column}: "${cells.get(column)?.slice(0, 60)}" is not UTF-8; the file was saved in another encoding`;
}

function badQuote(cells: ReadonlyMap<string, string>, columns: readonly string[]): string | null {
  const column = columns.find((name) => cells.get(name)?.includes('"'));
  return column === undefined
    ? null
    : `${column}: ${cells.get(column)?.slice(0, 60)} has a quote that is not closed`;
}

function checkHeader(header: readonly string[], needed: readonly string[]): void {
  const missing = needed.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new LedgerError(
      "invalid-request",
      `the file has no column ${missing.map((name) => `"${name}"`).join(", ")}; its header has ${header.join(", ")}`,
    );
  }
  const twice = needed.find((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (twice !== undefined)
    throw new LedgerError("invalid-request", `the file has two columns named "${twice}"`);
}
