/** A table of a printed report. */
import { whole } from "./format.ts";
import type { Html } from "./html.ts";
import type { Steps } from "../../turns.ts";
import { stepsAtOnce } from "../../turns.ts";
import { html } from "./html.ts";

/** A list's first so many rows are printed; the JSON and the CSV have them all. */
const maxRows = 60;

/** A table of so few rows is not split over two pages. */
const shortTable = 16;

export type Cell = string | Html;

interface TableForm {
  /** Rows that are shown. Default: so many that the page stays one to read. */
  readonly limit?: number;
  /** A class of the style sheet, for tables whose columns need widths of their own. */
  readonly layout?: string;
}

/** A table whose first column names the row; columns after it may be numbers. */
export function reportTable(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  numbers: readonly number[] = [],
  form: TableForm = {},
): Html {
  return stepsAtOnce(tableInSteps(heads, rows, (row) => row, numbers, form));
}

/** The same of rows whose cells are made where they are shown. */
export function* tableInSteps<Row>(
  heads: readonly string[],
  rows: readonly Row[],
  cellsOf: (row: Row) => readonly Cell[],
  numbers: readonly number[] = [],
  { limit = maxRows, layout = "" }: TableForm = {},
): Steps<Html> {
  const shown: (readonly Cell[])[] = [];
  for (const row of rows.slice(0, limit)) {
    shown.push(cellsOf(row));
    yield;
  }
  const left = rows.length - shown.length;
  return html`<table class="${shown.length <= shortTable ? "short" : "long"} ${layout}">
      <thead>
        <tr>
          ${heads.map((head, i) => html`<th scope="col" class="${numbers.includes(i) ? "number" : ""}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          ([name = "", ...cells]) =>
            html`<tr>
              <th scope="row" class="wrap">${name}</th>
              ${cells.map((cell, i) => html`<td class="${numbers.includes(i + 1) ? "number" : "wrap"}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${left > 0 && html`<p class="note">${whole(left)} more stand in the JSON and CSV forms of this report.</p>`}`;
}
