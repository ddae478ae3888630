/** What charts are drawn from: node states, the history of the ledger, a job's strip. */
import { z } from "zod";
import { nodeRowOrders } from "../../../projections/figures/grid/node-rows.ts";
import { instantText, ms, position, wholeCount } from "../../answers/schemas.ts";

const text = z.string().nullable();

export const nodeStatesIndex = z.strictObject({
  asOf: position,
  cluster: z.string(),
  from: instantText,
  to: instantText.describe("As requested, even beyond what the ledger knows."),
  zone: z.string(),
  knownUntil: instantText.describe("Ledger time, if that is before the end."),
  order: z.enum(nodeRowOrders),
  w: wholeCount.describe("Columns: as many as requested, but none shorter than a millisecond."),
  h: wholeCount.describe("Rows."),
  cellMs: z.number().describe("Mean length of a column; each begins at a whole millisecond."),
  nodesPerRow: wholeCount.describe("Nodes of a full row."),
  rows: z.array(
    z.strictObject({
      rack: text.describe("null: its nodes are of several racks, or of none."),
      nodes: z.array(z.string()),
      memberMs: ms.describe("Member node-time in the window, as far as known."),
      inServiceMs: ms,
      downMs: ms,
      maintenanceMs: ms,
      unknownMs: ms,
    }),
  ),
});
