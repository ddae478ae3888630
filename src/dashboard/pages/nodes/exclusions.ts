/** What the terms exclude from NIS: a lane of how many nodes at once, and a list with the events that say so. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import { parseInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { LanePiece } from "../../charts/bars.ts";
import { lane } from "../../charts/bars.ts";
import { durationFigure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";
import { documentSource, windowParameters } from "../../cluster/cluster-facts.ts";
import type { NodeFigures, PageWindow } from "./window-facts.ts";
import { pathSegment } from "../../../path-segment.ts";
import { listTable } from "../../tables/list-table.ts";

type Exclusion = SlaDocument["nis"]["exclusions"][number];

const shown = 100;
const columns = 180;

export function exclusionLane(
  cluster: string,
  { nis: { exclusions } }: NodeFigures,
  window: PageWindow,
): Html {
  const label = `Time of ${cluster}'s nodes that the terms exclude: ${whole(exclusions.length)} intervals`;
  return lane(columnsOf(exclusions, window), window, label);
}

/** How many nodes have excluded time in each column, as a part of the most. */
function columnsOf(exclusions: readonly Exclusion[], window: PageWindow): LanePiece[] {
  const widthMs = (window.to - window.from) / columns;
  const counts = Array.from({ length: columns + 1 }, () => 0);
  const columnOf = (at: number) =>
    Math.min(columns, Math.max(0, Math.floor((at - window.from) / widthMs)));
  for (const { from, to } of exclusions) {
    const last = columnOf((parseInstant(to) ?? 0) - 1);
    for (let i = columnOf(parseInstant(from) ?? 0); i <= last; i++)
      counts[i] = (counts[i] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  return counts.flatMap((count, i): LanePiece[] => {
    if (count === 0) return [];
    const height = Math.max(18, (count / most) * 100);
    const from = window.from + i * widthMs;
    const title = `${whole(count)} ${count === 1 ? "interval" : "intervals"}`;
    return [{ kind: "maint", from, to: from + widthMs, title, top: 100 - height, height }];
  });
}

export function exclusionList(
  context: PageContext,
  cluster: string,
  { nis: { exclusions: all } }: NodeFigures,
): Html {
  if (all.length === 0) return html`<p class="sub">Nothing is excluded in this window.</p>`;
  const { zone, stand } = context;
  const source = documentSource(context, cluster);
  const csv = context.api("/v1/sla", { cluster, ...windowParameters(context), format: "csv" });
  const first = Math.max(0, all.length - shown);
  const rows = all.slice(first).map((each, i) => {
    const node = context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(each.node)}`);
    const [from, to] = [each.from, each.to].map((text) => {
      const ms = parseInstant(text) ?? 0;
      return timeHtml(ms, minuteText(ms, zone, stand.at));
    });
    const ids = each.eventIds.map(
      (id) => html`<a class="mono" href="${context.link(`/events/${id}`)}">${id.slice(0, 8)}</a> `,
    );
    return html`<tr>
      <th scope="row"><a href="${node}">${each.node}</a></th>
      <td>
        ${each.kind}${each.maintenanceId !== undefined && html` <span class="sub">${each.maintenanceId}</span>`}
      </td>
      <td>${from} – ${to}</td>
      <td class="number">${durationFigure(`nis.exclusions.${first + i}.ms`, each.ms)}</td>
      <td>${ids}</td>
    </tr>`;
  });
  const words =
    all.length > shown ? `the last ${shown} of ${whole(all.length)}` : whole(all.length);
  return html`<details>
    <summary>Exclusions: ${words}</summary>
    ${listTable({ title: "Exclusions", source, isTall: true, heads: ["Node", "Kind", "Excluded", { title: "Time", kind: "number" }, "By events"], rows: rows.toReversed() })}
    <p class="more"><a class="csv" href="${csv}" download>All of them in the report, as CSV</a></p>
  </details>`;
}
