/** A cluster's nodes in one sentence: how many are in service, whether it is frozen, and whether the target was met. */
import type { CountedNodes } from "../../../answers/lists/nodes.ts";
import type { NodeState } from "../../../../projections/nodes/packed-segments.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { counted, countFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { durationText, minuteText, timeHtml } from "../../frame/times.ts";
import { nodesOf } from "../../cluster/cluster-facts.ts";
import type { Freeze } from "../../cluster/freeze.ts";
import { freezeAt } from "../../cluster/freeze.ts";
import { periodSwitch } from "../../cluster/period-switch.ts";
import { figuresIn, windowIn } from "./window-facts.ts";
import { windowWords } from "./window-words.ts";
import { legend } from "../fleet/headline.ts";
import type { NodeFigures } from "./window-facts.ts";
import { pathSegment } from "../../../path-segment.ts";

export async function clusterHeadline(context: PageContext, cluster: string): Promise<Html> {
  const { at } = context.stand;
  const nodes = await nodesOf(context, cluster);
  const freeze = await context.once("freeze", cluster, (view) =>
    oneStep(() => (at === null ? null : freezeAt(view, at))),
  );
  const document = await figuresIn(context, cluster);
  const window = await windowIn(context, cluster);
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>${cluster}</h1>
        <p class="sentence">
          ${members(context, cluster, nodes)}; ${freezeWords(context, freeze)};
          ${verdictWords(document, windowWords(context, window))}.
        </p>
        ${await periodSwitch(context, cluster)}
      </div>
      ${clusterSwitch(context, cluster)} ${legend()}`,
  );
}

function members(context: PageContext, cluster: string, { total, states }: CountedNodes): Html {
  const shown = (state: NodeState, words: string) => {
    const source = context.api("/v1/nodes", { cluster, state, limit: "1" });
    const list = `${context.here({ state, page: null })}#p-nodes`;
    return html`<a href="${list}" data-source="${source}">${countFigure("total", states[state])}</a>
      ${words}`;
  };
  const all = context.api("/v1/nodes", { cluster, limit: "1" });
  const others = (
    [
      ["down", "down"],
      ["maintenance", "in maintenance"],
      ["unknown", "unobserved"],
    ] as const
  )
    .filter(([state]) => states[state] > 0)
    .map(([state, words]) => html`, ${shown(state, words)}`);
  return html`${shown("in-service", "of")}
    <span data-source="${all}">${countFigure("total", total)}</span> nodes are in service${others}`;
}

function freezeWords({ stand, zone }: PageContext, freeze: Freeze | null): Html {
  if (freeze === null) return html`no freeze is in force`;
  const { part, until, nfzs } = freeze;
  const names = html`<span class="mono">${nfzs.join(", ")}</span>`;
  const end =
    until === null || stand.at === null
      ? html`no end is known`
      : html`until ${timeHtml(until, minuteText(until, zone, stand.at))},
        ${durationText(until - stand.at)} left`;
  return html`<span class="frozen-words"
    ><b>frozen${part !== null && html`, ${part}`}</b> (${names}; ${end})</span
  >`;
}

function verdictWords({ nis, mttr }: NodeFigures, words: string): string {
  if (nis.met === null) return `no node was a member in ${words}`;
  const repairs = mttr.met === null ? "" : `, MTTR was ${mttr.met ? "met" : "missed"}`;
  return `in ${words} NIS was ${nis.met ? "met" : "missed"}${repairs}`;
}

/** The same page of another cluster; what filters this one's nodes does not go along. */
function clusterSwitch(context: PageContext, cluster: string): Html | null {
  const { clusters } = context;
  if (clusters.length < 2) return null;
  const links = clusters.slice(0, mostClusters).map((name) => {
    const current = name === cluster ? { html: 'aria-current="page"' } : null;
    return html`<a href="${context.link(`/clusters/${pathSegment(name)}`)}" ${current}>${name}</a>`;
  });
  const rest = clusters.length - mostClusters;
  return html`<nav class="switch clusters" aria-label="Cluster">
    ${links}${rest > 0 && html`<a href="${context.link("/")}">${counted(rest, "more cluster")}</a>`}
  </nav>`;
}

const mostClusters = 20;
