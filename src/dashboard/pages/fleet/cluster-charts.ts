/** NIS by day with no-fly zones shaded, and under it the states of nodes over the same days. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { timeAxis, valueAxis } from "../../charts/axis.ts";
import { stepChart } from "../../charts/step-chart.ts";
import type { PageContext } from "../../frame/page.ts";
import { csvLink, empty, pngButton } from "../../frame/panel.ts";
import type { Daily } from "../../cluster/cluster-facts.ts";
import { dailyOf, figuresOf, zoneBandsOf } from "../../cluster/cluster-facts.ts";
import { zoneLane } from "../../cluster/zone-lane.ts";
import { nodeStates } from "../../cluster/node-states.ts";

const figures = ["nis.contractual", "nis.raw"] as const;

export async function clusterCharts(context: PageContext, cluster: string): Promise<Html> {
  const daily = await dailyOf(context, cluster, figures);
  if (daily === null) return empty("No event has been recorded yet.");
  const { nis } = await figuresOf(context, cluster);
  const bands = await zoneBandsOf(context, cluster);
  const range = { from: await axisStart(context), to: 100 };
  const { window, edges } = daily;
  const chart = stepChart({
    edges,
    values: percents(daily),
    target: nis.target * 100,
    window,
    range,
    bands: bands.map((band) => ({ ...band, depth: band.isPart ? 0.4 : 1 })),
    label: `NIS of ${cluster} by day, in percent`,
  });
  const zones = zoneLane(bands, window, `No-fly zones of ${cluster}`);
  const asked = { cluster, from: formatInstant(window.from), to: formatInstant(window.to) };
  const csv = context.api("/v1/series", {
    ...asked,
    bucket: "1d",
    figures: figures.join(),
    format: "csv",
  });
  return html`<div class="charts">
    <div class="chart-head">
      <h3>
        NIS by day, %
        <span class="sub"
          >· no-fly zones shaded<span class="scripted">
            · <span data-states-words="fleet-${cluster}" data-brief></span></span
        ></span>
      </h3>
      <span class="tools">${csvLink(`NIS of ${cluster} by day`, csv)}${pngButton(cluster)}</span>
    </div>
    <div class="chart-with-axis">
      ${valueAxis(range, nis.target * 100, 80)}
      <div class="plot">
        <div class="nis-steps">${chart}</div>
        <div class="zone-lane">${zones}</div>
        ${nodeStates(context, { ...asked, key: `fleet-${cluster}`, kind: "small", label: `Node states of ${cluster}` })}
        ${timeAxis(window, context.zone, context.stand.at, context.stand.isPast ? "then" : "now")}
      </div>
    </div>
  </div>`;
}

function percents({ figures: { "nis.contractual": values = [] } }: Daily): (number | null)[] {
  return values.map((value) => (value === null ? null : value * 100));
}

/** Where the axis begins: the same for all clusters of the page, below every value that is drawn. */
async function axisStart(context: PageContext): Promise<number> {
  const all = await Promise.all(
    context.clusters.map((cluster) => dailyOf(context, cluster, figures)),
  );
  const values = all.flatMap((daily) => (daily === null ? [] : percents(daily)));
  const least = Math.min(94, ...values.filter((value) => value !== null));
  return least < 50 ? 0 : Math.floor(least);
}
