/** The frame of list pages: their position, one table, and the link to the next page. */
import type { LastEvent } from "../../answers/last-event.ts";
import { instant, whole } from "../../reports/html/format.ts";
import type { Html } from "../../reports/html/html.ts";
import { html, page } from "../../reports/html/html.ts";
import { lastEventWords } from "../../reports/html/last-event.ts";
import { pathSegment } from "../../path-segment.ts";

export interface ListHead {
  readonly asOf: { readonly sequence: number };
  readonly at: string | null;
  readonly isPast: boolean;
  readonly lastEvent: LastEvent | null;
  readonly windows: readonly {
    readonly cluster: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly total: number;
  readonly next: string | null;
}

interface ListTable {
  readonly title: string;
  /** What the rows are, as the table's caption. */
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly Html[];
  /** The text shown if there are no rows. */
  readonly none: string;
}

export function listPage(head: ListHead, { title, caption, heads, rows, none }: ListTable): string {
  const { asOf, at, isPast, lastEvent, total, next } = head;
  const main = html`<main id="main" data-sequence="${asOf.sequence}">
    <h1>${title}</h1>
    <p id="position">
      As of sequence
      <strong>${whole(asOf.sequence)}</strong
      >${at !== null && html`, at ${instant(at)}`}${isPast && " (historical view)"}.
      ${lastEventWords(lastEvent)} ${windowWords(head)}
    </p>
    ${rows.length === 0 ? html`<p class="none">${none}</p>` : tableOf(caption, heads, rows)}
    ${
      rows.length > 0 &&
      html`<p>
        ${whole(rows.length)} of
        ${whole(total)}${next !== null && html` · <a rel="next" href="${next}">next page</a>`}
      </p>`
    }
  </main>`;
  return page(`${title} – fleetledger`, main, { asOf: isPast ? asOf.sequence : undefined });
}

/** The window, if all clusters have the same one. */
function windowWords({ windows }: ListHead): Html | null {
  const [first] = windows;
  if (first === undefined) return null;
  const isOne = windows.every(({ from, to }) => from === first.from && to === first.to);
  if (isOne) return html`Figures are of ${instant(first.from)} to ${instant(first.to)}.`;
  return html`Figures are of each cluster's own period.`;
}

export function tableOf(caption: string, heads: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((each) => html`<th scope="col">${each}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** The address of a node's or a job's page, at this page's position and instant. */
export function entityAddress(
  kind: "nodes" | "jobs",
  { asOf, at, isPast }: Pick<ListHead, "asOf" | "at" | "isPast">,
  cluster: string,
  name: string,
): string {
  const path = `/v1/${kind}/${pathSegment(cluster)}/${pathSegment(name)}`;
  if (!isPast) return path;
  const query = new URLSearchParams({
    asOf: String(asOf.sequence),
    ...(kind === "nodes" && at !== null ? { at } : {}),
  });
  return `${path}?${query.toString()}`;
}
