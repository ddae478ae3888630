/** Outages by amplification: how much job time a short outage cost. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { counted, countFigure, durationFigure, figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { documentOf, documentSource, windowParameters } from "../../cluster/cluster-facts.ts";
import { eventHref, nodeHref } from "./links.ts";
import { listTable } from "../../tables/list-table.ts";

const shown = 20;

type Outage = SlaDocument["jobUptime"]["outages"][number];

export async function outagesPanel(context: PageContext, cluster: string): Promise<Html> {
  const title = "Outages by what they cost jobs";
  const { jobUptime } = await documentOf(context, cluster);
  const { outages } = jobUptime;
  if (outages.length === 0) {
    const body = empty(
      "No interruption of the period names a fault that is known. JobInterrupted names one in its cause.",
    );
    return panel("outages", { title, body });
  }
  const top = outages.slice(0, shown);
  const events = await faultEventsOf(context, cluster, top);
  const without = outages.filter(({ amplification }) => amplification === null).length;
  return panel("outages", {
    title,
    note: `amplification: node-time that jobs lost or waited, for each node-time of the outage`,
    csv: context.api("/v1/sla", { cluster, ...windowParameters(context), format: "csv" }),
    body: html`${listTable({ title, caption: "Outages that interrupted jobs, the largest amplification first", source: documentSource(context, cluster), heads: ["Node", "Fault", { title: "Amplification", kind: "number" }, { title: "Outage", kind: "number" }, { title: "Lost, node-time", kind: "number" }, { title: "Interrupted, node-time", kind: "number" }, { title: "Jobs", kind: "number" }], rows: top.map((outage, i) => row(context, cluster, { outage, i, eventId: events[i] ?? null })) })}
      <p class="more">
        ${outages.length > shown && html`The first ${shown} of ${counted(outages.length, "outage")}; all are in the CSV. `}
        ${without > 0 && html`${whole(without)} still last or took no time, and have no amplification.`}
      </p>`,
  });
}

/** The events that state these faults. */
function faultEventsOf(
  context: PageContext,
  cluster: string,
  outages: readonly Outage[],
): Promise<readonly (string | null)[]> {
  const key = `fault events ${JSON.stringify(outages.map(({ node, faultId }) => [node, faultId]))}`;
  return context.once(key, cluster, (view) =>
    oneStep(() =>
      outages.map(({ node, faultId }) => {
        const faults = view.entity("node", node)?.faults ?? [];
        return faults.find((fault) => fault.faultId === faultId)?.eventId ?? null;
      }),
    ),
  );
}

interface OutageRow {
  readonly outage: Outage;
  readonly i: number;
  readonly eventId: string | null;
}

function row(context: PageContext, cluster: string, { outage, i, eventId }: OutageRow): Html {
  const { node, faultId, jobs, amplification } = outage;
  const at = (name: keyof Outage) => `jobUptime.outages.${i}.${name}`;
  return html`<tr>
    <th scope="row"><a href="${nodeHref(context, cluster, node)}">${node}</a></th>
    <td class="mono">
      ${eventId === null ? faultId : html`<a href="${eventHref(context, eventId)}">${faultId}</a>`}
    </td>
    <td class="number">
      ${amplification === null ? html`<span class="none">none</span>` : figure(at("amplification"), amplification, `${amplification >= 100 ? whole(Math.round(amplification)) : amplification.toFixed(1)} ×`)}
    </td>
    <td class="number">
      ${outage.outageNodeMs === null ? html`<span class="none">still open</span>` : durationFigure(at("outageNodeMs"), outage.outageNodeMs)}
    </td>
    <td class="number">${durationFigure(at("lostNodeMs"), outage.lostNodeMs)}</td>
    <td class="number">${durationFigure(at("interruptedNodeMs"), outage.interruptedNodeMs)}</td>
    <td class="number">${countFigure(at("jobs"), jobs)}</td>
  </tr>`;
}
