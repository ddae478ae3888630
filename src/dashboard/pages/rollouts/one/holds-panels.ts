/** What holds a rollout now, and what has let it pass. */
import type { RolloutAnswer } from "../../../../answers/rollouts/one-rollout.ts";
import { instantMs } from "../../../../../projections/time/instant.ts";
import type { Html } from "../../../../reports/html/html.ts";
import { html } from "../../../../reports/html/html.ts";
import { figure, good } from "../../../frame/figures.ts";
import type { PageContext } from "../../../frame/page.ts";
import { empty, panel } from "../../../frame/panel.ts";
import { durationText } from "../../../frame/times.ts";
import { inFlightWords, scopeWords, whenHtml, zoneHref, zoneLinks } from "../words.ts";
import { answerOf, namesOf, sourceOf } from "./one-rollout.ts";
import { listTable } from "../../../tables/list-table.ts";

export async function heldNowPanel(context: PageContext): Promise<Html> {
  const answer = await answerOf(context);
  const { nfzs, followedBy, covered, nextStart } = answer;
  const title = "What holds it now";
  if (nfzs.length === 0) {
    const passed =
      covered.length === 0
        ? "No no-fly zone holds it now."
        : `It may pass ${covered.map(({ nfz, by }) => `${nfz} (${by === "fast-path" ? "fast path" : "override"})`).join(", ")}.`;
    return panel("held", { title, body: empty(passed) });
  }
  const until =
    nextStart === null
      ? html`nobody has said when it may start`
      : html`may start ${figure("nextStart", nextStart, whenHtml(context, instantMs(nextStart)))}`;
  return panel("held", {
    title,
    note: html`<span data-source="${sourceOf(context)}">${until}</span>`,
    body: listTable({
      title,
      heads: ["Zone", "From", "Until", "Where", "While it lasts"],
      rows: [...nfzs, ...followedBy].map((each) => heldLine(context, each)),
    }),
  });
}

function heldLine(context: PageContext, each: RolloutAnswer["nfzs"][number]): Html {
  const { nfz, from, to, scope, inFlight } = each;
  const { cluster } = namesOf(context);
  // The answer writes the zone's scope as it was declared.
  const where = scopeWords(scope);
  const at = context.stand.at ?? 0;
  const isToCome = instantMs(from) > at;
  return html`<tr>
    <th scope="row"><a class="mono" href="${zoneHref(context, cluster, nfz)}">${nfz}</a></th>
    <td>
      ${whenHtml(context, instantMs(from))}
      ${isToCome && html`<span class="sub">to come, in ${durationText(instantMs(from) - at)}</span>`}
    </td>
    <td>
      ${whenHtml(context, instantMs(to))}
      <span class="sub">in ${durationText(instantMs(to) - at)}</span>
    </td>
    <td>${where}</td>
    <td>${inFlightWords[inFlight as keyof typeof inFlightWords]}</td>
  </tr>`;
}

const grantWords = { holds: "holds", revoked: "revoked", expired: "expired" } as const;

export async function overridesPanel(context: PageContext): Promise<Html> {
  const { overrides, history } = await answerOf(context);
  const title = "Overrides";
  if (overrides.length === 0)
    return panel("overrides", { title, body: empty("Nobody has let it pass a no-fly zone.") });
  const said = new Map(history.map((each) => [each.eventId, each]));
  return panel("overrides", {
    title,
    body: listTable({
      title,
      heads: ["Granted", "State", "Expires", "Zones", "Role and actor", "Reason"],
      rows: overrides.toReversed().map((each) => grantLine(context, each, said)),
    }),
  });
}

type Said = ReadonlyMap<string, RolloutAnswer["history"][number]>;

function grantLine(
  context: PageContext,
  grant: RolloutAnswer["overrides"][number],
  said: Said,
): Html {
  const { cluster } = namesOf(context);
  const { eventId, at, state, expiresAt, revokedAt, nfzIds, role, reported } = grant;
  const { actor = null, reason = null } = said.get(eventId) ?? {};
  return html`<tr>
    <th scope="row">
      <a href="${context.link(`/events/${eventId}`)}">${whenHtml(context, instantMs(at))}</a>
    </th>
    <td>
      ${state === "holds" ? good(grantWords[state]) : grantWords[state]}
      ${revokedAt !== null && state === "revoked" && whenHtml(context, instantMs(revokedAt))}
      ${reported && html`<span class="sub">only reported</span>`}
    </td>
    <td>${whenHtml(context, instantMs(expiresAt))}</td>
    <td>${zoneLinks(context, cluster, nfzIds)}</td>
    <td>${role}${actor !== null && `, ${actor}`}</td>
    <td class="wrap">${reason}</td>
  </tr>`;
}
