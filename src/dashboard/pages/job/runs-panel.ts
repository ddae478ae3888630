/** The runs of a job: from each start to its finish. */
import { maxJobEntries } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationHtml, minuteText, timeHtml } from "../../frame/times.ts";
import type { ShownJob } from "./job-facts.ts";
import { eventHref } from "../jobs/links.ts";
import { listTable } from "../../tables/list-table.ts";

export async function runsPanel(context: PageContext, { timeline, now }: ShownJob): Promise<Html> {
  const title = "Runs";
  const { runs } = timeline;
  if (runs.length === 0)
    return panel("runs", {
      title,
      body: empty("No start of this job has been stated; JobStarted states one."),
    });
  const shown = runs.slice(-maxJobEntries).toReversed();
  const time = (ms: number) => timeHtml(ms, minuteText(ms, context.zone, context.stand.at));
  const event = (id: string, words: Html) => html`<a href="${eventHref(context, id)}">${words}</a>`;
  const rows = shown.map(
    ({ from, to, startId, finishId, outcome }) =>
      html`<tr>
        <th scope="row">${event(startId, time(from))}</th>
        <td>${finishId === null ? "still" : event(finishId, time(to))}</td>
        <td>${outcome ?? "in progress"}</td>
        <td class="number">${durationHtml(Math.max(0, Math.min(to, now) - from))}</td>
      </tr>`,
  );
  return panel("runs", {
    title,
    note:
      shown.length < runs.length
        ? `the latest ${shown.length} of ${counted(runs.length, "run")}`
        : "the latest first; a restart within a day of a failure goes on with its run",
    body: listTable({
      title,
      caption: "Runs, the latest first",
      heads: ["From", "Until", "Outcome", { title: "Lasted", kind: "number" }],
      rows,
    }),
  });
}
