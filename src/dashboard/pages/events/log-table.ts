/** Events as rows: sequence, recorded, what happened in words, when it occurred and how late it was told, and who stated it. */
import type { StoredEvent } from "../../../events/envelope.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { eventWords, lateness } from "../../cluster/event-words.ts";
import { figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { secondText, timeHtml } from "../../frame/times.ts";
import { clusterOf, isAmendment } from "./event-facts.ts";

/** `pathOf` says where the interface's answer has the event at an index; left out where it has none. */
export function logTable(
  context: PageContext,
  caption: string,
  events: readonly StoredEvent[],
  pathOf?: (i: number) => string,
): Html {
  return html`<table class="log">
    <caption class="hidden">
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col" class="c-sequence">Sequence</th>
        <th scope="col" class="c-recorded">Recorded</th>
        <th scope="col" class="c-what">Event</th>
        <th scope="col" class="c-late">Occurred</th>
        <th scope="col" class="c-actor">Stated by</th>
      </tr>
    </thead>
    <tbody>
      ${events.map((event, i) => logRow(context, event, pathOf?.(i)))}
    </tbody>
  </table>`;
}

function logRow(context: PageContext, event: StoredEvent, path: string | undefined): Html {
  const { stand, zone } = context;
  const { sequence, id, recordedAt, occurredAt, attribution } = event;
  const late = lateness(occurredAt, recordedAt);
  const occurred = timeHtml(occurredAt, secondText(occurredAt, zone, stand.at));
  const cluster = clusterOf(event);
  const number =
    path === undefined
      ? html`${whole(sequence)}`
      : figure(`${path}.sequence`, sequence, whole(sequence));
  return html`<tr>
    <th scope="row" class="c-sequence"><a href="${context.link(`/events/${id}`)}">${number}</a></th>
    <td class="c-recorded">${timeHtml(recordedAt, secondText(recordedAt, zone, stand.at))}</td>
    <td class="c-what" title="${event.type}">
      ${isAmendment(event) && html`<b>${subjectOf(event)}</b> `}${eventWords(context, event)}${cluster !== null && html` <span class="sub">in ${cluster}</span>`}
    </td>
    <td class="c-late">
      <span class="sub">${occurred}</span
      >${late !== null && html` <span class="tag late">${late}</span>`}
    </td>
    <td class="c-actor sub">${attribution.actor ?? attribution.source}</td>
  </tr>`;
}

/** Of a correction, what the corrected fact is about: its stream is that of the fact. */
function subjectOf({ stream }: StoredEvent): string {
  return stream.replace(/^[a-z]+-(?:[^:]+:)?/, "");
}
