/** The SLA report as text: the figures against their targets, then every section with its lists. */
import { shownText } from "../../shown-text.ts";
import type { LedgerSlaDocument } from "../../ledger/documents.ts";
import type { Field } from "../../../projections/document/entry/field.ts";
import { columns, metText, number, percent, table } from "./figures.ts";
import { headlinesOf, isNumber, sectionsOf } from "../layout.ts";
import type { ShownFigure, ShownSection, ShownTable } from "../layout.ts";
import { cellText, valueText } from "./value-text.ts";

interface TextOptions {
  /** How many entries of a list are shown. */
  readonly listLimit: number;
  /** What the reader must know about ledger time and this machine's clock. */
  readonly warning?: string | null;
}

const rule = "=".repeat(100);

export function reportText(report: LedgerSlaDocument, options: TextOptions): string {
  const sections = sectionsOf(report);
  const lines = [
    ...heading(report, options.warning ?? null),
    "Figures against targets",
    ...table(headlinesOf(sections).map(figureRow)),
    ...sections.flatMap((section) => ["", ...sectionText(section, options)]),
  ];
  return `${lines.map(shownText).join("\n")}\n`;
}

function heading(report: LedgerSlaDocument, warning: string | null): string[] {
  const { period, policy } = report;
  const cut = period.complete ? "" : "  CUT: the period is not over";
  const terms = policy.eventId === null ? "none set, the defaults hold" : `event ${policy.eventId}`;
  const lines = [
    rule,
    `SLA report  ${report.cluster}  ${period.label}  (${period.zone})${cut}`,
    `${period.from} to ${period.to}, as of sequence ${number(report.asOf.sequence)}`,
    `policy: ${terms}; ${report.definitions}; time zones ${report.tzdata}`,
  ];
  if (report.recordedAtKept === true) {
    lines.push("recorded times were preserved by an import");
  }
  if (warning !== null) lines.push(`WARNING: ${warning}`);
  return [...lines, rule];
}

function sectionText(section: ShownSection, options: TextOptions): string[] {
  const { title, figures, tables, note } = section;
  const [first] = tables;
  // A section that is a single list has one title for both.
  if (first?.title === title) return listText(first, "", options);
  return [
    title,
    ...table(figures.map(figureRow)),
    ...(note === null ? [] : [`  note: ${note}`]),
    ...tables.flatMap((each) => listText(each, "  ", options)),
  ];
}

/** Name, value, and the target or the whole that it is a part of. */
function figureRow({ field, value, against, share }: ShownFigure): string[] {
  const bound = field.bound === undefined ? "" : `${field.bound} `;
  const row = [field.title, bound + valueText(field, value)];
  if (against !== null) {
    const { bound: how, target, met } = against;
    return [...row, `${how} ${valueText(target.field, target.value)}: ${metText(met)}`];
  }
  if (share === null || share.ratio === null) return [...row, ""];
  return [...row, `${percent(share.ratio)} of ${share.of.toLowerCase()}`];
}

/** A list under its title, with the number of its rows. */
function listText(shown: ShownTable, indent: string, { listLimit }: TextOptions): string[] {
  const { title, sorted, none, rows, flags } = shown;
  if (rows.length === 0) return [`${indent}${title}: ${none ?? "none"}`];
  const told = flags.map(({ words, count }) => `${number(count)} ${words}`);
  const order = sorted === null ? [] : [sorted];
  const kept = shown.columns.flatMap((field, i) => (isWide(field) ? [] : [{ field, i }]));
  const cells = rows
    .slice(0, listLimit)
    .map((row) => kept.map(({ field, i }) => cellText(field, row[i])));
  const left = rows.length - cells.length;
  return [
    `${indent}${title} (${[number(rows.length), ...told, ...order].join(", ")})`,
    ...columns(
      [kept.map(({ field }) => field.title), ...cells],
      `${indent}  `,
      (i) => !isNumber(kept[i]?.field),
    ),
    ...(left > 0 ? [`${indent}  and ${number(left)} more: --all shows them`] : []),
  ];
}

function isWide(field: Field): boolean {
  return "wide" in field && field.wide;
}
