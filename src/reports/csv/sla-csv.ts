/**
 * The SLA document as CSV (RFC 4180): one line per figure, so that a spreadsheet can filter them. A value too long for a
 * cell, such as a long list of event ids, has several lines of the same figure.
 */
import { catalogue } from "../../../projections/document/catalogue.ts";
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import type { Field, Fields } from "../../../projections/document/entry/field.ts";
import { unitOf } from "../../../projections/document/entry/field.ts";
import { issuedField, ledgerFields } from "../../../projections/document/sections/head.ts";
import type { Steps } from "../../turns.ts";
import { stepsAtOnce } from "../../turns.ts";
import { identitiesOf } from "../restated/document-figures.ts";
import type { JsonRecord } from "../restated/document-figures.ts";
import { field as cellOf, listCells, textCells } from "./csv-cells.ts";

const header = ["section", "item", "figure", "value", "unit"];
const lineEnd = "\r\n";

interface Row {
  readonly section: string;
  readonly item: string;
  readonly figure: string;
  readonly cell: string;
  readonly unit: string;
}

/** The fields of the document and of an issued document. */
const members: Fields = {
  ...Object.fromEntries(Object.entries(catalogue).map(([name, { field }]) => [name, field])),
  ...ledgerFields,
  issued: issuedField,
};

/** How many rows are written in one step. */
export const rowsPerStep = 200;

/** A `null`, for a figure without anything to measure, becomes an empty cell. */
export function slaCsv(document: SlaDocument): string {
  return stepsAtOnce(slaCsvInSteps(document));
}

export function* slaCsvInSteps(document: SlaDocument): Steps<string> {
  let text = csvLine(header);
  for (const [section, value] of Object.entries(document)) {
    const field = members[section];
    if (field === undefined) continue;
    const rows: Row[] = [];
    walk(rows, { section, item: "", figure: "" }, field, value);
    for (const [i, { item, figure, cell, unit }] of rows.entries()) {
      text += csvLine([section, item, figure, cell, unit]);
      if (i % rowsPerStep === 0) yield;
    }
  }
  return text;
}

export function csvLine(cells: readonly string[]): string {
  return cells.map(cellOf).join(",") + lineEnd;
}

type RowKey = Pick<Row, "section" | "item" | "figure">;

function walk(rows: Row[], rowKey: RowKey, field: Field, value: unknown): void {
  switch (field.kind) {
    case "record":
      return walkMembers(rows, rowKey, field.fields, value as object);
    case "rows": {
      const items = value as readonly JsonRecord[];
      const identities = identitiesOf(items);
      for (const [i, each] of items.entries()) {
        const item = joined(rowKey.item, identities[i] ?? "");
        walkMembers(rows, { ...rowKey, item }, field.row, each);
      }
      // An empty list still has one line.
      if (items.length === 0) rows.push({ ...rowKey, cell: "", unit: "" });
      return;
    }
    case "map":
      for (const [key, each] of Object.entries(value as object)) {
        walk(rows, { ...rowKey, figure: joined(rowKey.figure, key) }, field.each, each);
      }
      return;
    case "list":
      for (const cell of listCells(value as string[])) rows.push({ ...rowKey, cell, unit: "" });
      return;
    default: {
      const unit = unitOf(field);
      for (const cell of textCells(textOf(value))) rows.push({ ...rowKey, cell, unit });
    }
  }
}

/** A single value as text. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
}

function walkMembers(rows: Row[], rowKey: RowKey, fields: Fields, values: object): void {
  for (const [name, value] of Object.entries(values) as [string, unknown][]) {
    const field = fields[name];
    if (field === undefined) continue;
    walk(rows, { ...rowKey, figure: joined(rowKey.figure, name) }, field, value);
  }
}

function joined(before: string, part: string): string {
  return before === "" ? part : `${before}.${part}`;
}
