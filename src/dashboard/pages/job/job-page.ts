/** `/clusters/{cluster}/jobs/{job}`: what became of one job's time, and what stopped it. */
import { html } from "../../../reports/html/html.ts";
import type { PageDefinition } from "../../frame/page.ts";
import { checkpointsPanel } from "./checkpoints-panel.ts";
import { jobFindingsPanel } from "./findings-panel.ts";
import { interruptionsPanel } from "./interruptions-panel.ts";
import { jobOf } from "./job-facts.ts";
import { jobHeadline } from "./job-headline.ts";
import { nodesHeldPanel } from "./nodes-held-panel.ts";
import { runsPanel } from "./runs-panel.ts";
import { jobStripPanel } from "./strip-panel.ts";

export const jobPage: PageDefinition = {
  path: "/clusters/:cluster/jobs/:job",
  place: "jobs",
  title: ({ params }) => `Job ${params["job"] ?? ""}`,
  panels: (context) => {
    const job = jobOf(context);
    return {
      headline: () => jobHeadline(context, job),
      strip: () => jobStripPanel(context, job),
      interruptions: () => interruptionsPanel(context, job),
      runs: () => runsPanel(context, job),
      checkpoints: () => checkpointsPanel(context, job),
      nodes: () => nodesHeldPanel(context, job),
      findings: () => jobFindingsPanel(context, job),
    };
  },
  layout: ({ headline, strip, interruptions, runs, checkpoints, nodes, findings }) =>
    html`${headline} ${strip} ${interruptions}
      <div class="columns">${runs} ${checkpoints}</div>
      ${nodes} ${findings}`,
};
