/** When a node belonged to its cluster, and where it stood. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";
import { nodeFacts } from "./node-facts.ts";
import { listTable } from "../../tables/list-table.ts";

const shown = 100;

export async function membershipsPanel(
  context: PageContext,
  cluster: string,
  node: string,
): Promise<Html> {
  const { timeline } = await nodeFacts(context, cluster, node);
  const { zone, stand } = context;
  const title = "Memberships";
  if (timeline.memberships.length === 0) {
    const body = empty("It never was a member: NodeCommissioned makes it one.");
    return panel("memberships", { title, body });
  }
  const edge = (ms: number, id: string) =>
    html`<a href="${context.link(`/events/${id}`)}"
      >${timeHtml(ms, minuteText(ms, zone, stand.at))}</a
    >`;
  const rows = timeline.memberships
    .toReversed()
    .slice(0, shown)
    .map(
      ({ from, to, commissionedBy, decommissionedBy, rack, sku, gpus }) =>
        html`<tr>
          <td>${edge(from, commissionedBy)}</td>
          <td>${decommissionedBy === null ? "still a member" : edge(to, decommissionedBy)}</td>
          <td>${rack}</td>
          <td>${sku}</td>
          <td class="number">${gpus}</td>
        </tr>`,
    );
  return panel("memberships", {
    title,
    body: listTable({
      title: "Memberships",
      heads: ["From", "Until", "Rack", "SKU", { title: "GPUs", kind: "number" }],
      rows,
    }),
  });
}
