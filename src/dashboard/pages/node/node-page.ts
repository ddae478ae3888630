/** `/clusters/{c}/nodes/{n}`: what happened to one node, and how it is. */
import type { PageDefinition } from "../../frame/page.ts";
import { html } from "../../../reports/html/html.ts";
import { faultsPanel } from "./faults-panel.ts";
import { findingsPanel } from "./findings-panel.ts";
import { membershipsPanel } from "./memberships-panel.ts";
import { nodeHeadline } from "./node-headline.ts";
import { timelinePanel } from "./timeline-panel.ts";

export const nodePage: PageDefinition = {
  path: "/clusters/:cluster/nodes/:node",
  place: "nodes",
  title: ({ params }) => `${params["node"] ?? ""} of ${params["cluster"] ?? ""}`,
  panels: (context) => {
    const { cluster = "", node = "" } = context.params;
    return {
      headline: () => nodeHeadline(context, cluster, node),
      timeline: () => timelinePanel(context, cluster, node),
      faults: () => faultsPanel(context, cluster, node),
      memberships: () => membershipsPanel(context, cluster, node),
      findings: () => findingsPanel(context, cluster, node),
    };
  },
  layout: ({ headline, timeline, faults, memberships, findings }) =>
    html`${headline} ${timeline} ${faults}
      <div class="columns">${memberships} ${findings}</div>`,
};
