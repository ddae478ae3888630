/** Facts of the job that did not fit, and what to do about each. */
import { fixOf } from "../../../answers/finding-fixes.ts";
import { maxJobEntries } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted, figure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { secondText, timeHtml } from "../../frame/times.ts";
import type { ShownJob } from "./job-facts.ts";
import { jobSource } from "./job-facts.ts";
import { eventHref } from "../jobs/links.ts";

export async function jobFindingsPanel(context: PageContext, job: ShownJob): Promise<Html> {
  const title = "What did not fit";
  const { findings } = job.timeline;
  if (findings.length === 0) {
    return panel("findings", { title, body: empty("Every fact about this job fits the others.") });
  }
  const shown = findings
    .map((each, index) => ({ ...each, index }))
    .slice(-maxJobEntries)
    .toReversed();
  const rows = shown.map(
    ({ kind, at, factId, index }) =>
      html`<tr>
        <th scope="row">
          <a href="${eventHref(context, factId)}"
            >${timeHtml(at, secondText(at, context.zone, context.stand.at))}</a
          >
        </th>
        <td class="mono">${figure(`findings.${index}.kind`, kind, kind)}</td>
        <td>${fixOf(kind)}</td>
      </tr>`,
  );
  return panel("findings", {
    title,
    note: `${counted(findings.length, "fact")} of this job ${findings.length === 1 ? "changes" : "change"} no figure, or not as intended`,
    body: html`<div class="scroll" role="region" tabindex="0" aria-label="${title}, table">
      <table data-source="${jobSource(context, job)}">
        <caption class="hidden">
          Facts that did not fit, the latest first
        </caption>
        <thead>
          <tr>
            <th scope="col">Occurred</th>
            <th scope="col">Finding</th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`,
  });
}
