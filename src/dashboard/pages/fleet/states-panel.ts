/** The states of one cluster's nodes over the last days, large, with one node in detail beside them. */
import { formatInstant } from "../../../../projections/time/instant.ts";
import { listWindow } from "../../../answers/lists/list-window.ts";
import type { NodeRow } from "../../../answers/lists/nodes.ts";
import { nodeRowsInSteps } from "../../../answers/lists/nodes.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { timeAxis } from "../../charts/axis.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { dailyOf, zoneBandsOf } from "../../cluster/cluster-facts.ts";
import { nodeStates } from "../../cluster/node-states.ts";
import { cellOf } from "../../cluster/marked-cell.ts";
import { nodeDetail } from "../node/node-detail.ts";
import { zoneLane } from "../../cluster/zone-lane.ts";

export async function fleetStatesPanel(context: PageContext): Promise<Html> {
  const { clusters, filters, stand, zone } = context;
  const title = "Node states";
  const asked = filters["cluster"];
  const cluster = asked !== undefined && clusters.includes(asked) ? asked : clusters[0];
  const daily =
    cluster === undefined ? null : await dailyOf(context, cluster, ["nis.contractual", "nis.raw"]);
  if (cluster === undefined || daily === null)
    return panel("states", { title, body: empty("No cluster has nodes yet.") });
  const { from, to } = daily.window;
  const window = { from: formatInstant(from), to: formatInstant(to) };
  const nodes = await context.once("nodes of the last days", cluster, (view) =>
    nodeRowsInSteps(view, listWindow(view, { from, to }, stand.at ?? to)),
  );
  const racks = new Set(nodes.flatMap(({ rack }) => rack ?? [])).size;
  const node = chosen(context, nodes);
  return panel("states", {
    title,
    note: html`${counted(nodes.length, "node")} in ${counted(racks, "rack")};
      <span data-states-words="fleet-states"
        >worst state in each cell, deeper the more of it</span
      >`,
    tools: tabs(context, cluster),
    csv: context.api("/v1/node-states", { cluster, ...window, format: "csv" }),
    png: true,
    body: html`<div class="states-and-node">
      <div class="states-picture">
        <span></span>
        <div class="zone-lane">
          ${zoneLane(await zoneBandsOf(context, cluster), daily.window, `No-fly zones of ${cluster}`)}
        </div>
        <div class="rack-names" data-rack-names="fleet-states" aria-hidden="true"></div>
        ${nodeStates(context, { cluster, ...window, key: "fleet-states", kind: "large", label: `Node states of ${cluster}` })}
        <span></span>
        ${timeAxis(daily.window, zone, stand.at, stand.isPast ? "then" : "now")}
      </div>
      ${node === null ? empty("No node is a member.") : await nodeDetail(context, cluster, node, daily.window)}
    </div>`,
  });
}

/** The node under the cursor, else the one with most faults in the window. */
function chosen(context: PageContext, nodes: readonly NodeRow[]): string | null {
  const cell = cellOf(context);
  if (cell !== null && nodes.some(({ node }) => node === cell.node)) return cell.node;
  const [first] = nodes.toSorted((a, b) => b.faults - a.faults);
  return first?.node ?? null;
}

function tabs(context: PageContext, shown: string): Html {
  const links = context.clusters.map((cluster) => {
    const current = cluster === shown ? { html: 'aria-current="true"' } : null;
    return html`<a href="${context.here({ cluster, at: null })}#p-states" ${current}
      >${cluster}</a
    >`;
  });
  return html`<nav class="switch" aria-label="Cluster">${links}</nav>`;
}
