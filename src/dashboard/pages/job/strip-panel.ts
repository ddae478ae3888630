/** The job's strip at full width, with the figures of its window; the address says which window. */
import { stripPieces } from "../../../../projections/figures/grid/strip-pieces.ts";
import type { StripPieces } from "../../../../projections/figures/grid/strip-pieces.ts";
import { maxStripBreaks } from "../../../limits/reports.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { causeSign, causes } from "../../charts/causes.ts";
import { jobStripChart } from "../../charts/job-strip.ts";
import { spanAxis } from "../../charts/span-axis.ts";
import { counted, countFigure, durationFigure, percentFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { minuteText, secondText } from "../../frame/times.ts";
import type { ShownJob, WindowFigures } from "./job-facts.ts";
import { figuresOf, stripSource, windowOfJob } from "./job-facts.ts";
import { zoomLinks } from "./zoom.ts";

/** Parts of the strip: the pixels of a large screen. */
const stripCells = 1_500;

export async function jobStripPanel(context: PageContext, job: ShownJob): Promise<Html> {
  const title = "What became of its time";
  const shown = windowOfJob(context, job);
  if (shown === null) return panel("strip", { title, body: empty("This job never ran.") });
  const { zone, stand } = context;
  const { window, knownUntil } = shown;
  const bounds = { cells: stripCells, mostBreaks: maxStripBreaks };
  const strip = stripPieces(job.timeline, window, knownUntil, bounds);
  const figures = await figuresOf(context, job, shown);
  const titleOf = ({ at, kind, node, count }: StripPieces["breaks"][number]) =>
    `${secondText(at, zone, stand.at)}: ${count > 1 ? `${count} breaks, most by ` : ""}${kind}${node === null ? "" : ` on ${node}`}`;
  const label = `${job.timeline.job} from ${minuteText(window.from, zone, null)} to ${minuteText(window.to, zone, null)}: ${counted(strip.total, "break")}`;
  const names = causes.map((cause) => html`<li>${causeSign(cause)}${cause}</li>`);
  return panel("strip", {
    title,
    note: shown.isWhole
      ? "its whole life"
      : `${minuteText(window.from, zone, stand.at)} – ${minuteText(window.to, zone, stand.at)}`,
    tools: zoomLinks(context, job, shown),
    csv: stripSource(context, job, "csv"),
    png: true,
    body: html`<div class="one-strip">
        <ol class="strip-lanes" aria-hidden="true">
          ${names}
        </ol>
        <div class="strip-plot">
          ${jobStripChart({ strip, window, label, lanes: causes, titleOf })}
          ${spanAxis(window, zone, stand.at)}
        </div>
      </div>
      ${
        strip.isMerged &&
        html`<p class="more" data-source="${stripSource(context, job)}">
          ${countFigure("total", strip.total)} breaks, those close together as one sign: zoom in to
          see each
        </p>`
      }
      ${figures === null ? html`<p class="empty">The job was not there in this window.</p>` : windowFigures(figures)}
      <ul class="legend" aria-label="Legend">
        <li><i class="swatch kept"></i>kept</li>
        <li><i class="swatch ckpt"></i>checkpointing</li>
        <li><i class="swatch hatched"></i>hatched in the cause's colour: run, then lost</li>
        <li><i class="swatch c-unknown"></i>plain in the cause's colour: interrupted</li>
        <li><i class="swatch paused"></i>paused</li>
      </ul>`,
  });
}

function windowFigures({ row, path, source }: WindowFigures): Html {
  const time = (
    name: "runningMs" | "keptMs" | "checkpointingMs" | "lostMs" | "interruptedMs" | "pausedMs",
    title: string,
  ) =>
    html`<div class="kpi">
      <h3>${title}</h3>
      <p class="big">${durationFigure(`${path}.${name}`, row[name])}</p>
    </div>`;
  return html`<div class="strip-kpis" data-source="${source}">
    <div class="kpi">
      <h3>Uptime</h3>
      <p class="big">${percentFigure(`${path}.uptime`, row.uptime, 2)}</p>
    </div>
    <div class="kpi">
      <h3>ETTR</h3>
      <p class="big">${percentFigure(`${path}.ettr`, row.ettr, 2)}</p>
    </div>
    ${time("keptMs", "Kept")} ${time("checkpointingMs", "Checkpointing")} ${time("lostMs", "Lost")}
    ${time("interruptedMs", "Interrupted")} ${time("pausedMs", "Paused")}
    <div class="kpi">
      <h3>Interruptions</h3>
      <p class="big">
        ${countFigure(`${path}.interruptions`, row.interruptions)}
        <span class="unit"
          >${countFigure(`${path}.crashes`, row.crashes)}
          ${row.crashes === 1 ? "crash" : "crashes"}</span
        >
      </p>
    </div>
  </div>`;
}
