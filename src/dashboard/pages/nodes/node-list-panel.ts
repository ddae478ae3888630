/** Every node of a cluster: its state and since when, its open faults, its faults in the window. */
import { parseInstant } from "../../../../projections/time/instant.ts";
import type { FaultRow } from "../../../answers/lists/faults.ts";
import type { NodeRow } from "../../../answers/lists/nodes.ts";
import { nodeOrders } from "../../../answers/lists/nodes.ts";
import { pairKey } from "../../../answers/lists/rows.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { bad, counted, countFigure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";
import { openFaultsOf } from "../../cluster/cluster-facts.ts";
import { stateMark } from "../node/state-words.ts";
import type { Sorting } from "./table-links.ts";
import { filterForm, pageLinks, pagePlace, sortHead, sortingOf } from "./table-links.ts";
import { nodesIn, windowIn } from "./window-facts.ts";
import { windowWords } from "./window-words.ts";
import { pathSegment } from "../../../path-segment.ts";

export const nodeStateNames = ["in-service", "down", "maintenance", "unknown"] as const;
/** As the interface sorts. */
export const nodeSorts = ["name", "state", "since", "faults"] as const;
type NodeSort = (typeof nodeSorts)[number];

export async function nodeListPanel(context: PageContext, cluster: string): Promise<Html> {
  const window = await windowIn(context, cluster);
  const { label } = window;
  const all = await nodesIn(context, cluster);
  const { rack, sku, state } = context.filters;
  const sorting = sortingOf(context.filters["sort-nodes"], "name");
  const filtered = all.filter(
    (row) =>
      (rack === undefined || row.rack === rack) &&
      (sku === undefined || row.sku === sku) &&
      (state === undefined || row.state === state),
  );
  const sort = sorting.column as NodeSort;
  const inOrder = filtered.toSorted(nodeOrders[sort]);
  const shownOrder = sorting.isReversed ? inOrder.toReversed() : inOrder;
  const place = pagePlace(context.filters["page"], filtered.length, rowsPerPage);
  const { first } = place;
  const rows = shownOrder.slice(first, first + rowsPerPage);
  const before = shownOrder[first - 1];
  const asked = { cluster, rack, sku, state, period: label, sort: sort === "name" ? null : sort };
  const source = context.api("/v1/nodes", {
    ...asked,
    limit: String(rowsPerPage),
    after: before === undefined ? null : pairKey(cluster, before.node),
  });
  const labels = (of: (row: NodeRow) => string | null) =>
    [...new Set(all.flatMap((row) => of(row) ?? []))].sort().slice(0, mostChoices);
  return panel("nodes", {
    title: "Nodes",
    note: `${counted(filtered.length, "node")}${filtered.length < all.length ? ` of ${whole(all.length)}` : ""}; faults in ${windowWords(context, window)}`,
    csv: context.api("/v1/nodes", { ...asked, format: "csv" }),
    body: html`${filterForm(context, "nodes", [
      { name: "rack", words: "Rack", options: labels((row) => row.rack), all: "all racks" },
      { name: "sku", words: "SKU", options: labels((row) => row.sku), all: "all SKUs" },
      { name: "state", words: "State", options: nodeStateNames, all: "all states" },
    ])}
    ${rows.length === 0 ? nothing(all.length) : table(context, rows, { sorting, source, causes: await causesIn(context, cluster) })}
    ${pageLinks(context, "nodes", place)}`,
  });
}

const rowsPerPage = 50;
const mostChoices = 2_000;

function nothing(all: number): Html {
  return all === 0
    ? empty("No node is a member: NodeCommissioned puts the first one in.")
    : empty("No node matches these filters; choose others.");
}

/** What each open fault is, by its node and its id, with its event. */
async function causesIn(context: PageContext, cluster: string): Promise<Causes> {
  const open = await openFaultsOf(context, cluster);
  return new Map(open.map((fault) => [pairKey(fault.node, fault.faultId), fault]));
}

type Causes = ReadonlyMap<string, FaultRow>;

interface NodeTable {
  readonly sorting: Sorting;
  readonly source: string;
  readonly causes: Causes;
}

function table(
  context: PageContext,
  rows: readonly NodeRow[],
  { sorting, source, causes }: NodeTable,
): Html {
  const head = { parameter: "sort-nodes", panel: "nodes", sorting } as const;
  const isAsInterface = !sorting.isReversed;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Table of nodes">
    <table class="nodes" ${isAsInterface && html`data-source="${source}"`}>
      <thead>
        <tr>
          ${sortHead(context, { ...head, column: "name", words: "Node", first: "ascending" })}
          ${sortHead(context, { ...head, column: "state", words: "State", first: "descending" })}
          ${sortHead(context, { ...head, column: "since", words: "Since", first: "ascending" })}
          <th scope="col">Open faults</th>
          ${sortHead(context, { ...head, column: "faults", words: "Faults", first: "descending", isNumber: true })}
          <th scope="col">Rack</th>
          <th scope="col">SKU</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row, i) => line(context, row, causes, isAsInterface ? i : null))}
      </tbody>
    </table>
  </div>`;
}

/** `index` is the row's in the interface's answer; `null` if that has another order. */
function line(context: PageContext, row: NodeRow, causes: Causes, index: number | null): Html {
  const { stand, zone } = context;
  const href = context.link(`/clusters/${pathSegment(row.cluster)}/nodes/${pathSegment(row.node)}`);
  const since = row.since === null ? null : parseInstant(row.since);
  return html`<tr>
    <th scope="row"><a href="${href}">${row.node}</a></th>
    <td>${stateMark(row.state)}</td>
    <td>
      ${since === null ? html`<span class="sub">before the window</span>` : timeHtml(since, minuteText(since, zone, stand.at))}
    </td>
    <td class="wrap">
      ${row.openFaults.map((id, i) => html`${i > 0 && "; "}${faultHtml(context, id, causes.get(pairKey(row.node, id)))}`)}
    </td>
    <td class="number">
      ${row.boundExceeded && html`${bad("beyond chance")} `}${index === null ? whole(row.faults) : countFigure(`nodes.${index}.faults`, row.faults)}
    </td>
    <td>${row.rack}</td>
    <td>${row.sku}</td>
  </tr>`;
}

function faultHtml(context: PageContext, id: string, fault: FaultRow | undefined): Html {
  if (fault === undefined) return html`<code>${id}</code>`;
  const { category, component, eventId } = fault;
  return html`<a href="${context.link(`/events/${eventId}`)}" title="${id}"
    >${category}${component !== null && `, ${component}`}</a
  >`;
}
