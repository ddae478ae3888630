/** What a cell of a map of node states is, as one reads and hears it. */
import { spanWords } from "../page/instant-words.ts";
import type { Grid } from "./grid.ts";
import type { RowIndex } from "./rack-names.ts";

/** Its nodes and rack, its state, its time: a line each. */
export function cellWords(
  grid: Grid,
  rows: RowIndex["rows"],
  { row, column }: { readonly row: number; readonly column: number },
): readonly string[] {
  const { state, share } = grid.cell(row, column);
  const { nodes = [], rack = null } = rows[row] ?? {};
  const who = nodes.length > 1 ? `${nodes[0]} … ${nodes.at(-1)}` : (nodes[0] ?? "");
  const isQuiet = state === "in service" || state === "no member";
  const much = isQuiet ? "" : `, ${Math.round(share * 100)} % of the cell`;
  const [from, to] = grid.span(column);
  return [rack === null ? who : `${who} · ${rack}`, `${state}${much}`, spanWords(from, to)];
}
