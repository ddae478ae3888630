/** A comparison of two positions in answers. */
import { z } from "zod";
import type { ComparedFigure, Comparison } from "./restate.ts";
import type { Json } from "./document-figures.ts";
import { eventJson } from "../../answers/event-json.ts";
import { instantText, storedEvent, wholeCount } from "../../answers/schemas.ts";

export function comparisonJson(comparison: Comparison) {
  const { before, after, events, candidates, documents, complete } = comparison;
  const ids = new Map(events.map(({ sequence, id }) => [sequence, id]));
  return {
    periodEnd: { before: before?.period.to ?? null, after: after?.period.to ?? null },
    differences: comparison.differences.map((difference) => differenceJson(difference, ids)),
    events: events.map(eventJson),
    work: { candidates, documents, complete },
  };
}

function differenceJson(
  { figure, before, after, sequences, ranges, byLedgerTime }: ComparedFigure,
  ids: ReadonlyMap<number, string>,
) {
  return {
    figure,
    change: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    before: before ?? (null as Json),
    after: after ?? (null as Json),
    eventIds: sequences.flatMap((sequence) => ids.get(sequence) ?? []),
    sequences,
    ranges,
    byLedgerTime,
  };
}

const value = z.unknown().describe("The figure; also null if that position does not have it.");

export const comparisonSchema = z.strictObject({
  periodEnd: z
    .object({ before: instantText.nullable(), after: instantText.nullable() })
    .describe(
      "If the two differ, the period was not over at the earlier position, and its end has moved since. null if no report could be given yet.",
    ),
  differences: z.array(
    z.strictObject({
      figure: z.string().describe("Its path in the SLA document, such as `nis.raw`."),
      change: z.enum(["changed", "added", "removed"]),
      before: value,
      after: value,
      eventIds: z.array(z.string()).describe("The events that caused it, by sequence."),
      sequences: z.array(z.int()),
      ranges: z
        .array(z.strictObject({ after: wholeCount, upTo: wholeCount }))
        .describe(
          "Ranges of events that also changed it but were not told apart, because the work is bounded.",
        ),
      byLedgerTime: z
        .boolean()
        .describe(
          "Ledger time alone changed it: a period that was not over continued, an open fault or interruption grew older, or announced maintenance was excluded as its time came.",
        ),
    }),
  ),
  events: z.array(storedEvent),
  work: z.strictObject({
    candidates: wholeCount.describe("Events between the positions that may matter."),
    documents: wholeCount.describe("Number of documents computed."),
    complete: z.boolean().describe("False if ranges remain."),
  }),
});
