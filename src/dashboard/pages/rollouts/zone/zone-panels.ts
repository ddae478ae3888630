/** One no-fly zone: in a sentence, as it was declared, its occurrences, and what it holds. */
import { unionSorted } from "../../../../../projections/arithmetic/intervals.ts";
import { isRunning } from "../../../../../projections/nfz/status.ts";
import type { NfzStatus, Occurrence } from "../../../../../projections/nfz/timeline.ts";
import { formatInstant } from "../../../../../projections/time/instant.ts";
import { listedOccurrences } from "../../../../limits/pages.ts";
import type { Html } from "../../../../reports/html/html.ts";
import { html } from "../../../../reports/html/html.ts";
import { decisions } from "../../../decisions/decisions.ts";
import { changeForms } from "../../../decisions/nfz-forms.ts";
import { counted, durationFigure, figure, whole } from "../../../frame/figures.ts";
import type { PageContext } from "../../../frame/page.ts";
import { bare, empty, panel } from "../../../frame/panel.ts";
import { durationText } from "../../../frame/times.ts";
import { queueOn, queueSource } from "../board-rows.ts";
import { eventsPanel } from "../one/facts-panels.ts";
import {
  inFlightWords,
  rolloutHref,
  scopeWords,
  stateWords,
  urgencyTag,
  whenHtml,
  zoneHref,
} from "../words.ts";
import { zoneHistory, zoneNames, zoneOf, zoneSource } from "./one-zone.ts";
import { ruleWords } from "./rule-words.ts";
import { listTable } from "../../../tables/list-table.ts";

export async function zoneHeadline(context: PageContext): Promise<Html> {
  const { cluster, nfz } = zoneNames(context);
  const { status, clusters } = await zoneOf(context);
  const others = clusters.filter((each) => each !== cluster);
  const at = context.stand.at ?? 0;
  const isNow = status.occurrences.some((each) => isRunning(each, at));
  return bare(
    "headline",
    html`<p class="crumbs">
        <a href="${context.link("/rollouts")}">Rollouts</a> ·
        <a href="${context.link("/rollouts", { cluster })}">${cluster}</a>
      </p>
      <div class="title-line">
        <h1>${nfz}</h1>
        <p class="sentence">${sentence(context, status)}</p>
        <p class="tags" data-source="${zoneSource(context)}">
          <span class="tag ${isNow && "nfz"}"
            >${figure("clusters.0.inForce", isNow, isNow ? "in force" : "not in force")}</span
          >
        </p>
      </div>
      ${
        others.length > 0 &&
        html`<p class="sub">
          The same zone in
          ${others.map((each) => html`<a href="${zoneHref(context, each, nfz)}">${each}</a> `)}
        </p>`
      }
      ${decisions(context, "zone", changeForms(context, { nfz, cluster, clusters, status }))}`,
    context.stand.isPast ? "past" : "",
  );
}

function sentence(
  context: PageContext,
  { occurrences, isCancelled, declaration, resolvedUntil }: NfzStatus,
): Html {
  const at = context.stand.at ?? 0;
  const now = unionSorted(occurrences).find((each) => isRunning(each, at));
  const next = occurrences.find(({ from, to }) => from > at && from < to);
  const cancelled = isCancelled ? "It was cancelled. " : "";
  if (now !== undefined) {
    return html`${cancelled}In force since ${whenHtml(context, now.from)}, until
    ${whenHtml(context, now.to)}: ${durationText(now.to - at)} left.`;
  }
  if (next !== undefined) {
    return html`${cancelled}Next in force from ${whenHtml(context, next.from)} to
    ${whenHtml(context, next.to)}, in ${durationText(next.from - at)}.`;
  }
  if (declaration?.data.recurrence !== undefined && resolvedUntil !== null && !isCancelled) {
    return html`Not in force, nor up to ${whenHtml(context, resolvedUntil)}; its rule goes on after
    that.`;
  }
  return html`${isCancelled ? "It was cancelled" : "It is over"}: nothing of it is to come.`;
}

