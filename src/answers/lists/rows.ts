/** Rows of lists: their order and their pages. */
import { LedgerError } from "../../errors.ts";

export interface Page<Row> {
  /** Rows of all pages. */
  readonly total: number;
  readonly rows: readonly Row[];
  /** The key after which the next page begins; `null` on the last page. */
  readonly next: string | null;
}

/** A key that is unique to the pair of names. */
export function pairKey(cluster: string, name: string): string {
  return `${encodeURIComponent(cluster)}/${encodeURIComponent(name)}`;
}

export interface PageAsked {
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * At most `limit` rows after the one with the key `after`. At one position and instant the rows are always the same, so
 * pages neither repeat nor miss any. Throws `invalid-request` if no row has that key.
 */
export function pageOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  after: string | undefined,
  limit: number,
): Page<Row> {
  const at = after === undefined ? -1 : rows.findIndex((row) => keyOf(row) === after);
  if (after !== undefined && at < 0) {
    throw new LedgerError("invalid-request", "The list has no such row to go on after.", {
      errors: [{ path: "/query/after", message: "must be what `next` of this list says" }],
    });
  }
  const end = at + 1 + limit;
  const shown = rows.slice(at + 1, end);
  const last = shown.at(-1);
  const next = end < rows.length && last !== undefined ? keyOf(last) : null;
  return { total: rows.length, rows: shown, next };
}

/** By UTF-16 code units, as names are ordered everywhere. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
