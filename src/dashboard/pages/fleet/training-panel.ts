/** Where the node-time of jobs went: kept, checkpointing, run and lost again, interrupted, by cause. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { Segment } from "../../charts/bars.ts";
import { stackedBar } from "../../charts/bars.ts";
import { figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { documentOf, documentSource, isRefusedFigure } from "../cluster-facts.ts";
import { periodWords } from "../period-switch.ts";

/** Always in this order, so that the place of a part says what it is, too. */
export const causes = ["fault", "software", "rollout", "maintenance", "unknown", "user"] as const;

type JobUptime = SlaDocument["jobUptime"];

const hourMs = 3_600_000;

export async function trainingPanel(context: PageContext): Promise<Html> {
  const title = "Where training time went";
  const rows: Html[] = [];
  let period = "";
  for (const cluster of context.clusters) {
    try {
      const document = await documentOf(context, cluster);
      period = periodWords(document.period);
      rows.push(trainingRow(context, cluster, document.jobUptime));
    } catch (error) {
      if (!isRefusedFigure(error)) throw error;
      rows.push(
        html`<h3>${cluster}</h3>
          <p class="problem">No figures: ${error.message}</p>
          <p></p>`,
      );
    }
  }
  if (rows.length === 0) return panel("training", { title, body: empty("No cluster has jobs.") });
  return panel("training", {
    title,
    note: `${period}, node-time of all jobs; the parts sum to the total, to the millisecond`,
    png: true,
    body: html`<div class="training">${rows}</div>
      ${trainingLegend()}`,
  });
}

function trainingRow(context: PageContext, cluster: string, jobs: JobUptime): Html {
  const total = jobs.runningNodeMs + jobs.interruptedNodeMs;
  const href = context.link(`/clusters/${encodeURIComponent(cluster)}/jobs`);
  const name = html`<h3><a href="${href}">${cluster}</a></h3>`;
  if (total === 0)
    return html`${name}
      <p class="sub">no job ran</p>
      <p></p>`;
  const percent = (ms: number) => ((ms / total) * 100).toFixed(1);
  return html`${name}
    <div class="training-bar">
      ${stackedBar(trainingSegments(jobs), `Training time of ${cluster}`)}
    </div>
    <p class="training-words" data-source="${documentSource(context, cluster)}">
      <b
        >${figure("jobUptime.keptNodeMs", jobs.keptNodeMs, `${percent(jobs.keptNodeMs)} %`)} kept ·
        ${figure("jobUptime.lostNodeMs", jobs.lostNodeMs, percent(jobs.lostNodeMs))} lost ·
        ${figure("jobUptime.interruptedNodeMs", jobs.interruptedNodeMs, percent(jobs.interruptedNodeMs))}
        interrupted</b
      ><br />of ${whole(Math.round(total / hourMs))} node-hours
    </p>`;
}

export function trainingSegments(jobs: JobUptime): Segment[] {
  const total = jobs.runningNodeMs + jobs.interruptedNodeMs;
  const segment = (kind: string, ms: number, words: string, pattern?: string): Segment => ({
    kind,
    part: ms / total,
    title: `${words}: ${whole(Math.round(ms / hourMs))} node-hours, ${((ms / total) * 100).toFixed(1)} %`,
    ...(pattern === undefined ? {} : { pattern }),
  });
  const by = (cause: (typeof causes)[number]) => jobs.attribution[cause];
  return [
    segment("kept", jobs.keptNodeMs, "kept"),
    segment("ckpt", jobs.checkpointingNodeMs, "checkpointing"),
    ...causes.map((cause) =>
      segment("lost", by(cause)?.lostNodeMs ?? 0, `run, then lost to ${cause}`, `hatch-${cause}`),
    ),
    ...causes.map((cause) =>
      segment(`c-${cause}`, by(cause)?.interruptedNodeMs ?? 0, `interrupted by ${cause}`),
    ),
  ];
}

export function trainingLegend(): Html {
  return html`<ul class="legend" aria-label="Legend">
    <li><i class="swatch kept"></i>kept</li>
    <li><i class="swatch ckpt"></i>checkpointing</li>
    <li><i class="swatch hatched"></i>hatched: run, then lost</li>
    <li><i class="swatch c-unknown"></i>plain: interrupted</li>
    ${causes.map((cause) => html`<li><i class="swatch c-${cause}"></i>${cause}</li>`)}
  </ul>`;
}
