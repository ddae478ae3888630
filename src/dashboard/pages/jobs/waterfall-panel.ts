/** From all node-time of the jobs to what was kept: what each cause took, step by step. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { lane } from "../../charts/bars.ts";
import type { Cause } from "../../charts/causes.ts";
import { causes, causeSign, nodeHours } from "../../charts/causes.ts";
import { figure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { documentOf, documentSource, windowParameters } from "../../cluster/cluster-facts.ts";
import { inPeriod } from "../../cluster/period-switch.ts";

type JobUptime = SlaDocument["jobUptime"];

interface Step {
  readonly words: string;
  readonly cause: Cause | null;
  /** Where the interface has it; `null` for the total, which is a sum. */
  readonly path: string | null;
  readonly nodeMs: number;
  readonly kind: string;
  readonly pattern?: string;
  /** What is left after the step. */
  readonly left: number;
}

export async function waterfallPanel(context: PageContext, cluster: string): Promise<Html> {
  const title = "From all time to time kept";
  const { jobUptime, period } = await documentOf(context, cluster);
  const total = jobUptime.runningNodeMs + jobUptime.interruptedNodeMs;
  if (total === 0) {
    return panel("waterfall", {
      title,
      body: empty(`No job ran on any node ${inPeriod(period)}.`),
    });
  }
  const steps = waterfallSteps(jobUptime);
  const none = causes.filter((cause) => !steps.some((step) => step.cause === cause));
  const rows = steps.map((step, i) => {
    const before = steps[i - 1]?.left ?? total;
    const isLevel = step.cause === null && step.kind !== "ckpt";
    const bar = isLevel ? { from: 0, to: step.left } : { from: step.left, to: before };
    return row(step, bar, total);
  });
  return panel("waterfall", {
    title,
    note: "node-time of all jobs; the steps sum to the total, to the millisecond",
    csv: context.api("/v1/sla", { cluster, ...windowParameters(context), format: "csv" }),
    png: true,
    body: html`<table class="waterfall" data-source="${documentSource(context, cluster)}">
        <caption class="hidden">
          Node-time of jobs from the total to what was kept
        </caption>
        <thead class="hidden">
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Part</th>
            <th scope="col">Node-hours</th>
            <th scope="col">Percent</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
      ${none.length > 0 && html`<p class="more">Nothing was lost to or interrupted by: ${none.join(", ")}.</p>`}`,
  });
}

/** Steps of no length are left out. Throws if they do not end at the time kept: the document would contradict itself. */
function waterfallSteps(jobs: JobUptime): Step[] {
  const total = jobs.runningNodeMs + jobs.interruptedNodeMs;
  const takes: Omit<Step, "left">[] = [
    ...causes.map((cause) => ({
      words: `interrupted by ${cause}`,
      cause,
      path: `jobUptime.attribution.${cause}.interruptedNodeMs`,
      nodeMs: jobs.attribution[cause]?.interruptedNodeMs ?? 0,
      kind: `c-${cause}`,
    })),
    ...causes.map((cause) => ({
      words: `run, lost to ${cause}`,
      cause,
      path: `jobUptime.attribution.${cause}.lostNodeMs`,
      nodeMs: jobs.attribution[cause]?.lostNodeMs ?? 0,
      kind: "lost",
      pattern: `hatch-${cause}`,
    })),
    {
      words: "checkpointing",
      cause: null,
      path: "jobUptime.checkpointingNodeMs",
      nodeMs: jobs.checkpointingNodeMs,
      kind: "ckpt",
    },
  ];
  const all = {
    words: "all node-time",
    cause: null,
    path: null,
    nodeMs: total,
    kind: "series-bar",
    left: total,
  };
  const steps: Step[] = [all];
  let left = total;
  for (const take of takes) {
    if (take.nodeMs === 0) continue;
    left -= take.nodeMs;
    steps.push({ ...take, left });
  }
  if (left !== jobs.keptNodeMs) {
    throw new RangeError(`the steps end at ${left} ms, but ${jobs.keptNodeMs} ms were kept`);
  }
  const kept = {
    words: "kept",
    cause: null,
    path: "jobUptime.keptNodeMs",
    nodeMs: left,
    kind: "kept",
    left,
  };
  return [...steps, kept];
}

function row(
  { words, cause, path, nodeMs, kind, pattern }: Step,
  bar: { from: number; to: number },
  total: number,
): Html {
  const isLevel = kind === "series-bar" || kind === "kept";
  const percent = ((nodeMs / total) * 100).toFixed(nodeMs < total / 100 ? 2 : 1);
  const piece = {
    kind,
    ...bar,
    title: `${nodeMs} ms`,
    ...(pattern === undefined ? {} : { pattern }),
  };
  const shown = `${isLevel ? "" : "−"}${nodeHours(nodeMs)}`;
  return html`<tr class="${isLevel ? "level" : ""}">
    <th scope="row">${cause !== null && causeSign(cause)}${words}</th>
    <td class="waterfall-bar">
      ${lane([piece], { from: 0, to: total }, `${words}: ${percent} %`)}
    </td>
    <td class="number">
      ${path === null ? html`<span title="${nodeMs} ms">${shown}</span>` : figure(path, nodeMs, html`<span title="${nodeMs} ms">${shown}</span>`)}
      <span class="unit">node-h</span>
    </td>
    <td class="number">${isLevel ? "" : "−"}${percent} %</td>
  </tr>`;
}
