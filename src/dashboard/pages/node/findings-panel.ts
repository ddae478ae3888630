/** Facts about a node that did not fit what the ledger knew, and what to do about each. */
import { pathSegment } from "../../../path-segment.ts";
import type { Html } from "../../../reports/html/html.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { findingTable } from "../../tables/finding-table.ts";
import { nodeFacts } from "./node-facts.ts";

const shown = 100;

export async function findingsPanel(
  context: PageContext,
  cluster: string,
  node: string,
): Promise<Html> {
  const { findings } = (await nodeFacts(context, cluster, node)).timeline;
  const title = "Facts that did not fit";
  if (findings.length === 0) {
    return panel("findings", { title, body: empty("Every fact about this node fits the others.") });
  }
  const latest = findings
    .map((each, i) => ({ ...each, path: `findings.${i}.kind` }))
    .slice(-shown)
    .toReversed();
  const source = context.api(`/v1/nodes/${pathSegment(cluster)}/${pathSegment(node)}`);
  return panel("findings", {
    title,
    note: `${counted(findings.length, "fact")} of this node ${findings.length === 1 ? "changes" : "change"} no figure, or not as intended`,
    body: findingTable(context, { title, findings: latest, source }),
  });
}
