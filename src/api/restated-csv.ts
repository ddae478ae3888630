/**
 * A restated report as CSV: a row a figure, what differs first. Ranges are sequences, from the first to the
 * last, whose events were not told apart.
 */
import { figuresOf, involving } from "../audit/difference.ts";
import { asJson } from "../audit/restate.ts";
import type { SlaDocument } from "../../projections/sla-document.ts";
import type { comparisonJson } from "./difference-json.ts";
import { field, lineEnd } from "./sla-csv.ts";

type Differences = ReturnType<typeof comparisonJson>["differences"];

const header = ["figure", "change", "before", "after", "events", "ranges", "byLedgerTime"];

export function restatedCsv(differences: Differences, restated: SlaDocument | null): string {
  const rows = differences.map(({ figure, change, before, after, ...causes }) => [
    figure,
    change,
    text(before),
    text(after),
    causes.eventIds.join(" "),
    causes.ranges.map(({ after: low, upTo }) => `${low + 1}-${upTo}`).join(" "),
    String(causes.byLedgerTime),
  ]);
  const isTold = involving(differences);
  for (const [figure, value] of figuresOf(asJson(restated))) {
    if (!isTold(figure)) rows.push([figure, "same", text(value), text(value), "", "", "false"]);
  }
  return [header, ...rows].map((row) => row.map(field).join(",") + lineEnd).join("");
}

function text(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
