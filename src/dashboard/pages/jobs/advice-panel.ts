/** How often to checkpoint: today's interval and the advised one on the curve of expected ETTR. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import { expectedEttr } from "../../../../projections/figures/jobs/job-impact.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { boxPoint, durationsBetween, plot } from "../../charts/plot.ts";
import { pc, share } from "../../charts/scale.ts";
import { durationFigure, percentFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText } from "../../frame/times.ts";
import { documentOf, documentSource, windowParameters } from "../../cluster/cluster-facts.ts";

type Advice = SlaDocument["jobUptime"]["checkpointAdvice"];

/** Points of the curve. */
const points = 120;

export async function advicePanel(context: PageContext, cluster: string): Promise<Html> {
  const title = "How often to checkpoint";
  const { jobUptime, period } = await documentOf(context, cluster);
  const { checkpointAdvice: advice } = jobUptime;
  const curve = curveOf(advice);
  if (curve === null) {
    const missing =
      advice.checkpointCostMs === null
        ? "No checkpoint was complete in the period; JobCheckpointed states one."
        : advice.meanTimeBetweenInterruptionsMs === null
          ? "No interruption began in the period, so nothing speaks for checkpoints more often or less."
          : "No ETTR can be expected where checkpoints cost no time, or no time ran between interruptions.";
    return panel("advice", { title, body: empty(missing) });
  }
  return panel("advice", {
    title,
    note: `Young and Daly's interval, from what was measured in ${period.complete ? "the period" : "the period so far"}`,
    csv: context.api("/v1/sla", { cluster, ...windowParameters(context), format: "csv" }),
    png: true,
    body: html`<div data-source="${documentSource(context, cluster)}">
      ${words(advice, jobUptime.ettr)} ${chart(advice, curve)} ${table(curve)}
    </div>`,
  });
}

function words(advice: Advice, ettr: number | null): Html {
  const at = (name: keyof Advice) => `jobUptime.checkpointAdvice.${name}`;
  const time = (name: keyof Advice) => durationFigure(at(name), advice[name]);
  const today =
    advice.checkpointIntervalMs === null
      ? html`Today's interval is not known: no checkpoint follows another.`
      : html`Today <b>${time("checkpointIntervalMs")}</b> between checkpoints:
          ${percentFigure(at("expectedEttr"), advice.expectedEttr, 1)} ETTR expected.`;
  return html`<p class="chart-words">
    ${today} Advised <b>${time("youngDalyIntervalMs")}</b>:
    ${percentFigure(at("expectedEttrAtAdvice"), advice.expectedEttrAtAdvice, 1)} expected. Measured:
    ${percentFigure("jobUptime.ettr", ettr, 1)}. A checkpoint costs ${time("checkpointCostMs")}, a
    recovery takes ${time("recoveryMs")}, and ${time("meanTimeBetweenInterruptionsMs")} pass between
    interruptions.
  </p>`;
}

interface CurvePoint {
  readonly intervalMs: number;
  readonly ettr: number;
}

/** Expected ETTR over checkpoint interval, evenly on a logarithmic scale; `null` where nothing can be expected. */
function curveOf(advice: Advice): readonly CurvePoint[] | null {
  const { youngDalyIntervalMs: advised, checkpointIntervalMs: today } = advice;
  if (advised === null || advice.expectedEttrAtAdvice === null) return null;
  const [from, to] = [
    Math.min(advised, today ?? advised) / 6,
    Math.max(advised, today ?? advised) * 6,
  ];
  if (from <= 0) return null;
  const curve: CurvePoint[] = [];
  for (let i = 0; i <= points; i++) {
    const intervalMs = from * (to / from) ** (i / points);
    const ettr = ettrAt(advice, intervalMs);
    if (ettr === null) return null;
    curve.push({ intervalMs, ettr });
  }
  return curve;
}

function ettrAt(advice: Advice, intervalMs: number): number | null {
  const { meanTimeBetweenInterruptionsMs, checkpointCostMs, recoveryMs } = advice;
  return expectedEttr(meanTimeBetweenInterruptionsMs, checkpointCostMs, recoveryMs, intervalMs);
}

