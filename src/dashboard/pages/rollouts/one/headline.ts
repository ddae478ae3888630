/** One rollout in a sentence, and what may be asked of it now. */
import type { Html } from "../../../../reports/html/html.ts";
import { html } from "../../../../reports/html/html.ts";
import { isQueued } from "../../../../../projections/rollouts/status.ts";
import { parseInstant } from "../../../../../projections/time/instant.ts";
import { decisions } from "../../../decisions/decisions.ts";
import { commandForms } from "../../../decisions/rollout-forms.ts";
import { bad, figure } from "../../../frame/figures.ts";
import type { PageContext } from "../../../frame/page.ts";
import { bare } from "../../../frame/panel.ts";
import { durationText } from "../../../frame/times.ts";
import {
  rolloutHref,
  stateWords,
  updatesWords,
  urgencyTag,
  whenHtml,
  zoneLinks,
} from "../words.ts";
import { answerOf, namesOf, rolloutOf, sourceOf } from "./one-rollout.ts";

export async function rolloutHeadline(context: PageContext): Promise<Html> {
  const { cluster, rollout } = namesOf(context);
  const one = await rolloutOf(context);
  const answer = await answerOf(context);
  const { status, policy, clusters } = one;
  const deadline = answer.deadline === null ? null : parseInstant(answer.deadline);
  const isLate =
    deadline !== null && status.endedBy === null && deadline <= (context.stand.at ?? deadline);
  const held = answer.nfzs.map(({ nfz }) => nfz);
  return bare(
    "headline",
    html`<p class="crumbs">
        <a href="${context.link("/rollouts")}">Rollouts</a> ·
        <a href="${context.link("/rollouts", { cluster })}">${cluster}</a>
      </p>
      <div class="title-line" data-source="${sourceOf(context)}">
        <h1>${rollout}</h1>
        <p class="sentence">${await sentence(context)}</p>
        <p class="tags">
          <span class="tag ${answer.state}"
            >${figure("state", answer.state, stateWords[answer.state])}</span
          >
          ${urgencyTag(answer.urgency)} ${isLate && bad("past its deadline")}
        </p>
      </div>
      ${
        clusters.length > 1 &&
        html`<p class="sub">
          The same name in
          ${clusters.filter((each) => each !== cluster).map((each) => html`<a href="${rolloutHref(context, each, rollout)}">${each}</a> `)}
        </p>`
      }
      ${decisions(context, "rollout", commandForms(context, { rollout, cluster, status, policy, held }))}`,
    context.stand.isPast ? "past" : "",
  );
}

/** What it is, what it does, and what holds it. */
async function sentence(context: PageContext): Promise<Html> {
  const { cluster, rollout } = namesOf(context);
  const { status, stretches } = await rolloutOf(context);
  const { nfzs, followedBy, covered, nextStart, updates } = await answerOf(context);
  const at = context.stand.at ?? 0;
  const what = updates.length === 0 ? rollout : updatesWords(updates);
  const since = stretches.findLast(({ state }) => state === status.state)?.from ?? at;
  const first = stretches.findLastIndex(({ state }) => state !== status.state);
  const from = stretches[first + 1]?.from ?? since;
  const stands =
    status.endedBy === null
      ? html`${what}: ${stateWords[status.state]} since ${whenHtml(context, from)}
        (${durationText(at - from)})`
      : html`${what}: ${stateWords[status.state]} ${whenHtml(context, from)},
        ${durationText(at - from)} ago`;
  const names = nfzs.map(({ nfz }) => nfz);
  if (names.length > 0 && status.endedBy === null) {
    const free = nextStart === null ? null : parseInstant(nextStart);
    const until =
      free === null
        ? html`nobody has said until when`
        : html`until ${whenHtml(context, free)}, in ${durationText(free - at)}`;
    return html`${stands}; ${zoneLinks(context, cluster, names)}
    ${names.length === 1 ? "holds" : "hold"}
    it,${
      followedBy.length > 0 &&
      html` then
      ${zoneLinks(
        context,
        cluster,
        followedBy.map(({ nfz }) => nfz),
      )},`
    }
    ${until}.`;
  }
  if (covered.length > 0) {
    return html`${stands}; an override lets it pass
    ${zoneLinks(
      context,
      cluster,
      covered.map(({ nfz }) => nfz),
    )}.`;
  }
  if (isQueued(status.state)) return html`${stands}; nothing holds it: it may be asked to start.`;
  return html`${stands}.`;
}
