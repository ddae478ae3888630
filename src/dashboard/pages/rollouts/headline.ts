/** Rollouts in one sentence, the choice of clusters, and what can be asked for. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { countFigure, counted, durationFigure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { decisions } from "../../decisions/decisions.ts";
import { declareForm } from "../../decisions/nfz-forms.ts";
import { submitForm } from "../../decisions/rollout-forms.ts";
import type { ColumnId, PlacedRow } from "./board-rows.ts";
import { boardOf, queueOn, queueSource, shownClusters } from "./board-rows.ts";

export async function rolloutsHeadline(context: PageContext): Promise<Html> {
  const board = await boardOf(context);
  const { stand, filters } = context;
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>Rollouts</h1>
        ${await sentence(context, board)} ${clusterSwitch(context)}
      </div>
      ${decisions(context, "rollouts", [
        declareForm(context, filters["cluster"]),
        submitForm(context, filters["cluster"]),
      ])}`,
    stand.isPast ? "past" : "",
  );
}

async function sentence(
  context: PageContext,
  board: ReadonlyMap<ColumnId, readonly PlacedRow[]>,
): Promise<Html> {
  const { total, oldestAgeMs, overdue } = await queueOn(context);
  const count = (id: ColumnId) => board.get(id)?.length ?? 0;
  const inFlight = count("in-progress") + count("verifying");
  const clusters = shownClusters(context).length;
  const waiting =
    total === 0
      ? html`<span class="hidden">${countFigure("total", 0)}</span>No rollout waits for a no-fly
          zone`
      : html`${countFigure("total", total)} ${total === 1 ? "rollout waits" : "rollouts wait"} for a
        no-fly zone, the longest for ${durationFigure("oldestAgeMs", oldestAgeMs)}`;
  const late =
    overdue === 0
      ? html`no release is overdue`
      : html`<b class="alarm"
          >${countFigure("overdue", overdue)} ${overdue === 1 ? "release is" : "releases are"}
          overdue</b
        >`;
  return html`<p class="sentence" data-source="${queueSource(context)}">
    ${waiting}; ${late};
    ${inFlight === 0 ? "none is" : `${whole(inFlight)} ${inFlight === 1 ? "is" : "are"}`} in flight,
    over ${counted(clusters, "cluster")}.
  </p>`;
}

function clusterSwitch(context: PageContext): Html | null {
  const { clusters, filters } = context;
  if (clusters.length < 2) return null;
  const link = (cluster: string | null, words: string) =>
    html`<a
      href="${context.here({ cluster })}"
      ${(filters["cluster"] ?? null) === cluster && { html: 'aria-current="true"' }}
      >${words}</a
    >`;
  return html`<nav class="switch" aria-label="Cluster">
    ${link(null, "All clusters")} ${clusters.map((cluster) => link(cluster, cluster))}
  </nav>`;
}
