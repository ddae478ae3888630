/** Where the node-time of jobs went: kept, checkpointing, run and lost again, interrupted, by cause. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { stackedBar } from "../../charts/bars.ts";
import { nodeHours, trainingLegend, trainingSegments } from "../../charts/causes.ts";
import { figure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { csvLink, empty, panel } from "../../frame/panel.ts";
import {
  documentSource,
  figuresOf,
  isRefusedFigure,
  windowParameters,
} from "../../cluster/cluster-facts.ts";
import { periodWords } from "../../cluster/period-switch.ts";
import { pathSegment } from "../../../path-segment.ts";

type JobUptime = SlaDocument["jobUptime"];

export async function trainingPanel(context: PageContext): Promise<Html> {
  const title = "Where training time went";
  const rows: Html[] = [];
  let period = "";
  for (const cluster of context.clusters) {
    try {
      const document = await figuresOf(context, cluster);
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
  const href = context.link(`/clusters/${pathSegment(cluster)}/jobs`);
  const name = html`<h3><a href="${href}">${cluster}</a></h3>`;
  if (total === 0)
    return html`${name}
      <p class="sub">no job ran</p>
      <p></p>`;
  const csv = context.api("/v1/sla", { cluster, ...windowParameters(context), format: "csv" });
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
      ><br />of ${nodeHours(total)} node-hours · ${csvLink(`Training time of ${cluster}`, csv)}
    </p>`;
}
