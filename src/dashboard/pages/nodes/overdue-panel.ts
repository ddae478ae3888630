/** Maintenance that should be over by now. */
import { parseInstant } from "../../../../projections/time/instant.ts";
import { type OverdueAnswer, overdueAnswer } from "../../../answers/holds/overdue-maintenance.ts";
import { pathSegment } from "../../../path-segment.ts";
import { maxListRows } from "../../../limits/requests.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { countFigure, counted, durationFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";
import { listTable } from "../../tables/list-table.ts";

type Overdue = OverdueAnswer["overdue"][number];

const shown = 12;

export async function overdueMaintenancePanel(
  context: PageContext,
  cluster: string,
): Promise<Html> {
  const { ledger, stand } = context;
  const { sequence, at } = stand;
  const title = "Overdue maintenance";
  const answer = await context.shared(`overdue maintenance of ${cluster}`, () =>
    overdueAnswer(ledger, { cluster, sequence, at }, { after: undefined, limit: maxListRows }),
  );
  if (answer.total === 0) {
    const body = empty("No maintenance is open past its planned end.");
    return panel("maintenance", { title, body });
  }
  const source = context.api("/v1/maintenance/overdue", { cluster }, "at");
  const rows = answer.overdue.slice(0, shown);
  const rest = answer.total - rows.length;
  return panel("maintenance", {
    title,
    note: html`<span data-source="${source}">${countFigure("total", answer.total)}</span> still open`,
    csv: context.api("/v1/maintenance/overdue", { cluster, format: "csv" }, "at"),
    body: html`${listTable({ title, source, heads: ["Node", "Maintenance", "Since", "Planned until", { title: "Overdue", kind: "number" }], rows: rows.map((each, i) => line(context, each, i)) })}
    ${rest > 0 && html`<p class="more">${counted(rest, "further one")} in the CSV</p>`}`,
  });
}

function line(context: PageContext, row: Overdue, i: number): Html {
  const { stand, zone } = context;
  const { cluster, node, maintenanceId, since, plannedTo, overdueMs, event } = row;
  const href = context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`);
  const time = (text: string) => {
    const ms = parseInstant(text) ?? 0;
    return timeHtml(ms, minuteText(ms, zone, stand.at));
  };
  return html`<tr>
    <th scope="row"><a href="${href}">${node}</a></th>
    <td class="mono"><a href="${context.link(`/events/${event}`)}">${maintenanceId}</a></td>
    <td>${time(since)}</td>
    <td>
      ${plannedTo === null ? html`<span class="sub">never announced</span>` : time(plannedTo)}
    </td>
    <td class="number">${durationFigure(`overdue.${i}.overdueMs`, overdueMs)}</td>
  </tr>`;
}
