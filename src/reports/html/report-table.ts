/** A table of a printed report. */
import { whole } from "./format.ts";
import type { Html } from "./html.ts";
import type { Steps } from "../../turns.ts";
import { stepsAtOnce } from "../../turns.ts";
import { html } from "./html.ts";

/** How many rows of a list are printed; the JSON and the CSV have all of them. */
const maxRows = 60;

/** A table with at most so many rows is not split over two pages. */
const shortTable = 16;

export type Cell = string | Html;

interface TableForm {
  /** How many rows are shown. Default: as many as keep the page readable. */
  readonly limit?: number;
  /** A class of the style sheet, for tables whose columns need fixed widths. */
  readonly layout?: string;
}

/** A table whose first column names the row; later columns may be numbers. */
export function reportTable(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  numbers: readonly number[] = [],
  form: TableForm = {},
): Html {
  return stepsAtOnce(tableInSteps(heads, rows, (row) => row, numbers, form));
}

/** The same for rows whose cells are made only if the row is shown. */
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
    ${left > 0 && html`<p class="note">${whole(left)} more are in the JSON and CSV forms of this report.</p>`}`;
}
