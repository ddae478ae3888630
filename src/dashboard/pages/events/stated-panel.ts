/** An event as it was stated, and as it stands after its amendments. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { EventFacts } from "./event-facts.ts";
import { eventFacts } from "./event-facts.ts";
import { fieldsOf, valueHtml } from "./fact-effect.ts";

export async function statedPanel(context: PageContext): Promise<Html> {
  const { event } = await eventFacts(context);
  const { occurredAt, data, attribution, id } = event;
  const { decision, ...said } = attribution;
  const fields = fieldsOf({ occurredAt: formatInstant(occurredAt), data });
  return panel("stated", {
    title: "As it was stated",
    body: html`${fieldTable(context, "Fields", fields)}
      <h3 class="next">The envelope</h3>
      ${fieldTable(context, "Envelope", new Map(Object.entries({ id, ...said })))}
      ${decision !== undefined && decisionPart(context, event, decision)}`,
  });
}

export async function standingPanel(context: PageContext): Promise<Html> {
  const facts = await eventFacts(context);
  const { stand } = context;
  const title = stand.isPast ? `As it stood at #${whole(stand.sequence)}` : "As it stands";
  return panel("standing", { title, body: standingBody(context, facts) });
}

function standingBody(context: PageContext, { standing, amendedBy, event }: EventFacts): Html {
  if (standing.retracted)
    return empty("Retracted: the fact has no effect, as if it had never been stated.");
  if (amendedBy.length === 0) return empty("Nobody has amended it: it stands as it was stated.");
  const was = fieldsOf({ occurredAt: formatInstant(event.occurredAt), data: event.data });
  return fieldTable(context, "Fields as they stand", fieldsOf(standing), was);
}

/** Fields by name; those that differ from `was` are marked, and say what was there before. */
function fieldTable(
  { zone }: PageContext,
  caption: string,
  fields: ReadonlyMap<string, unknown>,
  was?: ReadonlyMap<string, string>,
): Html {
  const rows = [...fields].map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const isChanged = was !== undefined && was.get(name) !== text;
    return html`<tr class="${isChanged ? "changed" : ""}">
      <th scope="row">${name}</th>
      <td>${valueHtml(text, zone)}${isChanged && html` <span class="tag warn">amended</span>`}</td>
    </tr>`;
  });
  const gone = [...(was?.keys() ?? [])].filter((name) => !fields.has(name));
  return html`<table class="facts">
    <caption class="hidden">
      ${caption}
    </caption>
    <tbody>
      ${rows}
      ${gone.map(
        (name) =>
          html`<tr class="changed">
            <th scope="row">${name}</th>
            <td><span class="tag warn">taken away</span></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What the ledger decided this from. */
function decisionPart(
  context: PageContext,
  { id }: EventFacts["event"],
  decision: NonNullable<EventFacts["event"]["attribution"]["decision"]>,
): Html {
  const { command, sequence, request } = decision;
  const before = context.link("/audit/events", { sequence: String(sequence) });
  return html`<h3 class="next">The decision</h3>
    <table class="facts" data-source="${context.api(`/v1/events/${id}`)}">
      <caption class="hidden">
        What the ledger decided, and from what
      </caption>
      <tbody>
        <tr>
          <th scope="row">command</th>
          <td><code>${command}</code></td>
        </tr>
        <tr>
          <th scope="row">decided from</th>
          <td>
            facts up to
            <a href="${before}">${figure("decision.sequence", sequence, `#${whole(sequence)}`)}</a>
          </td>
        </tr>
        <tr>
          <th scope="row">request</th>
          <td>
            ${request === undefined ? "none: a timer's work" : html`SHA-256 <code>${request}</code>`}
          </td>
        </tr>
      </tbody>
    </table>`;
}
