/** One node beside a picture of many: its states over the window and its latest faults. */
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { lane } from "../../charts/bars.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { begunIn, faultItem, faultsOf } from "./fault-list.ts";
import { nodeFacts } from "./node-facts.ts";
import { repairLegend } from "./repair-bar.ts";
import { statePieces } from "./lanes.ts";
import { pathSegment } from "../../../path-segment.ts";

const shown = 6;

export async function nodeDetail(
  context: PageContext,
  cluster: string,
  node: string,
  window: Interval,
): Promise<Html> {
  const facts = await nodeFacts(context, cluster, node, window);
  const { rack, sku, at } = facts;
  const days = Math.round((window.to - window.from) / 86_400_000);
  const href = context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`);
  const faults = faultsOf(facts);
  const where = [cluster, rack === null ? null : `rack ${rack}`, sku].filter(
    (part) => part !== null,
  );
  return html`<aside class="node-detail" aria-label="Node ${node}">
    <h3><a href="${href}">${node}</a></h3>
    <p class="sub">
      ${where.join(" · ")} · ${counted(begunIn(facts), "fault")} in ${counted(days, "day")}
    </p>
    <div class="state-strip">${lane(statePieces(facts), window, `States of ${node}`)}</div>
    ${faults.length === 0 && html`<p class="empty">It had no fault in this time.</p>`}
    <ol class="faults">
      ${faults.slice(0, shown).map((fault) => faultItem(context, fault, at))}
    </ol>
    ${faults.length > shown && html`<p class="more"><a href="${href}">${counted(faults.length - shown, "earlier fault")}</a></p>`}
    ${repairLegend()}
  </aside>`;
}
