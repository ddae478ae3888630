/** The pairs of rollouts that wait, as a matrix of signs: by keyboard it is a grid. */
import type { PairMatrix } from "../../../answers/co-tests/matrix.ts";
import type { PairStatus } from "../../../../projections/co-tests/tested-sets.ts";
import { type Html, html } from "../../../reports/html/html.ts";
import { whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { rolloutHref } from "./words.ts";

/** Signs are drawn: not every font has them. */
const signs: Readonly<Record<PairStatus, { readonly path: string; readonly words: string }>> = {
  passed: { path: "M7 3 a4 4 0 1 0 0.01 0 z", words: "passed together" },
  failed: { path: "M3.5 3.5 L10.5 10.5 M10.5 3.5 L3.5 10.5", words: "failed together" },
  never: { path: "M7 3 a4 4 0 1 0 0.01 0 z", words: "never tested together" },
  conflict: {
    path: "M3 5.5 H11 M3 8.5 H11 M9.5 3 L4.5 11",
    words: "two versions of one component",
  },
};

function sign(status: PairStatus, label?: string): Html {
  const name =
    label === undefined ? html`aria-hidden="true"` : html`role="img" aria-label="${label}"`;
  return html`<svg class="pair ${status}" viewBox="0 0 14 14" width="14" height="14" ${name}>
    ${label !== undefined && html`<title>${label}</title>`}
    <path d="${signs[status].path}" />
  </svg>`;
}

export function matrixHtml(context: PageContext, cluster: string, matrix: PairMatrix): Html {
  const { rollouts, cells, total } = matrix;
  const rest = total - rollouts.length;
  return html`<div
      class="scroll"
      role="region"
      tabindex="0"
      aria-label="Co-tests of ${cluster}, table"
      data-island="pairs"
      data-island-key="pairs-${cluster}"
    >
      <table class="matrix">
        <caption class="hidden">
          Co-tests of ${cluster}
        </caption>
        <thead>
          <tr>
            <td></td>
            ${rollouts.map((rollout, i) => html`<th scope="col" title="${rollout}">${i + 1}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rollouts.map(
            (rollout, i) =>
              html`<tr>
                <th scope="row">
                  <span class="number">${i + 1}</span>
                  <a href="${rolloutHref(context, cluster, rollout)}">${rollout}</a>
                </th>
                ${(cells[i] ?? []).map((status, j) => cellHtml(status, rollout, rollouts[j] ?? ""))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <ul class="legend" aria-label="Signs">
      ${(Object.keys(signs) as PairStatus[]).map(
        (status) => html`<li>${sign(status)}${signs[status].words}</li>`,
      )}
      <li>
        <i class="swatch no-node"></i>no pair: they share no node, or one has all updates of the
        other
      </li>
      ${rest > 0 && html`<li>${whole(rest)} more rollouts are in the CSV</li>`}
    </ul>`;
}

function cellHtml(status: PairStatus | null, a: string, b: string): Html {
  if (status === null) return html`<td></td>`;
  return html`<td data-pair>${sign(status, `${a} and ${b}: ${signs[status].words}`)}</td>`;
}
