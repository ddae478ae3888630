/** Facts that did not fit, counted by kind and cluster over the page's window. */
import { findingKinds } from "../../../../projections/facts/finding.ts";
import type { FindingKind } from "../../../../projections/facts/finding.ts";
import { findingName, fixOf } from "../../../answers/finding-fixes.ts";
import { figuresAlone } from "../../../reports/figures.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { windowOf } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { isRefusedFigure, windowParameters } from "../../cluster/cluster-facts.ts";
import { periodWords } from "../../cluster/period-switch.ts";

interface Counted {
  readonly cluster: string;
  readonly period: string;
  readonly counts: Readonly<Partial<Record<FindingKind, number>>>;
  /** Why there are none. */
  readonly refused: string | null;
}

export async function findingsPanel(context: PageContext): Promise<Html> {
  const title = "Facts that did not fit";
  const all: Counted[] = [];
  for (const cluster of context.clusters) all.push(await countedOf(context, cluster));
  const kinds = findingKinds.filter((kind) => all.some(({ counts }) => (counts[kind] ?? 0) > 0));
  const source = context.api("/v1/data-quality", { ...windowParameters(context), limit: "1" });
  const refused = all.flatMap(({ cluster, refused: why }) =>
    why === null ? [] : [html`<p class="problem">${cluster}: ${why}</p>`],
  );
  const [first] = all;
  if (kinds.length === 0) {
    const words =
      first === undefined
        ? "No fact has come, so none does not fit."
        : "Every fact of the window fits.";
    return panel("findings", { title, body: html`${refused} ${empty(words)}` });
  }
  const list = context.api("/v1/data-quality", { ...windowParameters(context), format: "html" });
  return panel("findings", {
    title,
    note: `${first?.period}; they are kept, and change no figure`,
    tools: html`<a href="${list}">Each of them</a>`,
    body: html`${refused}
      <div class="scroll" role="region" aria-label="${title}, as a table" tabindex="0">
        <table data-source="${source}">
          <caption class="hidden">
            Findings by kind and cluster
          </caption>
          <thead>
            <tr>
              <th scope="col">Finding</th>
              ${all.map(({ cluster }) => html`<th scope="col" class="number">${cluster}</th>`)}
              <th scope="col" class="fix">What to do</th>
            </tr>
          </thead>
          <tbody>
            ${kinds.map((kind) => kindRow(kind, all))}
          </tbody>
        </table>
      </div>`,
  });
}

function kindRow(kind: FindingKind, all: readonly Counted[]): Html {
  // Clusters without figures are not in the answer either: then no index would be right.
  const isWhole = all.every(({ refused }) => refused === null);
  const cells = all.map(({ counts }, i) => {
    const count = counts[kind];
    if (count === undefined) return html`<td class="number sub">0</td>`;
    const path = `clusters.${i}.dataQuality.findings.${kind}`;
    return html`<td class="number">
      ${isWhole ? figure(path, count, whole(count)) : whole(count)}
    </td>`;
  });
  return html`<tr>
    <th scope="row">${findingName(kind)}</th>
    ${cells}
    <td class="fix sub">${fixOf(kind)}</td>
  </tr>`;
}

async function countedOf(context: PageContext, cluster: string): Promise<Counted> {
  const window = windowOf(context.query);
  try {
    return await context.once(`findings by kind ${JSON.stringify(window)}`, cluster, (view) =>
      oneStep(() => {
        const { period, dataQuality } = figuresAlone(view, window, ["period", "dataQuality"]);
        const counts = dataQuality.findings;
        return { cluster, period: periodWords(period), counts, refused: null };
      }),
    );
  } catch (error) {
    if (!isRefusedFigure(error)) throw error;
    return { cluster, period: "", counts: {}, refused: error.message };
  }
}
