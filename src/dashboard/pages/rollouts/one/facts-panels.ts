/** What was submitted, and every event about it. */
import { listedEvents } from "../../../../limits/pages.ts";
import type { RolloutAnswer } from "../../../../answers/rollouts/one-rollout.ts";
import { instantMs } from "../../../../../projections/time/instant.ts";
import type { Html } from "../../../../reports/html/html.ts";
import { html } from "../../../../reports/html/html.ts";
import { stackedBar } from "../../../charts/bars.ts";
import { eventWords } from "../../../cluster/event-words.ts";
import { countFigure, counted, whole } from "../../../frame/figures.ts";
import type { PageContext } from "../../../frame/page.ts";
import { empty, panel } from "../../../frame/panel.ts";
import { scopeWords, whenHtml } from "../words.ts";
import { impactWords } from "../../../cluster/declared-impact.ts";
import { answerOf, sourceOf } from "./one-rollout.ts";
import { listTable } from "../../../tables/list-table.ts";

export async function factsPanel(context: PageContext): Promise<Html> {
  const answer = await answerOf(context);
  const { submittedAt, targets, updates, impact, deadline } = answer;
  if (submittedAt === null) {
    return panel("facts", {
      title: "What it is",
      body: html`${empty("Nobody has submitted it: what it changes, and where, is not known.")}
      ${progress(context, answer)}`,
    });
  }
  return panel("facts", {
    title: "What it is",
    body: html`<dl class="facts">
        <dt>Updates</dt>
        <dd>
          ${updates.map(({ component, version, family }) => html`${component} <b>${version}</b>${family !== undefined && family !== component && ` (${family})`}<br />`)}
        </dd>
        <dt>Where</dt>
        <dd>${scopeWords(targets)}</dd>
        <dt>Impact</dt>
        <dd>${impactWords(impact)}</dd>
        <dt>Submitted</dt>
        <dd>${whenHtml(context, instantMs(submittedAt))}</dd>
        <dt>Deadline</dt>
        <dd>${deadline === null ? "none" : whenHtml(context, instantMs(deadline))}</dd>
      </dl>
      ${progress(context, answer)}`,
  });
}

function progress(context: PageContext, { nodesDone, nodesTotal }: RolloutAnswer): Html | null {
  if (nodesDone === null || nodesTotal === null) return null;
  const part = nodesTotal === 0 ? 0 : nodesDone / nodesTotal;
  return html`<h3 class="sub-title">Progress</h3>
    <div class="card-progress">
      ${stackedBar(
        [
          { kind: "c-rollout", part, title: `${whole(nodesDone)} nodes done` },
          { kind: "left", part: 1 - part, title: `${whole(nodesTotal - nodesDone)} nodes left` },
        ],
        `${whole(nodesDone)} of ${whole(nodesTotal)} nodes done`,
      )}
    </div>
    <p class="sub" data-source="${sourceOf(context)}">
      ${countFigure("nodesDone", nodesDone)} of ${countFigure("nodesTotal", nodesTotal)} nodes done
    </p>`;
}

export async function historyPanel(context: PageContext): Promise<Html> {
  const { history, next } = await answerOf(context);
  return await eventsPanel(context, history, next !== null);
}

type Line = RolloutAnswer["history"][number];

/** Events about one thing, the newest first; `isCut` if there are more than those given. */
export async function eventsPanel(
  context: PageContext,
  history: readonly Line[],
  isCut = false,
): Promise<Html> {
  const title = "Events";
  const shown = history.toReversed().slice(0, listedEvents);
  const rest = history.length - shown.length;
  const stored = await context.ledger.store.findByIds(shown.map(({ eventId }) => eventId));
  const said = new Map(stored.map((event) => [event.id, eventWords(context, event)]));
  return panel("events", {
    title,
    note: `${isCut ? "more than " : ""}${counted(history.length, "event")}, the newest first`,
    body: html`${listTable({ title, heads: ["Sequence", "When", "What", "Known by", "Actor", "Reason"], rows: shown.map((each) => line(context, each, said.get(each.eventId))) })}
    ${rest > 0 && html`<p class="more">${whole(rest)} more before these</p>`}`,
  });
}

function line(context: PageContext, each: Line, words: Html | undefined): Html {
  const { sequence, eventId, type, at, actor, reason, reported, corrected, fits } = each;
  return html`<tr>
    <th scope="row" class="mono">
      <a href="${context.link(`/events/${eventId}`)}">${whole(sequence)}</a>
    </th>
    <td>${whenHtml(context, instantMs(at))}</td>
    <td>
      ${words ?? type} ${corrected && html`<span class="tag warn">corrected</span>`}
      ${!fits && html`<span class="tag warn">does not fit</span>`}
    </td>
    <td>${reported ? "a report" : "a decision"}</td>
    <td>${actor}</td>
    <td class="wrap">${reason}</td>
  </tr>`;
}
