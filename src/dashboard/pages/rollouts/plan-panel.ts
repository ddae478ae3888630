/** The release plan: the waves in which what waits could go, one below the other, from when they may start. */
import { releasePlanAnswer } from "../../../answers/release-plan/release-plan.ts";
import { shownWaves } from "../../../limits/pages.ts";
import { instantMs } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { countFigure, durationFigure, figure, percentFigure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText } from "../../frame/times.ts";
import { shownClusters } from "./board-rows.ts";
import { listTable } from "../../tables/list-table.ts";
import { waveLanes } from "./wave-lanes.ts";
import { rolloutHref, whenHtml } from "./words.ts";

type Plan = Awaited<ReturnType<typeof releasePlanAnswer>>;

export async function planPanel(context: PageContext): Promise<Html> {
  const { ledger, stand } = context;
  const { sequence, at } = stand;
  const plans = await Promise.all(
    shownClusters(context).map((cluster) =>
      context.shared(`release plan of ${cluster}`, () =>
        releasePlanAnswer(ledger, { cluster, sequence, at }),
      ),
    ),
  );
  const shown = plans.filter(({ waves, leftOut }) => waves.length + leftOut.length > 0);
  return panel("plan", {
    title: "Release plan",
    note: "what was tested together goes together; batches keep the target",
    png: shown.some(({ waves }) => waves.length > 0),
    body:
      shown.length === 0
        ? empty("Nothing is queued, so there is nothing to plan.")
        : html`${shown.map((plan) => planHtml(context, plan))}`,
  });
}

function planHtml(context: PageContext, plan: Plan): Html {
  const { cluster, waves, leftOut } = plan;
  const path = "/v1/rollouts/release-plan";
  const csv = context.api(path, { cluster, format: "csv" }, "at");
  const rest = waves.length - shownWaves;
  return html`<section class="tested" data-source="${context.api(path, { cluster }, "at")}">
    <h3>${cluster}</h3>
    <p>
      ${countFigure("inService", plan.inService)} of ${countFigure("members", plan.members)} nodes
      in service, target ${percentFigure("nisTarget", plan.nisTarget, 1)}:
      ${countFigure("batch", plan.batch)} may be out at once. ${countFigure("stops", plan.stops)}
      stops of jobs, ${durationFigure("nodeMs", plan.nodeMs)} of node-time; ${budgetWords(plan)}
      <a class="csv" href="${csv}" download>Waves CSV</a>
    </p>
    ${waves.length > 0 && html`${waveLanes(context, plan)} ${wavesHtml(context, plan)}`}
    ${rest > 0 && html`<p class="more">${whole(rest)} more waves are in the CSV.</p>`}
    ${
      leftOut.length > 0 &&
      html`<p>
        Left out:
        ${leftOut.slice(0, shownWaves).map(({ rollout, because }, i) => html`${i > 0 && ", "}<a href="${rolloutHref(context, cluster, rollout)}">${rollout}</a> (${leftOutWords[because]})`)}
        ${leftOut.length > shownWaves && html`and ${whole(leftOut.length - shownWaves)} more`}
      </p>`
    }
  </section>`;
}

function budgetWords({ budgetLeftNodeMs: left }: Plan): Html {
  if (left === null || left >= 0) {
    return html`${durationFigure("budgetLeftNodeMs", left)} left in the month’s error budget.`;
  }
  const beyond = html`<span title="${left} ms">${durationText(-left)}</span>`;
  return html`the month’s error budget is overspent by ${figure("budgetLeftNodeMs", left, beyond)}.`;
}

const leftOutWords: Readonly<Record<Plan["leftOut"][number]["because"], string>> = {
  "failed-alone": "its own updates failed a test",
  "nis-floor": "no node may go out of service",
};

function wavesHtml(context: PageContext, { cluster, waves }: Plan): Html {
  return listTable({
    title: `Waves of ${cluster}`,
    heads: [
      "Wave",
      "Not before",
      { title: "Nodes", kind: "number" },
      { title: "Batches", kind: "number" },
      { title: "Stops", kind: "number" },
      { title: "Node-time", kind: "number" },
      { title: "NIS down to", kind: "number" },
      "Rollouts",
    ],
    rows: waves.slice(0, shownWaves).map((wave, i) => waveRow(context, cluster, wave, i)),
  });
}

function waveRow(context: PageContext, cluster: string, wave: Plan["waves"][number], i: number) {
  const { rollouts, notBefore } = wave;
  return html`<tr>
    <th scope="row">${i + 1}</th>
    <td>${notBefore === null ? "not known" : whenHtml(context, instantMs(notBefore))}</td>
    <td class="number">${countFigure(`waves.${i}.touched`, wave.touched)}</td>
    <td class="number">${countFigure(`waves.${i}.batches`, wave.batches)}</td>
    <td class="number">${countFigure(`waves.${i}.stops`, wave.stops)}</td>
    <td class="number">${durationFigure(`waves.${i}.nodeMs`, wave.nodeMs)}</td>
    <td class="number">${percentFigure(`waves.${i}.nis`, wave.nis, 1)}</td>
    <td class="wrap">
      ${rollouts.slice(0, shownWaves).map((rollout, k) => html`${k > 0 && ", "}<a href="${rolloutHref(context, cluster, rollout)}">${rollout}</a>`)}
      ${rollouts.length > shownWaves && html`and ${whole(rollouts.length - shownWaves)} more`}
    </td>
  </tr>`;
}
