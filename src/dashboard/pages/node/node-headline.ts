/** One node in a sentence: where it stands, how it is and since when, and how often it failed. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted, figure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { durationText, minuteText, secondText, timeHtml } from "../../frame/times.ts";
import { nodeStateAt } from "../../../answers/timeline-json.ts";
import { inPeriod, periodSwitch } from "../../cluster/period-switch.ts";
import { begunIn, causeWords } from "./fault-list.ts";
import { markedInstant } from "./marked-instant.ts";
import type { NodeFacts } from "./node-facts.ts";
import { nodeFacts, usualDays } from "./node-facts.ts";
import { stateWords } from "./state-words.ts";
import { pathSegment } from "../../../path-segment.ts";

export async function nodeHeadline(
  context: PageContext,
  cluster: string,
  node: string,
): Promise<Html> {
  const facts = await nodeFacts(context, cluster, node);
  const up = context.link(`/clusters/${pathSegment(cluster)}`);
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>${node}</h1>
        <p class="sentence">
          ${facts.rack !== null && html`in rack <a href="${rackLink(context, facts)}">${facts.rack}</a> `}of
          <a href="${up}">${cluster}</a> ${stateSentence(context, facts)};
          ${counted(begunIn(facts), "fault")} ${windowWords(context)}.
        </p>
        ${await periodSwitch(context, cluster, "P90D")}
      </div>
      ${markWords(context, facts)}`,
  );
}

function rackLink(context: PageContext, { cluster, rack }: NodeFacts): string {
  return `${context.link(`/clusters/${pathSegment(cluster)}`, { rack })}#p-nodes`;
}

function stateSentence(context: PageContext, facts: NodeFacts): Html {
  const { zone, stand } = context;
  const { timeline, state, at } = facts;
  const time = (ms: number) => timeHtml(ms, minuteText(ms, zone, stand.at));
  if (state === null) {
    const left = timeline.memberships.findLast(({ to }) => to <= at);
    return left === undefined
      ? html`is not a member`
      : html`is not a member; it left ${time(left.to)}`;
  }
  const segment = timeline.segments.containing(at);
  const since = segment?.from ?? at;
  const open = timeline.faults.filter(({ from, to }) => from <= at && at < to);
  const why =
    state === "down" && open.length > 0 ? html`: ${open.map(causeWords).join("; ")}` : null;
  const source = context.api(
    `/v1/nodes/${pathSegment(facts.cluster)}/${pathSegment(facts.node)}`,
    {},
    "at",
  );
  return html`is <b data-source="${source}">${figure("state", state, stateWords[state])}</b> since
    ${time(since)}, ${durationText(at - since)}${why}`;
}

function windowWords({ query }: PageContext): string {
  const { period, from } = query;
  if (from !== undefined) return "in this window";
  if (period === undefined || period === "P90D") return `in ${usualDays} days`;
  if (period === "last-month") return "last month";
  if (period === "this-month") return "this month";
  return inPeriod({ label: period, complete: true, from: "", to: "", zone: "" });
}

/** What the marked instant shows. */
function markWords(context: PageContext, facts: NodeFacts): Html | null {
  const at = markedInstant(context, facts.node);
  if (at === null) return null;
  const state = nodeStateAt(facts.timeline, at);
  const words = state === null ? "not a member" : stateWords[state];
  return html`<p class="marked">
    At ${timeHtml(at, secondText(at, context.zone, context.stand.at))} it was <b>${words}</b> ·
    <a href="${context.here({ at: null })}">take the mark away</a>
  </p>`;
}
