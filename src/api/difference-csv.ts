/** Differences as CSV: a row a figure. */
import type { comparisonJson } from "./difference-json.ts";
import { field, lineEnd } from "./sla-csv.ts";

type Differences = ReturnType<typeof comparisonJson>["differences"];

export function differenceCsv(differences: Differences): string {
  const header = ["figure", "change", "before", "after", "events"];
  const rows = differences.map(({ figure, change, before, after, eventIds }) => [
    figure,
    change,
    text(before),
    text(after),
    eventIds.join(" "),
  ]);
  return [header, ...rows].map((row) => row.map(field).join(",") + lineEnd).join("");
}

function text(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
