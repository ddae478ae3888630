/** Facts of the job that did not fit, and what to do about each. */
import { maxJobEntries } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { findingTable } from "../../tables/finding-table.ts";
import type { ShownJob } from "./job-facts.ts";
import { jobSource } from "./job-facts.ts";

export async function jobFindingsPanel(context: PageContext, job: ShownJob): Promise<Html> {
  const title = "Facts that did not fit";
  const { findings } = job.timeline;
  if (findings.length === 0) {
    return panel("findings", { title, body: empty("Every fact about this job fits the others.") });
  }
  const latest = findings
    .map((each, i) => ({ ...each, path: `findings.${i}.kind` }))
    .slice(-maxJobEntries)
    .toReversed();
  return panel("findings", {
    title,
    note: `${counted(findings.length, "fact")} of this job ${findings.length === 1 ? "changes" : "change"} no figure, or not as intended`,
    body: findingTable(context, { title, findings: latest, source: jobSource(context, job) }),
  });
}
