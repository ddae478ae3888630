/** NIS over the window: raw and contractual by bucket, the target, no-fly zones, and what was excluded. */
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { timeAxis, valueAxis } from "../../charts/axis.ts";
import type { Span } from "../../charts/scale.ts";
import { stepChart } from "../../charts/step-chart.ts";
import { durationFigure, figure, percentFigure, verdict } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { dayText, minuteText, timeHtml } from "../../frame/times.ts";
import type { ZoneBand } from "../../cluster/cluster-facts.ts";
import { documentSource, zoneBandsOf } from "../../cluster/cluster-facts.ts";
import { zoneLane } from "../../cluster/zone-lane.ts";
import { exclusionLane, exclusionList } from "./exclusions.ts";
import type { NodeFigures, PageWindow, Series } from "./window-facts.ts";
import { figuresIn, nisSeries, windowIn } from "./window-facts.ts";
import { windowWords } from "./window-words.ts";

const figures = "nis.contractual,nis.raw";
const bucketWords = {
  "1h": "hour",
  "3h": "3 hours",
  "6h": "6 hours",
  "12h": "12 hours",
  "1d": "day",
  "1w": "week",
  "1mo": "month",
} as const;

export async function nisPanel(context: PageContext, cluster: string): Promise<Html> {
  const window = await windowIn(context, cluster);
  const series = await nisSeries(context, cluster);
  const document = await figuresIn(context, cluster);
  const bands = (await zoneBandsOf(context, cluster)).filter(
    ({ from, to }) => from < window.to && to > window.from,
  );
  const asked = { cluster, from: formatInstant(window.from), to: formatInstant(window.to) };
  const source = context.api("/v1/series", { ...asked, figures, bucket: series.bucket });
  const csv = context.api("/v1/series", {
    ...asked,
    figures,
    bucket: series.bucket,
    format: "csv",
  });
  const end = dayText(window.to, context.zone, context.stand.at);
  if (document.nis.raw === null) {
    const words = `No node was a member in ${windowWords(context, window)}: choose another window.`;
    return panel("nis", { title: "NIS over the window", body: empty(words) });
  }
  return panel("nis", {
    title: "NIS over the window",
    note: html`by ${bucketWords[series.bucket]} of ${series.zone}, %<span class="scripted"
        >; drag to zoom, double click for all</span
      >`,
    csv,
    png: true,
    body: html`${headline(context, cluster, document)}
      <div class="window-charts">
        ${await chart(context, cluster, { window, series, bands, target: document.nis.target })}
        <span class="lane-name">zones</span>
        <div class="zone-lane">${zoneLane(bands, window, `No-fly zones of ${cluster}`)}</div>
        <span class="lane-name">excluded</span>
        <div class="exclusion-lane">${exclusionLane(cluster, document, window)}</div>
        <span></span>
        ${timeAxis(window, context.zone, context.stand.at, end)}
      </div>
      ${lineLegend()} ${exclusionList(context, cluster, document)}
      ${seriesTable(context, source, series)}`,
  });
}

function headline(context: PageContext, cluster: string, { nis }: NodeFigures): Html {
  const spent = nis.burnRates.period;
  return html`<p class="figure-line" data-source="${documentSource(context, cluster)}">
    <span class="big">${percentFigure("nis.contractual", nis.contractual)}</span> contractual
    ${verdict(nis.met)}
    <span class="sub">of at least ${Number((nis.target * 100).toFixed(6))} %</span>
    <span
      >raw <b>${percentFigure("nis.raw", nis.raw)}</b> · excluded
      <b>${durationFigure("nis.excludedNodeMs", nis.excludedNodeMs)}</b> of node-time · error budget
      ${spent === null ? html`<span class="none">none</span>` : html`<b>${figure("nis.burnRates.period", spent, (spent * 100).toFixed(1))} %</b> spent`}</span
    >
  </p>`;
}

/** As the style sheet has it, in px. */
const chartHeight = 220;

interface Drawn {
  readonly window: PageWindow;
  readonly series: Series;
  readonly bands: readonly ZoneBand[];
  readonly target: number;
}

async function chart(context: PageContext, cluster: string, drawn: Drawn): Promise<Html> {
  const { window, series, bands, target } = drawn;
  const range = rangeOf(drawn);
  const percents = (values: Series["raw"]) =>
    values.map((value) => (value === null ? null : value * 100));
  const { at } = context.stand;
  const known = await context.once("known", cluster, (view) =>
    oneStep(() => ({ from: view.firstFactAt("node"), to: view.headRecordedAt ?? at ?? 0 })),
  );
  const picture = stepChart({
    edges: series.edges,
    complete: series.complete,
    values: percents(series.contractual),
    behind: percents(series.raw),
    target: target * 100,
    window,
    range,
    bands: bands.map((band) => ({ ...band, depth: band.isPart ? 0.4 : 1 })),
    label: `NIS of ${cluster}, contractual and raw, in percent`,
  });
  const data = {
    edges: series.edges,
    contractual: series.contractual,
    raw: series.raw,
    complete: series.complete,
  };
  return html`${valueAxis(range, target * 100, chartHeight)}
    <div
      class="nis-window"
      data-island="nis-window"
      data-island-key="nis"
      data-src="${context.api("/v1/series", { cluster, figures })}"
      data-label="NIS of ${cluster}"
      data-from="${window.from}"
      data-to="${window.to}"
      data-known-from="${Number.isFinite(known.from) ? known.from : window.from}"
      data-known-to="${known.to}"
      data-target="${target}"
      data-least="${range.from}"
      data-zone="${context.zone.name}"
      data-series="${JSON.stringify(data)}"
      data-bands="${JSON.stringify(bands.map(({ from, to, isPart }) => [from, to, isPart ? 0.4 : 1]))}"
    >
      ${picture}
    </div>`;
}

/** Where the axis begins: below everything that is drawn; its labels say so. */
function rangeOf({ series, target }: Drawn): Span {
  const values = [...series.contractual, ...series.raw].filter((value) => value !== null);
  const least = Math.min(target, ...values) * 100;
  return { from: least < 50 ? 0 : Math.max(0, Math.floor(least) - 1), to: 100 };
}

function lineLegend(): Html {
  return html`<ul class="legend" aria-label="Lines">
    <li><i class="stroke"></i>contractual</li>
    <li><i class="stroke missed"></i>contractual, below target</li>
    <li><i class="stroke thin"></i>raw</li>
    <li><i class="stroke dashed"></i>target</li>
    <li><i class="swatch nfz"></i>no-fly zone</li>
    <li>lighter: a bucket that the window cuts, or that is not over</li>
  </ul>`;
}

function seriesTable({ zone, stand }: PageContext, source: string, series: Series): Html {
  const percent = (value: number | null | undefined) =>
    value === null || value === undefined ? "no data" : (value * 100).toFixed(3);
  const rows = series.edges.slice(0, -1).map((from, i) => {
    const raw = series.raw[i];
    return html`<tr>
      <th scope="row">
        ${timeHtml(from, minuteText(from, zone, stand.at))}${series.complete[i] === false && html` <span class="sub">cut</span>`}
      </th>
      <td class="number">${percent(series.contractual[i])}</td>
      <td class="number">${percent(raw)}</td>
    </tr>`;
  });
  return html`<details>
    <summary>Table</summary>
    <div class="scroll tall" role="region" tabindex="0" aria-label="NIS by bucket">
      <table>
        <caption class="hidden">
          NIS by bucket, in percent, as
          <code>${source}</code>
          gives it
        </caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" class="number">Contractual, %</th>
            <th scope="col" class="number">Raw, %</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}
