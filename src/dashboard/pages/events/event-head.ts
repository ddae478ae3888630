/** The top of an event's page: first a sentence in words, then where and when, then whether it still stands. */
import { definitionOf } from "../../../events/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { eventWords, lateness } from "../../cluster/event-words.ts";
import { bad, counted, figure, good, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { secondText, timeHtml } from "../../frame/times.ts";
import type { EventFacts } from "./event-facts.ts";
import { eventFacts } from "./event-facts.ts";
import { pathSegment } from "../../../path-segment.ts";

export async function eventHead(context: PageContext): Promise<Html> {
  const facts = await eventFacts(context);
  const { event, cluster } = facts;
  const { id, type, sequence } = event;
  const source = context.api(`/v1/events/${id}`);
  const log = context.link("/audit/events", { sequence: String(sequence) });
  return bare(
    "event",
    html`<div class="title-line" data-source="${source}">
        <h1 class="event-words">${eventWords(context, event)}</h1>
        ${standingBadge(facts)}
      </div>
      <p class="sentence">${sentence(context, facts)}</p>
      <p class="sub" data-source="${source}">
        <code>${type}</code>, ${definitionOf(type).meaning} Event
        ${figure("sequence", sequence, `#${whole(sequence)}`)} of the ledger, number
        ${figure("revision", event.revision.toString(), whole(Number(event.revision) + 1))} of its
        stream
        <a href="${context.link("/audit/events", { stream: event.stream })}"
          ><code>${event.stream}</code></a
        >${cluster !== null && html`, in <a href="${context.link(`/clusters/${pathSegment(cluster)}`)}">${cluster}</a>`}.
        <a href="${log}">Before and after it</a>
      </p>`,
  );
}

function standingBadge({ standing, amendedBy }: EventFacts): Html {
  if (standing.retracted) return bad("retracted");
  if (amendedBy.length === 0) return good("stands as stated");
  return html`<span class="tag warn">${counted(amendedBy.length, "amendment")}</span>`;
}

function sentence({ zone, stand }: PageContext, { event, standing }: EventFacts): Html {
  const { occurredAt, recordedAt, attribution } = event;
  const late = lateness(occurredAt, recordedAt);
  const occurred = timeHtml(occurredAt, secondText(occurredAt, zone, stand.at));
  const recorded = timeHtml(recordedAt, secondText(recordedAt, zone, stand.at));
  const by = attribution.actor ?? attribution.source;
  return html`It occurred ${occurred} and was recorded
  ${recorded}${late !== null && html` (<span class="tag late">${late}</span>)`}${by !== undefined && html`, stated by <b>${by}</b>`}.
  ${standing.retracted && "It was retracted since: it has no effect on any figure."}`;
}
