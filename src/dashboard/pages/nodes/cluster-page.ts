/** `/clusters/{c}`: how a cluster's nodes did, which fail and why, how long repairs take, and every node. */
import { z } from "zod";
import { label } from "../../../events/fields/fields.ts";
import type { PageDefinition } from "../../frame/page.ts";
import { html } from "../../../reports/html/html.ts";
import { clusterHeadline } from "./cluster-headline.ts";
import { failuresPanel, failureSorts } from "./failures-panel.ts";
import { denialsPanel, holdsPanel } from "./holds-panel.ts";
import { nisPanel } from "./nis-panel.ts";
import { nodeListPanel, nodeSorts, nodeStateNames } from "./node-list-panel.ts";
import { offendersPanel } from "./offenders-panel.ts";
import { overdueMaintenancePanel } from "./overdue-panel.ts";
import { repairTimesPanel } from "./repair-times-panel.ts";
import { rowOrders, statesPanel } from "./states-panel.ts";
import { filter, pageNumber, sortText } from "./table-links.ts";

export const clusterPage: PageDefinition = {
  path: "/clusters/:cluster",
  place: "nodes",
  filters: {
    rack: filter(label),
    sku: filter(label),
    state: filter(z.enum(nodeStateNames)),
    order: filter(z.enum(rowOrders)),
    sort: sortText(failureSorts),
    "sort-nodes": sortText(nodeSorts),
    page: pageNumber,
  },
  title: ({ params }) => `Nodes of ${params["cluster"] ?? ""}`,
  panels: (context) => {
    const cluster = context.params["cluster"] ?? "";
    return {
      headline: () => clusterHeadline(context, cluster),
      nis: () => nisPanel(context, cluster),
      states: () => statesPanel(context, cluster),
      failures: () => failuresPanel(context, cluster),
      offenders: () => offendersPanel(context, cluster),
      repairs: () => repairTimesPanel(context, cluster),
      holds: () => holdsPanel(context, cluster),
      maintenance: () => overdueMaintenancePanel(context, cluster),
      denials: () => denialsPanel(context, cluster),
      nodes: () => nodeListPanel(context, cluster),
    };
  },
  layout: ({ headline, nis, states, failures, offenders, repairs, nodes, ...held }) =>
    html`${headline} ${nis} ${states} ${failures}
      <div class="columns">${offenders} ${repairs}</div>
      <div class="columns">${held["holds"]} ${held["maintenance"]}</div>
      ${held["denials"]} ${nodes}`,
};
