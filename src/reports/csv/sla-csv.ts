/**
 * The SLA document as CSV (RFC 4180): a line per figure, so that a spreadsheet can filter it. A value that is too
 * long for a cell, such as a long list of event ids, has several lines of the same figure.
 */
import { identitiesOf } from "../difference.ts";
import type { JsonRecord } from "../difference.ts";
import { field, listCells, textCells } from "./csv-cells.ts";
import type { SlaDocument } from "../../../projections/document/sla-document.ts";

const header = ["section", "item", "figure", "value"];
export const lineEnd = "\r\n";

type Row = readonly [section: string, item: string, figure: string, value: string];

/** Nothing stands for `null`: a figure without anything to measure. */
export function slaCsv(document: SlaDocument): string {
  const rows: Row[] = [];
  for (const [section, value] of Object.entries(document)) walk(rows, section, "", "", value);
  return [header, ...rows].map((row) => row.map(field).join(",") + lineEnd).join("");
}

function walk(rows: Row[], section: string, item: string, figure: string, value: unknown): void {
  if (Array.isArray(value)) {
    if (value.every((each) => typeof each !== "object")) {
      for (const cell of listCells(value.map(String))) rows.push([section, item, figure, cell]);
      return;
    }
    const items = identitiesOf(value as readonly JsonRecord[]);
    for (const [i, each] of value.entries()) {
      walk(rows, section, joined(item, items[i] ?? ""), figure, each);
    }
    return;
  }
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      walk(rows, section, item, joined(figure, key), inner);
    }
    return;
  }
  const isFigure =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  for (const cell of textCells(isFigure ? String(value) : "")) {
    rows.push([section, item, figure, cell]);
  }
}

function joined(before: string, part: string): string {
  return before === "" ? part : `${before}.${part}`;
}
