/** All figures of the jobs that the strips show, in the same order. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { nodeHours } from "../../charts/causes.ts";
import { countFigure, durationFigure, percentFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { documentSource, windowParameters } from "../../cluster/cluster-facts.ts";
import type { JobFigures } from "./job-facts.ts";
import { jobFiguresOf } from "./job-facts.ts";
import { columnNames, jobsInOrder, orderWords, pageLinks, sortHeading } from "./order.ts";
import { jobHref } from "./links.ts";

export async function tablePanel(context: PageContext, cluster: string): Promise<Html> {
  const title = "Jobs, one by one";
  const jobs = jobsInOrder(context, await jobFiguresOf(context, cluster));
  if (jobs.total === 0)
    return panel("table", { title, body: empty("No job was there in the period.") });
  return panel("table", {
    title,
    note: `by their own time; ${orderWords(context)}`,
    csv: context.api("/v1/jobs", { cluster, ...windowParameters(context), format: "csv" }),
    body: html`<div class="scroll" role="region" tabindex="0" aria-label="${title}, table">
        <table class="jobs" data-source="${documentSource(context, cluster)}">
          <caption class="hidden">
            Figures of each job in the period, ${orderWords(context)}
          </caption>
          <thead>
            <tr>
              ${columnNames.map((name) => sortHeading(context, name))}
            </tr>
          </thead>
          <tbody>
            ${jobs.shown.map((job) => row(context, cluster, job))}
          </tbody>
        </table>
      </div>
      ${pageLinks(context, jobs, "table")}`,
  });
}

const durations = [
  "runningMs",
  "interruptedMs",
  "pausedMs",
  "keptMs",
  "checkpointingMs",
  "lostMs",
] as const;

function row(context: PageContext, cluster: string, job: JobFigures): Html {
  const at = (name: string) => `jobUptime.jobs.${job.index}.${name}`;
  const href = jobHref(context, cluster, job.job);
  return html`<tr>
    <th scope="row"><a href="${href}">${job.job}</a></th>
    <td class="number">
      <span title="${job.nodeMs} ms">${nodeHours(job.nodeMs)}</span>
      <span class="unit">node-h</span>
    </td>
    <td class="number">${percentFigure(at("uptime"), job.uptime, 2)}</td>
    <td class="number">${percentFigure(at("ettr"), job.ettr, 2)}</td>
    ${durations.map((name) => html`<td class="number">${durationFigure(at(name), job[name])}</td>`)}
    <td class="number">${countFigure(at("interruptions"), job.interruptions)}</td>
    <td class="number">${countFigure(at("crashes"), job.crashes)}</td>
  </tr>`;
}
