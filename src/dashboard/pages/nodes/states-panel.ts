/** The states of a cluster's nodes over the window: a large picture by rack, and the same figures as a table. */
import { formatInstant, parseInstant } from "../../../../projections/time/instant.ts";
import type { ClusterView } from "../../../../projections/view.ts";
import { nodeRowOrders } from "../../../../projections/figures/grid/node-rows.ts";
import type { NodeRowOrder } from "../../../../projections/figures/grid/node-rows.ts";
import { gridIndex, nodeStates as statesOf } from "../../../answers/charts/node-states.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { Steps } from "../../../turns.ts";
import { timeAxis } from "../../charts/axis.ts";
import { countFigure, counted, durationFigure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { dayText } from "../../frame/times.ts";
import { zoneBandsOf } from "../../cluster/cluster-facts.ts";
import { nodeStates } from "../../cluster/node-states.ts";
import { zoneLane } from "../../cluster/zone-lane.ts";
import { filterForm } from "./table-links.ts";
import type { PageWindow } from "./window-facts.ts";
import { figuresIn, nodesIn, windowIn } from "./window-facts.ts";
import { windowWords } from "./window-words.ts";

export const rowOrders = nodeRowOrders;

const orderWords = { rack: "by rack", worst: "worst first", name: "by name" } as const;

export async function statesPanel(context: PageContext, cluster: string): Promise<Html> {
  const window = await windowIn(context, cluster);
  const nodes = await nodesIn(context, cluster);
  const rack = context.filters["rack"];
  const order = (context.filters["order"] ?? "rack") as NodeRowOrder;
  const asked = {
    cluster,
    rack,
    order,
    from: formatInstant(window.from),
    to: formatInstant(window.to),
  };
  const csv = context.api("/v1/node-states", { ...asked, format: "csv" });
  const title = "Node states";
  const racks = [...new Set(nodes.flatMap((node) => node.rack ?? []))].sort();
  if (nodes.length === 0) {
    const body = empty("No node is a member: NodeCommissioned puts the first one in.");
    return panel("states", { title, body });
  }
  if ((await figuresIn(context, cluster)).nis.raw === null) {
    const words = `No node was a member in ${windowWords(context, window)}: choose another window.`;
    return panel("states", { title, body: empty(words) });
  }
  const { rack: inRack, ...named } = asked;
  const end = dayText(window.to, context.zone, context.stand.at);
  return panel("states", {
    title,
    note: html`${counted(nodes.length, "node")} in ${counted(racks.length, "rack")};
      <span data-states-words="states"
        >a line is a node, or neighbours where there are more nodes than lines; a column is a part
        of the window: its worst state, deeper the more of it</span
      >`,
    csv,
    tools: orderSwitch(context, order),
    png: true,
    body: html`${filterForm(context, "states", [{ name: "rack", words: "Rack", options: racks, all: "all racks" }])}
      <div class="states-picture">
        <span class="lane-name">zones</span>
        <div class="zone-lane">
          ${zoneLane(await zoneBandsOf(context, cluster), window, `No-fly zones of ${cluster}`)}
        </div>
        <div class="rack-names" data-rack-names="states" aria-hidden="true"></div>
        ${nodeStates(context, { ...named, ...(inRack === undefined ? {} : { rack: inRack }), key: "states", kind: "large", follows: true, label: `Node states of ${cluster}` })}
        <span></span>
        ${timeAxis(window, context.zone, context.stand.at, end)}
      </div>
      ${await statesTable(context, cluster, window, rack, order)}`,
  });
}

function orderSwitch(context: PageContext, order: NodeRowOrder): Html {
  const links = rowOrders.map((each) => {
    const href = `${context.here({ order: each === "rack" ? null : each })}#p-states`;
    const current = each === order ? { html: 'aria-current="true"' } : null;
    return html`<a href="${href}" ${current}>${orderWords[each]}</a>`;
  });
  return html`<nav class="switch" aria-label="Order of the nodes">${links}</nav>`;
}

/** Rows of the table: a rack each, or nodes in their order. */
const mostRows = 200;

interface TableRows {
  readonly h: number;
  readonly index: ReturnType<typeof gridIndex>;
}

function* tableSteps(
  view: ClusterView,
  window: PageWindow,
  rack: string | undefined,
  order: NodeRowOrder,
): Steps<TableRows> {
  yield;
  const { from, to } = window;
  const racks = new Set<string | null>();
  if (order === "rack" && rack === undefined)
    for (const { memberships } of view.within(window).entities("node")) {
      const last = memberships.findLast((each) => each.from < to && each.to > from);
      if (last !== undefined) racks.add(last.rack);
    }
  const h = racks.size === 0 ? mostRows : Math.min(racks.size, mostRows);
  const states = yield* statesOf(view, { from, to, rack, order, w: 1, h });
  return { h, index: gridIndex(states) };
}

/** The figures of the picture, a row a rack or a run of nodes. */
async function statesTable(
  context: PageContext,
  cluster: string,
  window: PageWindow,
  rack: string | undefined,
  order: NodeRowOrder,
): Promise<Html> {
  const { h, index } = await context.once(
    `states ${window.label} ${rack ?? ""} ${order}`,
    cluster,
    (view) => tableSteps(view, window, rack, order),
  );
  const source = context.api("/v1/node-states", {
    cluster,
    rack,
    order,
    from: formatInstant(window.from),
    to: formatInstant(window.to),
    w: "1",
    h: String(h),
    format: "json",
  });
  const rows = index.rows.map((row, i) => {
    const [first = ""] = row.nodes;
    const names = row.nodes.length > 1 ? `${first} … ${row.nodes.at(-1)}` : first;
    const name = (id: "inServiceMs" | "downMs" | "maintenanceMs" | "unknownMs") =>
      html`<td class="number">${durationFigure(`rows.${i}.${id}`, row[id])}</td>`;
    return html`<tr>
      <th scope="row">${row.rack ?? "–"}</th>
      <td class="mono">${names}</td>
      <td class="number">${whole(row.nodes.length)}</td>
      ${name("inServiceMs")} ${name("downMs")} ${name("maintenanceMs")} ${name("unknownMs")}
    </tr>`;
  });
  return html`<details>
    <summary>Table</summary>
    <div class="scroll tall" role="region" tabindex="0" aria-label="Node states as a table">
      <table data-source="${source}">
        <caption class="sub">
          Node-time in each
          state${parseInstant(index.knownUntil) === parseInstant(index.to) ? "" : ", as far as it is known"};
          a row of at most ${countFigure("nodesPerRow", index.nodesPerRow)} nodes
        </caption>
        <thead>
          <tr>
            <th scope="col">Rack</th>
            <th scope="col">Nodes</th>
            <th scope="col" class="number">Count</th>
            <th scope="col" class="number">In service</th>
            <th scope="col" class="number">Down</th>
            <th scope="col" class="number">Maintenance</th>
            <th scope="col" class="number">Unobserved</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}
