/** The frame of a table that lists things: it scrolls in its own box, by keyboard too, and is named for screen readers. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";

type Head =
  | string
  | {
      readonly title: string;
      /** Figures stand at the right, under their title. */
      readonly kind: "number" | "fix";
    };

interface ListTable {
  /** The title of its panel. */
  readonly title: string;
  /** For those who do not see the table, and the name of its CSV. */
  readonly caption?: string;
  readonly heads: readonly Head[];
  readonly rows: readonly Html[];
  /** The address at which the interface gives its figures. */
  readonly source?: string;
  /** Whether it scrolls down in its box, where there may be many rows. */
  readonly isTall?: boolean;
}

export function listTable(table: ListTable): Html {
  const { title, caption, heads, rows, source, isTall = false } = table;
  return html`<div
    class="scroll${isTall && " tall"}"
    role="region"
    tabindex="0"
    aria-label="${title}, table"
  >
    <table class="list" ${source !== undefined && html`data-source="${source}"`}>
      ${
        caption !== undefined &&
        html`<caption class="hidden">
          ${caption}
        </caption>`
      }
      <thead>
        <tr>
          ${heads.map(headCell)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function headCell(head: Head): Html {
  if (typeof head === "string") return html`<th scope="col">${head}</th>`;
  return html`<th scope="col" class="${head.kind}">${head.title}</th>`;
}
