/** Faults that have been open for longer than the target allows. */
import type { FaultRow } from "../../../answers/lists/faults.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { stackedBar } from "../../charts/bars.ts";
import { counted, durationFigure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText } from "../../frame/times.ts";
import { openFaultsOf } from "../../cluster/cluster-facts.ts";
import { pathSegment } from "../../../path-segment.ts";

const shown = 12;

export async function overduePanel(context: PageContext): Promise<Html> {
  const all = (
    await Promise.all(context.clusters.map((cluster) => openFaultsOf(context, cluster)))
  ).flat();
  const overdue = all
    .filter(({ overTarget }) => overTarget)
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
  const title = "Open beyond the repair target";
  const csv = context.api("/v1/faults", { open: "true", overdue: "true", format: "csv" });
  const list = context.link("/faults", { open: "true" });
  if (overdue.length === 0) {
    const others =
      all.length === 0
        ? "No fault is open."
        : `${counted(all.length, "fault")} ${all.length === 1 ? "is" : "are"} open, none for longer than its target.`;
    return panel("overdue", { title, body: empty(others) });
  }
  const targets = [...new Set(overdue.map(({ targetMs }) => targetMs))];
  const [target] = targets;
  const grey =
    targets.length === 1 && target !== undefined
      ? `grey up to the target of ${durationText(target)}`
      : "grey up to the target";
  const longest = Math.max(...overdue.map(({ durationMs }) => durationMs));
  const rest = overdue.length - shown;
  const source = context.api("/v1/faults", { open: "true", overdue: "true", limit: String(shown) });
  return panel("overdue", {
    title,
    note: `${counted(overdue.length, "fault")}, the oldest first; ${grey}`,
    csv,
    png: true,
    body: html`<table class="ages" data-source="${source}">
        <thead class="hidden">
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Cluster</th>
            <th scope="col">Cause</th>
            <th scope="col">Age</th>
            <th scope="col">Open for</th>
          </tr>
        </thead>
        <tbody>
          ${overdue.slice(0, shown).map((row, i) => line(context, row, i, longest))}
        </tbody>
      </table>
      <p class="more">
        ${rest > 0 && html`<a href="${list}">${whole(rest)} more</a> · `}in all
        ${counted(all.length, "fault")} ${all.length === 1 ? "is" : "are"} open
      </p>`,
  });
}

function line(context: PageContext, row: FaultRow, i: number, longestMs: number): Html {
  const { node, cluster, category, component, durationMs, targetMs } = row;
  const href = context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`);
  const bar = stackedBar(
    [
      {
        kind: "unknown",
        part: targetMs / longestMs,
        title: `the target: ${durationText(targetMs)}`,
      },
      {
        kind: "down",
        part: (durationMs - targetMs) / longestMs,
        title: `beyond it: ${durationText(durationMs - targetMs)}`,
      },
    ],
    `open for ${durationText(durationMs)}`,
  );
  return html`<tr>
    <th scope="row"><a href="${href}">${node}</a></th>
    <td>${cluster}</td>
    <td>${category}${component !== null && `, ${component}`}</td>
    <td class="age-bar">${bar}</td>
    <td class="number">${durationFigure(`faults.${i}.durationMs`, durationMs)}</td>
  </tr>`;
}
