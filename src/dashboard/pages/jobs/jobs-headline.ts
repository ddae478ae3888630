/** The jobs of a cluster in a sentence, with job uptime and ETTR side by side. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import {
  counted,
  countFigure,
  durationFigure,
  figure,
  percentFigure,
  verdict,
} from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { bare, empty, panel } from "../../frame/panel.ts";
import { durationText } from "../../frame/times.ts";
import { documentOf, documentSource } from "../../cluster/cluster-facts.ts";
import { inPeriod, periodSwitch } from "../../cluster/period-switch.ts";
import { jobsNowOf } from "./job-facts.ts";
import { pathSegment } from "../../../path-segment.ts";

export async function jobsHeadline(context: PageContext, cluster: string): Promise<Html> {
  const document = await documentOf(context, cluster);
  const now = await jobsNowOf(context, cluster);
  const running = now.filter(({ state }) => state === "running").length;
  const interrupted = now.filter(({ state }) => state === "interrupted").length;
  const others = context.clusters.filter((each) => each !== cluster);
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>Jobs of ${cluster}</h1>
        <p class="sentence">
          ${sentence(document)} ${nowWords(running, interrupted, context.stand.isPast)}
        </p>
        ${await periodSwitch(context, cluster)}
      </div>
      ${others.length > 0 && clusterSwitch(context, cluster)}
      ${document.jobUptime.jobs.length > 0 && jobFigures(context, cluster, document)}`,
    context.stand.isPast ? "past" : "",
  );
}

function sentence({ jobUptime, period }: SlaDocument): string {
  const { met, jobs, crashes, crashesPerDay } = jobUptime;
  const when = inPeriod(period);
  if (jobs.length === 0) return `No job was there ${when}.`;
  const verdictWords =
    met === null
      ? `There is no job uptime ${when}`
      : `Job uptime ${met ? "met" : "missed"} its target ${when}`;
  const rate = crashesPerDay === null ? "" : `, ${rateText(crashesPerDay)} a day`;
  return `${verdictWords}; ${counted(jobs.length, "job")} had ${counted(crashes, "crash", "crashes")}${rate}.`;
}

function nowWords(running: number, interrupted: number, isPast: boolean): string {
  const when = isPast ? "then" : "now";
  const [run, runs, are, is] = isPast
    ? ["ran", "ran", "were", "was"]
    : ["run", "runs", "are", "is"];
  const jobs = running === 0 ? "No job" : counted(running, "job");
  const stopped = interrupted === 0 ? "none" : String(interrupted);
  return `${jobs} ${running > 1 ? run : runs} ${when}, ${stopped} ${interrupted > 1 ? are : is} interrupted.`;
}

function clusterSwitch(context: PageContext, cluster: string): Html {
  const links = context.clusters.map((each) => {
    const href = context.link(`/clusters/${pathSegment(each)}/jobs`);
    return html`<a href="${href}" ${each === cluster && { html: 'aria-current="true"' }}
      >${each}</a
    >`;
  });
  return html`<nav class="switch cluster-switch" aria-label="Cluster">${links}</nav>`;
}

function jobFigures(context: PageContext, cluster: string, { jobUptime }: SlaDocument): Html {
  const { checkpointAdvice: advice } = jobUptime;
  const at = (name: string) => `jobUptime.${name}`;
  return html`<section
    class="panel job-figures"
    aria-label="Figures of all jobs"
    data-source="${documentSource(context, cluster)}"
  >
    <div class="kpi">
      <h2>Job uptime ${verdict(jobUptime.met)}</h2>
      <p class="big">${percentFigure(at("contractual"), jobUptime.contractual)}</p>
      <p class="sub">
        target
        ${figure(at("target"), jobUptime.target, String(Number((jobUptime.target * 100).toFixed(6))))}
        % · raw ${percentFigure(at("uptime"), jobUptime.uptime, 2)}, with interruptions by users
      </p>
    </div>
    <div class="kpi">
      <h2>ETTR</h2>
      <p class="big">${percentFigure(at("ettr"), jobUptime.ettr)}</p>
      <p class="sub">
        no target is agreed ·
        ${percentFigure(at("checkpointAdvice.expectedEttr"), advice.expectedEttr, 1)} expected at
        today's interval of checkpoints
      </p>
    </div>
    <div class="kpi">
      <h2>Crashes</h2>
      <p class="big">${countFigure(at("crashes"), jobUptime.crashes)}</p>
      <p class="sub">
        of ${countFigure(at("interruptions"), jobUptime.interruptions)} interruptions ·
        ${jobUptime.crashesPerDay === null ? "no rate" : html`${figure(at("crashesPerDay"), jobUptime.crashesPerDay, rateText(jobUptime.crashesPerDay))} a day`}
      </p>
    </div>
    <div class="kpi">
      <h2>Mean duration of a crash</h2>
      <p class="big">${durationFigure(at("crashMeanMs"), jobUptime.crashMeanMs)}</p>
      <p class="sub">
        median ${durationFigure(at("crashMedianMs"), jobUptime.crashMedianMs)} · nine of ten within
        ${durationFigure(at("crashP90Ms"), jobUptime.crashP90Ms)}
      </p>
    </div>
    <div class="kpi">
      <h2>Time between interruptions</h2>
      <p class="big">
        ${durationFigure(at("meanTimeBetweenInterruptionsMs"), jobUptime.meanTimeBetweenInterruptionsMs)}
      </p>
      <p class="sub">${openWords(jobUptime)}</p>
    </div>
  </section>`;
}

/** A rate as people read it: `12.1`, `0.032`. */
export function rateText(perDay: number): string {
  return perDay === 0 || perDay >= 1 ? perDay.toFixed(1) : String(Number(perDay.toPrecision(2)));
}

function openWords({ open }: SlaDocument["jobUptime"]): string {
  const [oldest] = open;
  if (oldest === undefined) return "none was open at the end";
  return `${counted(open.length, "interruption")} open at the end, the oldest for ${durationText(oldest.ageMs)}`;
}

/** What a cluster without any job shows. */
export async function noJobs({ origin }: PageContext, cluster: string): Promise<Html> {
  const shown = JSON.stringify(cluster);
  const command = `curl -X POST ${origin}/v1/events -H 'Content-Type: application/json' -d '{
  "id": "0b5d3c1a-6f0e-4c7b-9a55-4f2f5f0d8e21",
  "type": "JobStarted",
  "occurredAt": "2026-03-01T00:00:00Z",
  "data": {"cluster": ${shown}, "job": "train-1", "nodes": ["gpu[0001-0064]"]}
}'`;
  return panel("none", {
    title: "No jobs",
    body: empty(
      "No job of this cluster has been stated yet. A start, its interruptions and its checkpoints fill this page:",
      command,
    ),
  });
}
