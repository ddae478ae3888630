/** Which of the rollouts that wait were tested together, and what to test next. */
import { coverageAnswer } from "../../../answers/co-tests/coverage.ts";
import { keptQueue } from "../../../answers/co-tests/kept-queue.ts";
import { type PairMatrix, pairMatrix } from "../../../answers/co-tests/matrix.ts";
import { nextBundlesAnswer } from "../../../answers/co-tests/next-bundles.ts";
import type { PairStatus } from "../../../../projections/co-tests/tested-sets.ts";
import { matrixRollouts, shownBundles } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { countFigure, counted, percentFigure, whole } from "../../frame/figures.ts";
import { coTestForm } from "../../decisions/co-test-form.ts";
import { decisions } from "../../decisions/decisions.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { shownClusters } from "./board-rows.ts";
import { rolloutHref } from "./words.ts";

export async function coTestsPanel(context: PageContext): Promise<Html> {
  const clusters = await Promise.all(
    shownClusters(context).map((cluster) => testedOf(context, cluster)),
  );
  const shown = clusters.filter(({ coverage }) => coverage.total > 0);
  return panel("co-tests", {
    title: "Co-tests",
    note: "pairs of queued rollouts that share a node",
    body:
      shown.length === 0
        ? html`${empty("No two queued rollouts share a node.")}
          ${decisions(context, "co-tests", [coTestForm(context, context.filters.cluster, [])])}`
        : html`${shown.map((each) => clusterHtml(context, each))}`,
  });
}

async function testedOf(context: PageContext, cluster: string) {
  const { ledger, stand } = context;
  const { sequence, at } = stand;
  const asked = { cluster, sequence, at };
  return await context.shared(`co-tests of ${cluster}`, async () => ({
    cluster,
    coverage: await coverageAnswer(ledger, asked, { limit: 1 }),
    next: await nextBundlesAnswer(ledger, asked, { limit: shownBundles }),
    matrix: await context.once("co-test matrix", cluster, (view) =>
      oneStep(() => pairMatrix(keptQueue(ledger, view, at ?? -Infinity), matrixRollouts)),
    ),
  }));
}

type Tested = Awaited<ReturnType<typeof testedOf>>;

function clusterHtml(context: PageContext, { cluster, coverage, next, matrix }: Tested): Html {
  const api = (path: string, format?: string) => context.api(path, { cluster, format }, "at");
  const { passed, failed, never, conflict } = coverage;
  return html`<section class="tested">
    <h3>${cluster}</h3>
    <p data-source="${api("/v1/co-test/coverage")}">
      ${percentFigure("coverage", coverage.coverage, 1)} tested: ${countFigure("passed", passed)}
      passed, ${countFigure("failed", failed)} failed, ${countFigure("never", never)} never tested,
      ${countFigure("conflict", conflict)} conflicting.
      <a class="csv" href="${api("/v1/co-test/coverage", "csv")}" download>Pairs CSV</a>
    </p>
    ${matrixHtml(context, cluster, matrix)}
    <p data-source="${api("/v1/co-test/next")}">
      ${countFigure("total", next.total)} co-tests of at most
      ${countFigure("maxBundle", next.maxBundle)} rollouts cover ${countFigure("pairs", next.pairs)}
      untested pairs; at least ${countFigure("lowerBound", next.lowerBound)} are needed.
      <a class="csv" href="${api("/v1/co-test/next", "csv")}" download>Next co-tests CSV</a>
    </p>
    ${
      next.bundles.length > 0 &&
      html`<ol class="bundles">
        ${next.bundles.map(
          ({ rollouts, pairs }) =>
            html`<li>
              ${rollouts.map((rollout) => html`<a href="${rolloutHref(context, cluster, rollout)}">${rollout}</a> `)}
              <span class="sub">${counted(pairs, "pair")}</span>
            </li>`,
        )}
      </ol>`
    }
    ${decisions(context, `co-tests-${cluster}`, [
      coTestForm(context, cluster, next.bundles[0]?.rollouts ?? []),
    ])}
  </section>`;
}

const signs: Readonly<Record<PairStatus, readonly [sign: string, words: string]>> = {
  passed: ["●", "passed together"],
  failed: ["✕", "failed together"],
  never: ["○", "never tested together"],
  conflict: ["≠", "two versions of one component"],
};

function matrixHtml(context: PageContext, cluster: string, matrix: PairMatrix): Html {
  const { rollouts, cells, total } = matrix;
  const rest = total - rollouts.length;
  return html`<div
      class="scroll"
      role="region"
      tabindex="0"
      aria-label="Co-tests of ${cluster}, table"
    >
      <table class="list matrix">
        <thead>
          <tr>
            <td></td>
            ${rollouts.map((_, i) => html`<th scope="col">${i + 1}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rollouts.map(
            (rollout, i) =>
              html`<tr>
                <th scope="row">
                  ${i + 1} <a href="${rolloutHref(context, cluster, rollout)}">${rollout}</a>
                </th>
                ${(cells[i] ?? []).map((status, j) => cellHtml(status, rollout, rollouts[j] ?? ""))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="sub">
      ${Object.values(signs).map(([sign, words]) => html`${sign} ${words} `)}
      ${rest > 0 && html`; ${whole(rest)} more rollouts are in the CSV`}
    </p>`;
}

function cellHtml(status: PairStatus | null, a: string, b: string): Html {
  if (status === null) return html`<td></td>`;
  const [sign, words] = signs[status];
  return html`<td class="${status}">
    <span role="img" aria-label="${a} and ${b}: ${words}" title="${a} and ${b}: ${words}"
      >${sign}</span
    >
  </td>`;
}
