/** The rows of an outage log, read from a CSV file one at a time. */
import { createReadStream } from "node:fs";
import { CsvError, parse } from "csv-parse";
import { LedgerError } from "../../errors.ts";
import { maxEventBytes } from "../../limits/events.ts";
import { columnsOfMap } from "./outage-map.ts";
import type { OutageMap } from "./outage-map.ts";

/** One data row. */
export interface OutageRow {
  /** Index among the data rows of the file, from 1; rows that a filter leaves out count. */
  readonly number: number;
  /** Line of the file at which the row ends, from 1. */
  readonly line: number;
  /** Trimmed text by column. */
  readonly cells: ReadonlyMap<string, string>;
  /** Every field of the row as it is in the file, in order: the identity of the row. */
  readonly fields: readonly string[];
  /** Why the row cannot be read; `null` if it can. */
  readonly error: string | null;
}

/** Only rows whose column says exactly this. */
export interface RowFilter {
  readonly column: string;
  readonly value: string;
}

/**
 * Yields the data rows in order, including those that cannot be read. Throws `invalid-request` if the first line lacks
 * a column that the map or a filter names, or has it twice, and the errors of the file.
 */
export async function* readOutageRows(
  path: string,
  map: OutageMap,
  filters: readonly RowFilter[],
): AsyncGenerator<OutageRow> {
  const parser = parse({
    bom: true,
    delimiter: map.delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: maxEventBytes,
  });
  const source = createReadStream(path);
  source.on("error", (error) => parser.destroy(error));
  const records: AsyncIterable<{ record: string[]; info: { lines: number } }> = source.pipe(parser);
  const readColumns = [...columnsOfMap(map), ...filters.map((filter) => filter.column)];
  let header: string[] | null = null;
  let number = 0;
  try {
    for await (const { record, info } of records) {
      if (header === null) {
        header = record.map((name) => name.trim());
        checkHeader(header, readColumns, path);
        continue;
      }
      number++;
      const row = rowOf(number, info.lines, header, record, readColumns);
      if (filters.every(({ column, value }) => row.cells.get(column) === value)) yield row;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // After broken quotes it is unknown where the next row begins.
    const message = `after data row ${number} the file is not well-formed CSV: ${error.message}`;
    throw new LedgerError("invalid-request", message, { cause: error });
  } finally {
    source.destroy();
  }
  if (header === null)
    throw new LedgerError("invalid-request", `${path} is empty: it has no header line`);
}

function rowOf(
  number: number,
  line: number,
  header: readonly string[],
  fields: readonly string[],
  readColumns: readonly string[],
): OutageRow {
  const cells = new Map(header.map((name, i) => [name, (fields[i] ?? "").trim()]));
  // Spreadsheets pad rows with blank fields; a row that is too short was cut off.
  const isWhole =
    fields.length >= header.length && fields.slice(header.length).every((text) => text === "");
  const error = isWhole
    ? notUtf8(cells, readColumns)
    : `has ${fields.length} fields but the header has ${header.length}`;
  return { number, line, cells, fields, error };
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

function checkHeader(header: readonly string[], needed: readonly string[], path: string): void {
  const missing = needed.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new LedgerError(
      "invalid-request",
      `${path} has no column ${missing.map((name) => `"${name}"`).join(", ")}; its header has ${header.join(", ")}`,
    );
  }
  const twice = needed.find((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (twice !== undefined) {
    throw new LedgerError("invalid-request", `${path} has two columns named "${twice}"`);
  }
}
