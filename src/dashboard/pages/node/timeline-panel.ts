/** A node's timeline: a lane for each kind of thing that happens to it, with the events at its edges. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { timeAxis } from "../../charts/axis.ts";
import { lane } from "../../charts/bars.ts";
import { pc, share } from "../../charts/scale.ts";
import { counted, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { panel } from "../../frame/panel.ts";
import { dayText, minuteText, secondText, timeHtml } from "../../frame/times.ts";
import type { Lane, LaneEdge } from "./lanes.ts";
import { lanesOf } from "./lanes.ts";
import { markedInstant } from "./marked-instant.ts";
import { nodeFacts } from "./node-facts.ts";
import type { NodeFacts } from "./node-facts.ts";
import { repairLegend } from "./repair-bar.ts";
import { pathSegment } from "../../../path-segment.ts";
import { listTable } from "../../tables/list-table.ts";

/** Edges of one lane that are drawn, and of all lanes that are listed: the latest. */
const mostDrawn = 300;
const mostListed = 300;

export async function timelinePanel(
  context: PageContext,
  cluster: string,
  node: string,
): Promise<Html> {
  const facts = await nodeFacts(context, cluster, node);
  const { zone, stand, ledger } = context;
  const decided = ledger.view(cluster, stand.sequence);
  const lanes = lanesOf(facts, (kind, name) => decided.facts(kind, name));
  const mark = markedInstant(context, node);
  const isNow = facts.window.to === facts.at;
  const end = isNow ? (stand.isPast ? "then" : "now") : dayText(facts.window.to, zone, stand.at);
  return panel("timeline", {
    title: "Timeline",
    note: `${minuteText(facts.window.from, zone, stand.at)} to ${isNow ? end : minuteText(facts.window.to, zone, stand.at)}; every edge leads to its event`,
    csv: context.api(`/v1/nodes/${pathSegment(cluster)}/${pathSegment(node)}`, {
      format: "csv",
    }),
    png: true,
    body: html`<div class="lanes">
        ${lanes.map((each) => laneRow(context, each, facts, mark))}
        <span></span>${timeAxis(facts.window, zone, stand.at, end)}
      </div>
      ${laneLegend()} ${edgeList(context, lanes, facts)}`,
  });
}

function laneRow(context: PageContext, each: Lane, facts: NodeFacts, mark: number | null): Html {
  const { name, pieces, edges, lines } = each;
  const { window } = facts;
  const inside = edges.filter(({ at }) => at >= window.from && at <= window.to);
  const count = pieces.filter(({ from, to }) => from < window.to && to > window.from).length;
  const label = `${name}: ${counted(count, "piece")}, ${counted(inside.length, "edge")}`;
  return html`<span class="lane-name">${name}</span>
    <div class="node-lane lines-${Math.min(lines, 6)} ${name === "state" ? "tall" : ""}">
      ${lane(pieces, window, label, mark ?? undefined)}
      <svg class="edges" width="100%" height="100%" aria-hidden="true">
        ${inside.slice(-mostDrawn).map((edge) => edgeLink(context, edge, facts))}
      </svg>
    </div>`;
}

/** A line to press; the list of edges has the same link for the keyboard. */
function edgeLink(context: PageContext, { at, eventId, words }: LaneEdge, facts: NodeFacts): Html {
  const x = pc(share(at, facts.window));
  const { zone, stand } = context;
  return html`<a href="${context.link(`/events/${eventId}`)}" tabindex="-1"
    ><line class="edge" x1="${x}" x2="${x}" y1="0" y2="100%"
      ><title>${secondText(at, zone, stand.at)}: ${words}</title></line
    ></a
  >`;
}

function laneLegend(): Html {
  return html`<ul class="legend" aria-label="Legend">
      <li><i class="swatch up"></i>in service</li>
      <li><i class="swatch down"></i>down</li>
      <li><i class="swatch maint"></i>maintenance</li>
      <li><i class="swatch planned"></i>planned</li>
      <li><i class="swatch notice"></i>notice</li>
      <li><i class="swatch unknown"></i>unobserved</li>
      <li><i class="swatch kept"></i>a job ran</li>
      <li><i class="swatch nfz"></i>no-fly zone</li>
    </ul>
    ${repairLegend()}`;
}

function edgeList(context: PageContext, lanes: readonly Lane[], { window }: NodeFacts): Html {
  const { zone, stand } = context;
  const all = lanes
    .flatMap(({ name, edges }) => edges.map((edge) => ({ name, ...edge })))
    .filter(({ at }) => at >= window.from && at <= window.to)
    .sort((a, b) => b.at - a.at);
  if (all.length === 0) return html`<p class="sub">Nothing begins or ends in this window.</p>`;
  const rows = all.slice(0, mostListed).map(
    ({ name, at, words, eventId }) =>
      html`<tr>
        <td>${timeHtml(at, secondText(at, zone, stand.at))}</td>
        <th scope="row">${words}</th>
        <td>${name}</td>
        <td>
          <a class="mono" href="${context.link(`/events/${eventId}`)}">${eventId.slice(0, 8)}</a>
        </td>
      </tr>`,
  );
  return html`<details>
    <summary>
      Table: every
      edge${all.length > mostListed && `, the last ${mostListed} of ${whole(all.length)}`}
    </summary>
    ${listTable({ title: "Edges of the timeline", isTall: true, heads: ["At", "What", "Lane", "Event"], rows })}
  </details>`;
}
