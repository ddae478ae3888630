/** A node's faults in the window, the latest first. */
import { pathSegment } from "../../../path-segment.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { faultItem, faultsOf } from "./fault-list.ts";
import { nodeFacts } from "./node-facts.ts";

const shown = 100;

export async function faultsPanel(
  context: PageContext,
  cluster: string,
  node: string,
): Promise<Html> {
  const facts = await nodeFacts(context, cluster, node);
  const faults = faultsOf(facts);
  if (faults.length === 0) {
    const body = empty("It had no fault in this window.");
    return panel("faults", { title: "Faults", body });
  }
  const more = faults.length - shown;
  return panel("faults", {
    title: "Faults",
    note: `${counted(faults.length, "fault")} in this window, the latest first`,
    csv: context.api(`/v1/nodes/${pathSegment(cluster)}/${pathSegment(node)}`, { format: "csv" }),
    png: true,
    body: html`<ol class="faults wide">
        ${faults.slice(0, shown).map((fault) => faultItem(context, fault, facts.at))}
      </ol>
      ${more > 0 && html`<p class="more">${whole(more)} earlier ones: choose a shorter window.</p>`}`,
  });
}
