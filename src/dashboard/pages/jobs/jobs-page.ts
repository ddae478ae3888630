/** `/clusters/{cluster}/jobs`: how much of their time jobs ran, what stopped them, and what would help. */
import { html } from "../../../reports/html/html.ts";
import type { PageDefinition } from "../../frame/page.ts";
import { advicePanel } from "./advice-panel.ts";
import { crashesPanel } from "./crashes-panel.ts";
import { clusterOf } from "./job-facts.ts";
import { jobsHeadline, noJobs } from "./jobs-headline.ts";
import { orderFilters } from "./order.ts";
import { outagesPanel } from "./outages-panel.ts";
import { recoveryPanel } from "./recovery-panel.ts";
import { stripsPanel } from "./strips-panel.ts";
import { tablePanel } from "./table-panel.ts";
import { waterfallPanel } from "./waterfall-panel.ts";

export const jobsPage: PageDefinition = {
  path: "/clusters/:cluster/jobs",
  place: "jobs",
  filters: orderFilters,
  title: ({ params }) => `Jobs of ${params["cluster"] ?? ""}`,
  panels: (context) => {
    const view = clusterOf(context);
    const { cluster } = view;
    const headline = () => jobsHeadline(context, cluster);
    if (view.names("job").length === 0) return { headline, none: () => noJobs(context, cluster) };
    return {
      headline,
      strips: () => stripsPanel(context, cluster),
      waterfall: () => waterfallPanel(context, cluster),
      crashes: () => crashesPanel(context, cluster),
      recovery: () => recoveryPanel(context, cluster),
      advice: () => advicePanel(context, cluster),
      outages: () => outagesPanel(context, cluster),
      table: () => tablePanel(context, cluster),
    };
  },
  layout: ({ headline, strips, waterfall, crashes, recovery, advice, outages, table, ...others }) =>
    strips === undefined
      ? html`${headline} ${Object.values(others)}`
      : html`${headline} ${strips}
          <div class="columns">${waterfall} ${advice}</div>
          <div class="columns">${crashes} ${recovery}</div>
          ${outages} ${table}`,
};
