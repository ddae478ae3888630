/** What was taken down last, in words. */
import type { StoredEvent } from "../../../events/envelope.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { eventWords, lateness } from "../../cluster/event-words.ts";
import { whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { panel } from "../../frame/panel.ts";
import { secondText, timeHtml } from "../../frame/times.ts";

const shown = 12;

export async function lastEventsPanel(context: PageContext): Promise<Html> {
  const { sequence } = context.stand;
  const events = await context.ledger.store.query({
    after: Math.max(0, sequence - shown),
    upTo: sequence,
    limit: shown,
  });
  return panel("last", {
    title: "Taken down last",
    note: "newest first, by the ledger's own clock",
    tools: html`<a href="${context.link("/audit/events")}">All events</a>`,
    body: html`<table class="events">
      <thead class="hidden">
        <tr>
          <th scope="col">Sequence</th>
          <th scope="col">Recorded</th>
          <th scope="col">Event</th>
          <th scope="col">Occurred</th>
        </tr>
      </thead>
      <tbody>
        ${events.toReversed().map((event) => eventLine(context, event))}
      </tbody>
    </table>`,
  });
}

function eventLine(context: PageContext, event: StoredEvent): Html {
  const { stand, zone } = context;
  const { sequence, id, recordedAt, occurredAt, data } = event;
  const late = lateness(occurredAt, recordedAt);
  const occurred = timeHtml(occurredAt, secondText(occurredAt, zone, stand.at));
  const cluster = "cluster" in data && typeof data.cluster === "string" ? data.cluster : null;
  return html`<tr>
    <th scope="row" class="mono">
      <a href="${context.link(`/events/${id}`)}">${whole(sequence)}</a>
    </th>
    <td>${timeHtml(recordedAt, secondText(recordedAt, zone, stand.at))}</td>
    <td class="what">
      ${eventWords(context, event)}${cluster !== null && html` <span class="sub">in ${cluster}</span>`}
    </td>
    <td class="number">
      ${late === null ? html`<span class="sub">occurred ${occurred}</span>` : html`<span class="tag late">${late}</span>`}
    </td>
  </tr>`;
}