export async function declarationPanel(context: PageContext): Promise<Html> {
  const { status } = await zoneOf(context);
  const title = "As declared";
  const { declaration, resolvedUntil } = status;
  if (declaration === null)
    return panel("declaration", { title, body: empty("Nobody has declared it by this instant.") });
  const { scope, inFlight, noFastPath = false, recurrence } = declaration.data;
  const history = await zoneHistory(context);
  const by = history.find(({ eventId }) => eventId === declaration.id);
  return panel("declaration", {
    title,
    body: html`<dl class="facts">
      <dt>Where</dt>
      <dd>${scopeWords(scope)}</dd>
      <dt>When it begins</dt>
      <dd>${inFlightWords[inFlight]}</dd>
      <dt>Fast path</dt>
      <dd>
        ${noFastPath ? "holds rollouts on the fast path, too" : "lets rollouts on the fast path pass"}
      </dd>
      <dt>Rule</dt>
      <dd>
        ${recurrence === undefined ? "none: given times" : html`${ruleWords(recurrence)} <code>${recurrence.rrule}</code>`}${resolvedUntil !== null && html`<span class="sub">; its occurrences are recorded up to ${whenHtml(context, resolvedUntil)}</span>`}
      </dd>
      <dt>Declared</dt>
      <dd>
        <a href="${context.link(`/events/${declaration.id}`)}"
          >${whenHtml(context, declaration.occurredAt)}</a
        >${saidBy(by)}
      </dd>
    </dl>`,
  });
}

function saidBy(
  said: { readonly actor: string | null; readonly reason: string | null } | undefined,
): Html | null {
  if (said === undefined) return null;
  const { actor, reason } = said;
  return html`${actor !== null && ` by ${actor}`}${reason !== null && `: ${reason}`}`;
}

export async function occurrencesPanel(context: PageContext): Promise<Html> {
  const { status } = await zoneOf(context);
  const at = context.stand.at ?? 0;
  const title = "Occurrences";
  const all = status.occurrences;
  if (all.length === 0) return panel("occurrences", { title, body: empty("None is recorded.") });
  const ahead = all.filter(({ to }) => to > at);
  const past = all.filter(({ to }) => to <= at).toReversed();
  const shownPast = past.slice(0, listedOccurrences / 2);
  const shownAhead = ahead.slice(0, listedOccurrences / 2);
  const rest = all.length - shownPast.length - shownAhead.length;
  return panel("occurrences", {
    title,
    note: `${whole(ahead.length)} running or to come, ${whole(past.length)} over`,
    body: html`${listTable({ title, isTall: true, heads: ["From", "To", { title: "For", kind: "number" }, "State"], rows: [...shownAhead, ...shownPast].map((each) => occurrenceLine(context, each)) })}
    ${rest > 0 && html`<p class="more">${whole(rest)} more</p>`}`,
  });
}

function occurrenceLine(context: PageContext, each: Occurrence): Html {
  const { from, to, isNamed } = each;
  const at = context.stand.at ?? 0;
  const state =
    from >= to ? "skipped" : isRunning(each, at) ? "running" : from > at ? "to come" : "over";
  return html`<tr>
    <th scope="row"><time datetime="${formatInstant(from)}">${whenHtml(context, from)}</time></th>
    <td>${whenHtml(context, to)}</td>
    <td class="number">${from >= to ? "–" : durationText(to - from)}</td>
    <td>
      ${state === "running" ? html`<span class="tag nfz">running</span>` : state}
      ${isNamed && state !== "skipped" && html`<span class="sub">, changed</span>`}
    </td>
  </tr>`;
}

export async function holdsPanel(context: PageContext): Promise<Html> {
  const { cluster, nfz } = zoneNames(context);
  const queue = await queueOn(context);
  const rows = queue.blocked.flatMap((row, index) =>
    row.cluster === cluster && row.nfzIds.includes(nfz) ? [{ ...row, index }] : [],
  );
  const title = "Rollouts that it holds";
  if (rows.length === 0) return panel("holds", { title, body: empty("No rollout waits for it.") });
  return panel("holds", {
    title,
    note: `${counted(rows.length, "rollout")}, by the latest refusal of each`,
    body: listTable({
      title,
      source: queueSource(context),
      heads: [
        "Rollout",
        "State",
        "Urgency",
        { title: "Waits for", kind: "number" },
        "Also held by",
      ],
      rows: rows.slice(0, listedOccurrences).map(
        ({ rollout, state, urgency, ageMs, index, nfzIds }) =>
          html`<tr>
            <th scope="row">
              <a href="${rolloutHref(context, cluster, rollout)}">${rollout}</a>
            </th>
            <td>${stateWords[state]}</td>
            <td>${urgencyTag(urgency)}</td>
            <td class="number">${durationFigure(`blocked.${index}.ageMs`, ageMs)}</td>
            <td>${nfzIds.filter((each) => each !== nfz).join(", ")}</td>
          </tr>`,
      ),
    }),
  });
}

export async function zoneEventsPanel(context: PageContext): Promise<Html> {
  return await eventsPanel(context, await zoneHistory(context));
}
