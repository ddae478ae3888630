/** The tables that `sacctmgr -P` and `sacct -P` print: fields between bars, which Slurm does not quote. */
import { notOfForm } from "../reconcile/seen.ts";

export interface TableRow {
  /** Index among the rows, from 1. */
  readonly number: number;
  /** Trimmed text by column, in lower case. */
  readonly cells: ReadonlyMap<string, string>;
  /** The row as templates see it: by the column's name as the file has it, and as it is in the configuration. */
  readonly observed: Readonly<Record<string, string>>;
  /** Why the row cannot be read; `null` if it can. */
  readonly error: string | null;
}

interface TableForm {
  /** Columns that must be there, each with its other names. */
  readonly columns: readonly (readonly string[])[];
  /** The column that a bar too many belongs to; `null` if none does. */
  readonly free: string | null;
}

/** Throws `invalid-request` if the first line lacks a column. */
export function readTable(text: string, { columns, free }: TableForm): TableRow[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const header = (lines.shift() ?? "")
    .replace(/^\uFEFF/, "")
    .split("|")
    .map((name) => name.trim());
  // With -p instead of -P each line ends with a bar.
  const isClosed = header.at(-1) === "";
  if (isClosed) header.pop();
  const names = header.map((name) => canonicalName(name, columns));
  const missing = columns.find(([name = ""]) => !names.includes(name));
  if (missing !== undefined) throw notOfForm(`a table of Slurm with a column ${missing[0]}`);
  const freeIndex = free === null ? -1 : names.indexOf(free);
  return lines.map((line, i) => {
    const fields = line.split("|");
    if (isClosed && fields.at(-1) === "") fields.pop();
    const extra = fields.length - names.length;
    if (extra > 0 && freeIndex >= 0)
      fields.splice(freeIndex, extra + 1, fields.slice(freeIndex, freeIndex + extra + 1).join("|"));
    const cells = new Map(names.map((name, k) => [name, (fields[k] ?? "").trim()]));
    const observed = Object.fromEntries(
      header.flatMap((name, k) => {
        const value = (fields[k] ?? "").trim();
        return [
          [names[k] ?? name, value],
          [name, value],
        ];
      }),
    );
    const error =
      fields.length === names.length
        ? null
        : `has ${fields.length} fields, but the header has ${names.length}`;
    return { number: i + 1, cells, observed, error };
  });
}

/** The first of a column's names, whatever its case in the file. */
function canonicalName(name: string, columns: TableForm["columns"]): string {
  const lower = name.toLowerCase();
  return columns.find((known) => known.some((each) => each.toLowerCase() === lower))?.[0] ?? name;
}
