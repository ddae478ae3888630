/** What charts are drawn from: node states, the history of the ledger, a job's strip. */
import { z } from "zod";
import { historyOrders } from "../../answers/charts/history.ts";
import { nodeRowOrders } from "../../../projections/figures/grid/node-rows.ts";
import { stripStates } from "../../../projections/figures/grid/job-strip.ts";
import { interruptionKinds } from "../../../projections/jobs/timeline.ts";
import { instantText, ms, nullableInstant, position, wholeCount } from "../../answers/schemas.ts";

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

const perBin = (description: string) => z.array(wholeCount).describe(description);
const endOfHistory = z
  .strictObject({
    sequence: wholeCount,
    recordedAt: instantText.describe("The largest recorded time up to it."),
  })
  .nullable();

export const ledgerHistory = z.strictObject({
  asOf: position,
  by: z.enum(historyOrders),
  first: endOfHistory.describe("The first event; null in an empty ledger."),
  last: endOfHistory.describe("The last event at this position; null in an empty ledger."),
  binMs: ms
    .nullable()
    .describe("Length of a bin, whole minutes; null for bins of as many events each."),
  at: z
    .array(z.int())
    .describe(
      "Milliseconds since the epoch. By recorded time: the start of each bin. By sequence: the minute that the largest recorded time had reached with its last event.",
    ),
  lastSequence: perBin(
    "The last sequence of each bin: the position before which the next bin begins. By recorded time, an event that was recorded earlier than one before it is in the bin of that one.",
  ),
  events: perBin("Events in each bin."),
  corrections: perBin("Corrections and retractions among them."),
  seals: perBin("Seals among them."),
});

export const jobStripAnswer = z.strictObject({
  asOf: position,
  cluster: z.string(),
  job: z.string(),
  from: instantText,
  to: instantText,
  knownUntil: instantText.describe("Ledger time, if that is before the end."),
  cellMs: z.number().describe("Mean length of a cell; each begins at a whole millisecond."),
  legend: z
    .array(z.enum(stripStates))
    .describe("The state that each number in `cells` stands for."),
  cells: z
    .array(z.int().min(0))
    .describe(
      "For each cell, interrupted if the job was at any time of it, else lost, else paused; else kept or checkpointing, whichever took longer.",
    ),
  breaks: z.array(
    z.strictObject({
      at: instantText,
      until: nullableInstant.describe("When it ran again or ended; null: it has done neither."),
      kind: z.enum(interruptionKinds).describe("Of merged breaks, the commonest."),
      count: z.int().min(1).describe("How many breaks are merged in it."),
      faultId: text.describe("Of merged breaks what they have in common, like the next three."),
      rolloutId: text,
      maintenanceId: text,
      node: text,
      eventId: z.string().describe("Of merged breaks, that of the first."),
    }),
  ),
  merged: z
    .boolean()
    .describe(
      "Whether there were more than 500 breaks: those that begin in the same 500th of the window are then one.",
    ),
  total: wholeCount.describe("Breaks in the window before any were merged."),
});
