/**
 * The records of a CSV, line by line. A quote that is not closed spoils its own line and no other: a field may go over
 * several lines only if the record then has as many fields as the first line.
 */
import { CsvError, parse } from "csv-parse/sync";

export interface CsvRecord {
  readonly fields: readonly string[];
  /** The line at which it ends, from 1. */
  readonly line: number;
  /** Its quotes could not be read: the fields are what stands between delimiters. */
  readonly isMisquoted: boolean;
}

/** Lines that one record may have: remarks are short, and what follows a stray quote is looked through this far. */
const maxRecordLines = 50;

/** Yields the records in order; the first is the header. Blank lines are left out. */
export function* csvRecords(text: string, delimiter: string): Generator<CsvRecord> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  let width = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line.trim() === "") continue;
    if (!line.includes('"')) {
      const fields = line.split(delimiter);
      width ||= fields.length;
      yield { fields, line: i + 1, isMisquoted: false };
      continue;
    }
    const found = quoted(lines, i, delimiter, width);
    width ||= found.fields.length;
    i += found.more;
    yield { fields: found.fields, line: i + 1, isMisquoted: found.isMisquoted };
  }
}

interface Quoted {
  readonly fields: readonly string[];
  /** Lines beyond the first. */
  readonly more: number;
  readonly isMisquoted: boolean;
}

function quoted(lines: readonly string[], first: number, delimiter: string, width: number): Quoted {
  const own = lines[first] ?? "";
  let text = own;
  for (let more = 0; more < maxRecordLines && first + more < lines.length; more++) {
    if (more > 0) text += `\n${lines[first + more] ?? ""}`;
    const fields = fieldsOf(text, delimiter);
    if (fields === "malformed") break;
    if (fields === "open") continue;
    // A closing quote that was found by chance, in a later row.
    if (more > 0 && fields.length !== width) break;
    return { fields, more, isMisquoted: false };
  }
  return { fields: own.split(delimiter), more: 0, isMisquoted: true };
}

function fieldsOf(text: string, delimiter: string): readonly string[] | "open" | "malformed" {
  try {
    const records = parse(text, {
      delimiter,
      relax_column_count: true,
      record_delimiter: "\u0000",
    });
    return records[0] ?? [];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return error.code === "CSV_QUOTE_NOT_CLOSED" ? "open" : "malformed";
  }
}
