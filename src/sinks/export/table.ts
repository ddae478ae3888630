/** A table to export: its columns, and its rows as they are read. */

/** `instant` is milliseconds since the epoch; `json` is any value that JSON has; `int` is below 2^53. */
export type ColumnType = "text" | "int" | "ratio" | "flag" | "instant" | "json";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

export type Row = Readonly<Record<string, unknown>>;

export interface Table {
  readonly columns: readonly Column[];
  /** In batches, in the table's order. */
  readonly rows: AsyncIterable<readonly Row[]>;
}

/** Columns by a list of `name:type`, with `?` after a type whose values may be null. */
export function columnsOf(text: string): Column[] {
  return text.split(/\s+/).map((word) => {
    const [name = "", type = ""] = word.split(":");
    const nullable = type.endsWith("?");
    return { name, type: (nullable ? type.slice(0, -1) : type) as ColumnType, nullable };
  });
}

/** The end of something, `null` if it lasts. */
export function endOf(to: number): number | null {
  return to === Infinity ? null : to;
}
