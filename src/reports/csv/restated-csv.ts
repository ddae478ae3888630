/**
 * A restated report as CSV: one row per figure, those that differ first. A range of sequences, from first to last, means
 * that its events were not told apart. A value too long for a cell continues in further rows of the figure, whose change
 * is "continued".
 */
import { involving } from "../restated/difference.ts";
import { figuresInSteps } from "../restated/document-figures.ts";
import type { Steps } from "../../turns.ts";
import { stepsAtOnce } from "../../turns.ts";
import { asJson } from "../restated/restate.ts";
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import { listCells, textCells } from "./csv-cells.ts";
import type { comparisonJson } from "../restated/difference-json.ts";
import { csvLine, rowsPerStep } from "./sla-csv.ts";

type Differences = ReturnType<typeof comparisonJson>["differences"];

const header = ["figure", "change", "before", "after", "events", "ranges", "byLedgerTime"];

export function restatedCsv(differences: Differences, restated: SlaDocument | null): string {
  return stepsAtOnce(restatedCsvInSteps(differences, restated));
}

export function* restatedCsvInSteps(
  differences: Differences,
  restated: SlaDocument | null,
): Steps<string> {
  let csv = csvLine(header);
  let done = 0;
  for (const { figure, change, before, after, ...causes } of differences) {
    const rows = rowsOf(figure, change, [
      textCells(text(before)),
      textCells(text(after)),
      listCells(causes.eventIds),
      listCells(causes.ranges.map(({ after: low, upTo }) => `${low + 1}-${upTo}`)),
      [String(causes.byLedgerTime)],
    ]);
    csv += rows.map(csvLine).join("");
    if (++done % rowsPerStep === 0) yield;
  }
  const isTold = involving(differences);
  for (const [figure, value] of yield* figuresInSteps(asJson(restated))) {
    if (++done % rowsPerStep === 0) yield;
    if (isTold(figure)) continue;
    const cells = textCells(text(value));
    csv += rowsOf(figure, "same", [cells, cells, [], [], ["false"]])
      .map(csvLine)
      .join("");
  }
  return csv;
}

/** Makes as many rows as the longest of the values has cells. */
function rowsOf(figure: string, change: string, values: readonly (readonly string[])[]) {
  const count = Math.max(1, ...values.map((cells) => cells.length));
  return Array.from({ length: count }, (_, i) => [
    figure,
    i === 0 ? change : "continued",
    ...values.map((cells) => cells[i] ?? ""),
  ]);
}

function text(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
