/** Corrections and retractions between two positions, each with what it changed. */
import type { StoredEvent } from "../../../events/envelope.ts";
import { eventHistory } from "../../../answers/event-history.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { eventWords } from "../../cluster/event-words.ts";
import { whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { secondText, timeHtml } from "../../frame/times.ts";
import { effectHtml } from "../events/fact-effect.ts";
import { countedChanges } from "./counted-changes.ts";
import { listTable } from "../../tables/list-table.ts";

export async function amendmentsPanel(context: PageContext): Promise<Html> {
  const title = "Corrections and retractions";
  const changes = await countedChanges(context);
  if (changes === null || changes.amendments.count === 0) {
    const words =
      changes === null
        ? "Too many events to look through: choose positions closer to each other."
        : "No fact was amended.";
    return panel("amendments", { title, body: empty(words) });
  }
  const { count, first } = changes.amendments;
  const rows: Html[] = [];
  for (const event of first) rows.push(await amendmentRow(context, event));
  return panel("amendments", {
    title,
    note: count > first.length ? `the first ${first.length} of ${whole(count)}` : whole(count),
    body: listTable({
      title,
      caption: "Corrections and retractions, by sequence",
      heads: ["Sequence", "Recorded", "Of", "What it changed", "Actor and reason"],
      rows,
    }),
  });
}

async function amendmentRow(context: PageContext, event: StoredEvent): Promise<Html> {
  const { zone, stand } = context;
  const { id, sequence, recordedAt, attribution } = event;
  const fact = await amendedFact(context, event);
  const who = [attribution.actor, attribution.reason].filter((part) => part !== undefined);
  return html`<tr>
    <th scope="row" class="mono">
      <a href="${context.link(`/events/${id}`)}">${whole(sequence)}</a>
    </th>
    <td>${timeHtml(recordedAt, secondText(recordedAt, zone, stand.at))}</td>
    <td>
      ${fact !== null && html`<a href="${context.link(`/events/${fact.id}`)}">#${whole(fact.sequence)}</a> ${eventWords(context, fact)}`}
    </td>
    <td class="wrap">${fact !== null && (await effectOf(context, fact, event))}</td>
    <td class="wrap">${who.join(": ")}</td>
  </tr>`;
}

/** The fact at the bottom: a correction may name another one. */
async function amendedFact(
  { ledger }: PageContext,
  event: StoredEvent,
): Promise<StoredEvent | null> {
  let named: StoredEvent | null = event;
  while (named !== null && "eventId" in named.data && typeof named.data.eventId === "string")
    named = await ledger.store.findById(named.data.eventId.toLowerCase());
  return named;
}

async function effectOf(
  { ledger, zone }: PageContext,
  fact: StoredEvent,
  amendment: StoredEvent,
): Promise<Html> {
  const { history } = await eventHistory(ledger.store, fact, amendment.sequence);
  const at = history.findIndex(({ eventId }) => eventId === amendment.id);
  return effectHtml(history[at - 1], history[at], zone);
}
