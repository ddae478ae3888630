/** Which of the rollouts that wait were tested together, and what to test next. */
import { coverageAnswer } from "../../../answers/co-tests/coverage.ts";
import { keptQueue } from "../../../answers/co-tests/kept-queue.ts";
import { pairMatrix } from "../../../answers/co-tests/matrix.ts";
import { nextBundlesAnswer } from "../../../answers/co-tests/next-bundles.ts";
import { matrixRollouts, shownBundles } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { countFigure, counted, percentFigure } from "../../frame/figures.ts";
import { coTestForm } from "../../decisions/co-test-form.ts";
import { decisions } from "../../decisions/decisions.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { shownClusters } from "./board-rows.ts";
import { matrixHtml } from "./pair-matrix.ts";
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
      ${percentFigure("coverage", coverage.coverage, 1)} passed together:
      ${countFigure("passed", passed)} passed, ${countFigure("failed", failed)} failed,
      ${countFigure("never", never)} never tested, ${countFigure("conflict", conflict)} conflicting.
      <a class="csv" href="${api("/v1/co-test/coverage", "csv")}" download>Pairs CSV</a>
    </p>
    ${matrixHtml(context, cluster, matrix)}
    <p data-source="${api("/v1/co-test/next")}">
      ${nextWords(next)}
      <a class="csv" href="${api("/v1/co-test/next", "csv")}" download>Next co-tests CSV</a>
    </p>
    ${
      next.bundles.length > 0 &&
      html`<ol class="bundles">
        ${next.bundles.map(
          ({ rollouts, pairs }) =>
            html`<li>
              ${rollouts.map((rollout, i) => html`${i > 0 && ", "}<a href="${rolloutHref(context, cluster, rollout)}">${rollout}</a>`)}
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

/** The bound stands beside the number: nobody can do with fewer. */
function nextWords({ total, maxBundle, pairs, lowerBound }: Tested["next"]): Html {
  const one = (count: number, single: string, several: string) => (count === 1 ? single : several);
  return html`${countFigure("total", total)} ${one(total, "co-test", "co-tests")} of at most
  ${countFigure("maxBundle", maxBundle)} rollouts ${one(total, "covers", "cover")}
  ${countFigure("pairs", pairs)} untested ${one(pairs, "pair", "pairs")}; at least
  ${countFigure("lowerBound", lowerBound)} ${one(lowerBound, "is", "are")} needed.`;
}
