/** A strip a job over the page's window: kept, checkpointing, lost, interrupted, paused, with a sign at each break. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { StripPieces } from "../../../../projections/figures/grid/strip-pieces.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { spanAxis } from "../../charts/span-axis.ts";
import { causeSign, causes } from "../../charts/causes.ts";
import { jobStripChart } from "../../charts/job-strip.ts";
import type { Span } from "../../charts/scale.ts";
import { counted, percentFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText } from "../../frame/times.ts";
import { documentOf, documentSource, windowParameters } from "../../cluster/cluster-facts.ts";
import { inPeriod, periodWords } from "../../cluster/period-switch.ts";
import type { JobFigures } from "./job-facts.ts";
import { jobFiguresOf, stripsOf } from "./job-facts.ts";
import { jobsInOrder, orderWords, pageLinks } from "./order.ts";
import { jobHref } from "./links.ts";

export async function stripsPanel(context: PageContext, cluster: string): Promise<Html> {
  const title = "Time of each job";
  const { period } = await documentOf(context, cluster);
  const jobs = jobsInOrder(context, await jobFiguresOf(context, cluster));
  if (jobs.total === 0) {
    const body = empty(`No job was there ${inPeriod(period)}. Choose another period to see some.`);
    return panel("strips", { title, body });
  }
  const window = windowOfDocument(period);
  const strips = await stripsOf(
    context,
    cluster,
    jobs.shown.map(({ job }) => job),
  );
  const rows = jobs.shown.map((job) => {
    const strip = strips.get(job.job);
    return strip === undefined ? null : stripRow(context, cluster, { job, strip, window });
  });
  const isMerged = [...strips.values()].some((strip) => strip.isMerged);
  const end = period.complete ? undefined : context.stand.isPast ? "then" : "now";
  return panel("strips", {
    title,
    note: `${periodWords(period)}, ${orderWords(context)}`,
    csv: context.api("/v1/jobs", { cluster, ...windowParameters(context), format: "csv" }),
    png: true,
    body: html`<ol class="strips" data-source="${documentSource(context, cluster)}">
        ${rows}
        <li class="strip-axis" aria-hidden="true">
          ${spanAxis(window, context.zone, context.stand.at, end)}
        </li>
      </ol>
      ${isMerged && html`<p class="more">Where a job has more than 500 breaks, those close together are one sign.</p>`}
      ${pageLinks(context, jobs, "strips")} ${stripLegend()}`,
  });
}

export function windowOfDocument({ from, to }: SlaDocument["period"]): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}

interface StripRow {
  readonly job: JobFigures;
  readonly strip: StripPieces;
  readonly window: Span;
}

function stripRow(context: PageContext, cluster: string, { job, strip, window }: StripRow): Html {
  const href = jobHref(context, cluster, job.job);
  const label = `ran ${durationText(job.runningMs)}, interrupted ${durationText(job.interruptedMs)}, ${counted(strip.total, "break")}`;
  const at = `jobUptime.jobs.${job.index}`;
  return html`<li>
    <a class="strip-link" href="${href}"
      ><span class="strip-name">${job.job}</span>${jobStripChart({ strip, window, label })}</a
    >
    <span class="strip-figures"
      >${percentFigure(`${at}.uptime`, job.uptime, 1)}
      <span class="sub">up ·</span> ${percentFigure(`${at}.ettr`, job.ettr, 1)}
      <span class="sub">ETTR</span></span
    >
  </li>`;
}

/** What colours and signs of strips mean. */
function stripLegend(): Html {
  return html`<ul class="legend" aria-label="Legend">
    <li><i class="swatch kept"></i>kept</li>
    <li><i class="swatch ckpt"></i>checkpointing</li>
    <li><i class="swatch hatched"></i>hatched: run, then lost</li>
    <li><i class="swatch paused"></i>paused</li>
    <li class="how">plain, with a sign above: interrupted by</li>
    ${causes.map((cause) => html`<li>${causeSign(cause)}<i class="swatch c-${cause}"></i>${cause}</li>`)}
  </ul>`;
}