function chart(advice: Advice, curve: readonly CurvePoint[]): Html {
  const [first, last] = [curve[0]?.intervalMs ?? 1, curve.at(-1)?.intervalMs ?? 1];
  const x = { from: Math.log(first), to: Math.log(last) };
  const ettrs = curve.map(({ ettr }) => ettr);
  const ticks = evenPercents(Math.min(...ettrs), Math.max(...ettrs));
  const y = { from: (ticks[0] ?? 0) / 100, to: (ticks.at(-1) ?? 100) / 100 };
  const left = (ms: number) => share(Math.log(ms), x);
  const path = curve
    .map(
      ({ intervalMs, ettr }, i) =>
        `${i === 0 ? "M" : "L"}${boxPoint(left(intervalMs), share(ettr, y))}`,
    )
    .join("");
  // Labels stand to the upper right, where the curve falls away.
  const mark = (kind: string, ms: number | null, ettr: number | null, name: string, dy: number) =>
    ms === null || ettr === null
      ? null
      : html`<line
            class="drop"
            x1="${pc(left(ms))}"
            x2="${pc(left(ms))}"
            y1="${pc(100 - share(ettr, y))}"
            y2="100%"
          />
          <circle class="${kind}" cx="${pc(left(ms))}" cy="${pc(100 - share(ettr, y))}" r="5"
            ><title>${name}: ${durationText(ms)}, ${(ettr * 100).toFixed(1)} %</title></circle
          ><text
            x="${pc(left(ms))}"
            y="${pc(100 - share(ettr, y))}"
            dy="${dy}"
            dx="${left(ms) > 70 ? -9 : 9}"
            text-anchor="${left(ms) > 70 ? "end" : "start"}"
            >${name}</text
          >`;
  const { youngDalyIntervalMs, expectedEttrAtAdvice, checkpointIntervalMs } = advice;
  const over = html`${mark("today", checkpointIntervalMs, advice.expectedEttr, "today", -9)}${mark("advised", youngDalyIntervalMs, expectedEttrAtAdvice, "advised", -9)}`;
  return plot({
    label: `Expected ETTR by checkpoint interval; it is highest near ${durationText(youngDalyIntervalMs ?? 0)}`,
    height: 260,
    yTicks: ticks.map((percent) => ({ at: share(percent / 100, y), label: `${percent} %` })),
    xTicks: spaced(
      durationsBetween(first, last).map((ms) => ({ at: left(ms), label: durationText(ms) })),
    ),
    stretched: html`<path class="line" d="${path}" />`,
    over,
  });
}

/** Round percentages from below the least to above the most. */
function evenPercents(least: number, most: number): number[] {
  const step = most - least > 0.4 ? 20 : most - least > 0.2 ? 10 : 5;
  const first = Math.floor((least * 100) / step) * step;
  const count = Math.max(1, Math.ceil((most * 100 - first) / step));
  return Array.from({ length: count + 1 }, (_, i) => first + i * step);
}

/** Labels that would overlap are left out. */
function spaced(ticks: readonly { at: number; label: string }[]): { at: number; label: string }[] {
  let last = -Infinity;
  return ticks.filter(({ at }) => {
    if (at - last < 11) return false;
    last = at;
    return true;
  });
}

function table(curve: readonly CurvePoint[]): Html {
  const rows = curve
    .filter((_, i) => i % 10 === 0)
    .map(
      ({ intervalMs, ettr }) =>
        html`<tr>
          <th scope="row">${durationText(Math.round(intervalMs))}</th>
          <td class="number">${(ettr * 100).toFixed(2)} %</td>
        </tr>`,
    );
  return html`<details class="as-table">
    <summary>As a table</summary>
    <table>
      <caption class="hidden">
        Expected ETTR by checkpoint interval
      </caption>
      <thead>
        <tr>
          <th scope="col">Interval</th>
          <th scope="col" class="number">Expected ETTR</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </details>`;
}
