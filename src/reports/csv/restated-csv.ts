/**
 * A restated report as CSV: a row a figure, what differs first. Ranges are sequences, from the first to the
 * last, whose events were not told apart. What is too long for a cell continues in further rows of the figure, whose
 * change is "continued".
 */
import { involving } from "../restated/difference.ts";
import { figuresOf } from "../restated/document-figures.ts";
import { asJson } from "../restated/restate.ts";
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import { field, listCells, textCells } from "./csv-cells.ts";
import type { comparisonJson } from "../restated/difference-json.ts";
import { lineEnd } from "./sla-csv.ts";

type Differences = ReturnType<typeof comparisonJson>["differences"];

const header = ["figure", "change", "before", "after", "events", "ranges", "byLedgerTime"];

export function restatedCsv(differences: Differences, restated: SlaDocument | null): string {
  const rows = differences.flatMap(({ figure, change, before, after, ...causes }) =>
    rowsOf(figure, change, [
      textCells(text(before)),
      textCells(text(after)),
      listCells(causes.eventIds),
      listCells(causes.ranges.map(({ after: low, upTo }) => `${low + 1}-${upTo}`)),
      [String(causes.byLedgerTime)],
    ]),
  );
  const isTold = involving(differences);
  for (const [figure, value] of figuresOf(asJson(restated))) {
    if (isTold(figure)) continue;
    const cells = textCells(text(value));
    rows.push(...rowsOf(figure, "same", [cells, cells, [], [], ["false"]]));
  }
  return [header, ...rows].map((row) => row.map(field).join(",") + lineEnd).join("");
}

/** As many rows as the longest of the values has cells. */
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
