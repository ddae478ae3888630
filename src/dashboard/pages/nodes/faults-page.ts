/** `/faults`: faults of all clusters, by what is open, overdue, where and of what cause. */
import { z } from "zod";
import { parseInstant } from "../../../../projections/time/instant.ts";
import type { FaultRow } from "../../../answers/lists/faults.ts";
import { faultRowsInSteps } from "../../../answers/lists/faults.ts";
import { listWindow } from "../../../answers/lists/list-window.ts";
import { compareNames } from "../../../answers/lists/rows.ts";
import { clusterName, label } from "../../../events/fields/fields.ts";
import { LedgerError } from "../../../errors.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { bad, counted, durationFigure, whole } from "../../frame/figures.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { windowOf } from "../../frame/page.ts";
import { withoutFacts } from "../../frame/empty-ledger.ts";
import { bare, empty, panel } from "../../frame/panel.ts";
import { durationText, minuteText, timeHtml } from "../../frame/times.ts";
import { windowParameters } from "../../cluster/cluster-facts.ts";
import { filter, filterForm, pageLinks, pageNumber, pagePlace } from "./table-links.ts";
import { pathSegment } from "../../../path-segment.ts";

const yesOrNo = z.enum(["true", "false"]);

export const faultsPage: PageDefinition = {
  path: "/faults",
  place: "nodes",
  filters: {
    cluster: filter(clusterName),
    rack: filter(label),
    sku: filter(label),
    open: filter(yesOrNo),
    overdue: filter(yesOrNo),
    page: pageNumber,
  },
  title: () => "Faults",
  panels: (context) => ({
    headline: () => headline(context),
    faults: () => faultsPanel(context),
  }),
};

/** By start, as `/v1/faults` lists them. */
async function rowsOf(context: PageContext): Promise<readonly FaultRow[]> {
  const { stand, query, filters } = context;
  const { at } = stand;
  const { cluster } = filters;
  if (cluster !== undefined && !context.clusters.includes(cluster)) {
    const detail = `No fact that holds at sequence ${stand.sequence} names a cluster "${cluster}".`;
    throw new LedgerError("not-found", detail);
  }
  if (at === null) return [];
  const window = windowOf(query);
  const rows: FaultRow[] = [];
  for (const name of cluster === undefined ? context.clusters : [cluster]) {
    const made = await context.once(`list of faults ${JSON.stringify(window)}`, name, (view) =>
      faultRowsInSteps(view, listWindow(view, window, at)),
    );
    for (const row of made) rows.push(row);
  }
  const { rack, sku, open, overdue } = filters;
  return rows
    .filter((row) => rack === undefined || row.rack === rack)
    .filter((row) => sku === undefined || row.sku === sku)
    .filter((row) => open === undefined || (open === "true") === (row.outcome === "open"))
    .filter((row) => overdue === undefined || (overdue === "true") === row.overTarget)
    .sort((a, b) => compareNames(a.since, b.since));
}

async function headline(context: PageContext): Promise<Html> {
  const rows = await rowsOf(context);
  const open = rows.filter(({ outcome }) => outcome === "open").length;
  const overdue = rows.filter(({ overTarget }) => overTarget).length;
  const words =
    rows.length === 0
      ? "No fault matches."
      : `${open === rows.length ? `${counted(open, "fault")} ${open === 1 ? "is" : "are"} open` : `${counted(rows.length, "fault")}, of which ${whole(open)} ${open === 1 ? "is" : "are"} open`}; ${whole(overdue)} beyond the repair target.`;
  return bare(
    "headline",
    html`<div class="title-line">
      <h1>Faults</h1>
      <p class="sentence">${words}</p>
    </div>`,
  );
}

async function faultsPanel(context: PageContext): Promise<Html> {
  const { filters } = context;
  const rows = await rowsOf(context);
  const place = pagePlace(filters["page"], rows.length, rowsPerPage);
  const { first } = place;
  const shown = rows.slice(first, first + rowsPerPage);
  const { cluster, rack, sku, open, overdue } = filters;
  const asked = { cluster, rack, sku, open, overdue, ...windowParameters(context) };
  const after = rows[first - 1]?.eventId ?? null;
  const source = context.api("/v1/faults", { ...asked, limit: String(rowsPerPage), after });
  const labels = (of: (row: FaultRow) => string | null) =>
    [...new Set(rows.flatMap((row) => of(row) ?? []))].sort().slice(0, mostChoices);
  return panel("faults", {
    title: "List of faults",
    note: "the oldest first",
    csv: context.api("/v1/faults", { ...asked, format: "csv" }),
    body: html`${filterForm(context, "faults", [
      { name: "cluster", words: "Cluster", options: context.clusters, all: "all clusters" },
      { name: "rack", words: "Rack", options: labels((row) => row.rack), all: "all racks" },
      { name: "sku", words: "SKU", options: labels((row) => row.sku), all: "all SKUs" },
      {
        name: "open",
        words: "State",
        options: yesOrNo.options,
        shown: { true: "open", false: "ended" },
        all: "open or ended",
      },
      {
        name: "overdue",
        words: "Repair target",
        options: yesOrNo.options,
        shown: { true: "beyond it", false: "within it" },
        all: "beyond or within",
      },
    ])}
    ${shown.length === 0 ? nothing(context) : table(context, shown, source)}
    ${pageLinks(context, "faults", place)}`,
  });
}

function nothing(context: PageContext): Html {
  return context.clusters.length === 0
    ? withoutFacts(context, "No node is known, so none can fail. Send the first facts:")
    : empty("No fault matches these filters: a NodeFailed event opens one.");
}

const rowsPerPage = 200;
const mostChoices = 2_000;

function table(context: PageContext, rows: readonly FaultRow[], source: string): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Table of faults">
    <table class="fault-list" data-source="${source}">
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col" class="number">Open for</th>
          <th scope="col">Cause</th>
          <th scope="col">Since</th>
          <th scope="col">Until</th>
          <th scope="col">Cluster</th>
          <th scope="col">Rack</th>
          <th scope="col">Fault</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row, i) => line(context, row, i))}
      </tbody>
    </table>
  </div>`;
}

function line(context: PageContext, row: FaultRow, i: number): Html {
  const { stand, zone } = context;
  const { node, cluster, rack, category, component, faultId, eventId, outcome } = row;
  const href = context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`);
  const time = (text: string) => {
    const ms = parseInstant(text) ?? 0;
    return timeHtml(ms, minuteText(ms, zone, stand.at));
  };
  return html`<tr>
    <th scope="row"><a href="${href}">${node}</a></th>
    <td class="number">
      ${row.overTarget && html`<span title="the target is ${durationText(row.targetMs)}">${bad("over target")}</span> `}${durationFigure(`faults.${i}.durationMs`, row.durationMs)}
    </td>
    <td>${category}${component !== null && `, ${component}`}</td>
    <td>${time(row.since)}</td>
    <td>
      ${row.until === null ? "open" : time(row.until)}${outcome === "censored" && html` <span class="sub">node left</span>`}
    </td>
    <td>${cluster}</td>
    <td>${rack}</td>
    <td class="mono"><a href="${context.link(`/events/${eventId}`)}">${faultId}</a></td>
  </tr>`;
}
