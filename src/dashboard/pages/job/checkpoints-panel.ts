/** The checkpoints of the window. */
import { maxJobEntries } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted, durationFigure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText, secondText, timeHtml } from "../../frame/times.ts";
import type { ShownJob } from "./job-facts.ts";
import { jobSource, windowOfJob } from "./job-facts.ts";
import { listTable } from "../../tables/list-table.ts";

export async function checkpointsPanel(context: PageContext, job: ShownJob): Promise<Html> {
  const title = "Checkpoints";
  const shownWindow = windowOfJob(context, job);
  const { from, to } = shownWindow?.window ?? { from: -Infinity, to: Infinity };
  const inside = [...job.timeline.checkpoints].flatMap((each, index) =>
    each.at >= from && each.at < to ? [{ ...each, index }] : [],
  );
  const [last] = inside.slice(-1);
  if (last === undefined) {
    const sentence =
      shownWindow?.isWhole === false
        ? "No checkpoint was complete in this window."
        : "No checkpoint has been stated; JobCheckpointed states one.";
    return panel("checkpoints", { title, body: empty(sentence) });
  }
  const shown = inside.slice(-maxJobEntries).toReversed();
  const rows = shown.map(
    ({ checkpointId, at, durationMs, sinceLastMs, index }) =>
      html`<tr>
        <th scope="row" class="mono">${checkpointId}</th>
        <td>${timeHtml(at, secondText(at, context.zone, context.stand.at))}</td>
        <td class="number">${durationFigure(`checkpoints.${index}.durationMs`, durationMs)}</td>
        <td class="number">
          ${sinceLastMs === null ? html`<span class="none">first of its run</span>` : durationFigure(`checkpoints.${index}.sinceLastMs`, sinceLastMs)}
        </td>
      </tr>`,
  );
  const tookMs = inside.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return panel("checkpoints", {
    title,
    note: `${counted(inside.length, "checkpoint")}, ${durationText(tookMs / inside.length)} each on average`,
    body: html`${listTable({ title, caption: "Checkpoints, the latest first", source: jobSource(context, job), isTall: true, heads: ["Checkpoint", "Complete", { title: "Took", kind: "number" }, { title: "Since the one before", kind: "number" }], rows })}
    ${shown.length < inside.length && html`<p class="more">The latest ${shown.length} of ${whole(inside.length)}: zoom in to see the others.</p>`}`,
  });
}
