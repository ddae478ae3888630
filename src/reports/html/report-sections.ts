/** The sections of a printed report, made from the catalogue of fields: figures against targets, then each section with its lists. */
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import type { Field } from "../../../projections/document/entry/field.ts";
import type { Shown, ShownFigure, ShownSection, ShownTable } from "../layout.ts";
import { headlinesOf, isNumber, sectionsOf } from "../layout.ts";
import type { Steps } from "../../turns.ts";
import { percent, whole } from "./format.ts";
import type { Html } from "./html.ts";
import { html, onLines } from "./html.ts";
import { fixesTable } from "./fixes-table.ts";
import type { Cell } from "./report-table.ts";
import { reportTable, tableInSteps } from "./report-table.ts";
import { cellHtml, valueHtml, verdict } from "./value-html.ts";

/** A table with more columns is set in smaller type. */
const manyColumns = 6;

/** The complete content of a report's document. */
export function* documentSections(document: SlaDocument): Steps<Html> {
  const sections = sectionsOf(document);
  const shown: Html[] = [];
  for (const each of sections) {
    yield;
    shown.push(yield* sectionHtml(each));
  }
  return onLines(
    html`<h2>Figures against targets</h2>`,
    reportTable(
      ["Figure", "Value", "Target", "Result"],
      headlinesOf(sections).map(headline),
      [1, 2],
    ),
    html`${shown} ${fixesTable(document.dataQuality.list)}`,
  );
}

function headline({ field, value, against }: ShownFigure): Cell[] {
  if (against === null) return [field.title, valueHtml(field, value), "", ""];
  const { target, met } = against;
  return [field.title, valueHtml(field, value, target.value), bound(against), verdict(met)];
}

function bound({ bound: how, target }: NonNullable<ShownFigure["against"]>): Html {
  return html`${how === "at least" ? "≥" : "≤"} ${valueHtml(target.field, target.value)}`;
}

function* sectionHtml({ title, meaning, figures, tables, note }: ShownSection): Steps<Html> {
  const shown: Html[] = [];
  for (const each of tables) shown.push(yield* tableHtml(each, title));
  return onLines(
    html`<h2>${title}</h2>`,
    html`<p class="note">${meaning}</p>`,
    figures.length > 0 && figuresTable(figures),
    note !== null && html`<p class="note">${note}</p>`,
    shown,
  );
}

/** Each figure with its exact value, and its target or the whole that it is a part of. */
function figuresTable(figures: readonly ShownFigure[]): Html {
  const hasNumbers = figures.some(({ value }) => typeof value === "number");
  const hasRemarks = figures.some(({ against, share }) => against !== null || share !== null);
  const rows = figures.map((each): Cell[] => [
    html`<span title="${each.field.meaning}">${each.field.title}</span>`,
    html`${each.field.bound !== undefined && `${each.field.bound} `}${valueHtml(each.field, each.value, each.against?.target.value)}`,
    ...(hasNumbers ? [exactly(each)] : []),
    ...(hasRemarks ? [remark(each)] : []),
  ]);
  const heads = [
    "Figure",
    "Value",
    ...(hasNumbers ? ["Exactly"] : []),
    ...(hasRemarks ? ["Remark"] : []),
  ];
  return reportTable(heads, rows, hasNumbers ? [1, 2] : [], { limit: Infinity });
}

/** A sum of time, readable and exact. */
function sumHtml(field: Field, value: unknown): Html {
  if (field.kind !== "nodeMs" && field.kind !== "durationMs") return cellHtml(field, value);
  return html`${cellHtml(field, value)}<br /><small
      >${exactly({ field, value: value as number | null })}</small
    >`;
}

/** The number as in the JSON, if the readable value beside it has another form. */
function exactly({ field: { kind }, value }: Shown): string {
  if (typeof value !== "number" || kind === "count") return "";
  return kind === "durationMs" || kind === "nodeMs" ? `${whole(value)} ms` : String(value);
}

function remark({ against, share }: ShownFigure): Html {
  if (against !== null) return html`${bound(against)}: ${verdict(against.met)}`;
  if (share === null || share.ratio === null) return html``;
  return html`${percent(share.ratio)} of ${share.of.toLowerCase()}`;
}

/** A list under its title, unless `section`, the heading above it, is the same. */
function* tableHtml(shown: ShownTable, section: string): Steps<Html> {
  const { title, sorted, none, columns, rows, isOfSums } = shown;
  const heading = title === section ? null : html`<h3>${title}</h3>`;
  if (rows.length === 0) {
    return html`${heading}
      <p class="none">${none}</p>`;
  }
  const told = shown.flags.map(({ words, count }) => `, ${whole(count)} ${words}`);
  const numbers = columns.flatMap((field, i) => (isNumber(field) ? [i] : []));
  const table = yield* tableInSteps(
    columns.map((field) => field.title),
    rows,
    (row) => columns.map((field, i) => (isOfSums ? sumHtml : cellHtml)(field, row[i])),
    numbers,
    columns.length > manyColumns ? { layout: "dense" } : {},
  );
  return html`${heading}
  ${sorted !== null && html`<p class="note">${whole(rows.length)} in total${told}, ${sorted}.</p>`}
  ${table}`;
}
