/** A fact's page: as first stated, its corrections, and its content now or as of a position. */
import type { LastEvent } from "../../answers/last-event.ts";
import { lookBackField } from "./look-back-field.ts";
import type { Html } from "../../reports/html/html.ts";
import { html, page } from "../../reports/html/html.ts";
import { instant, whole } from "../../reports/html/format.ts";
import { lastEventWords } from "../../reports/html/last-event.ts";

interface ShownEvent {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly stream: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly data: object;
  readonly actor?: string;
  readonly reason?: string;
}

interface Standing {
  readonly retracted: boolean;
  readonly occurredAt: string;
  readonly data: object;
}

interface EventPageModel {
  readonly event: ShownEvent;
  /** The position of the page; everything on it is as of this position. */
  readonly sequence: number;
  /** Whether an earlier position was requested. */
  readonly isPast: boolean;
  /** Whether the ledger has a key, so that it can give a signed proof. */
  readonly isProvable: boolean;
  readonly lastEvent: LastEvent | null;
  readonly standing: Standing;
  /** The content when the fact was recorded, and after each of `amendedBy`. */
  readonly history: readonly Standing[];
  readonly amendedBy: readonly ShownEvent[];
}

export function eventPage(model: EventPageModel): string {
  const { event, sequence, isPast, isProvable } = model;
  const asOf = isPast ? `?asOf=${sequence}` : "";
  const main = html`<main id="main">
    <h1>${event.type}</h1>
    <p>
      Sequence ${whole(event.sequence)} of stream <code>${event.stream}</code>, id
      <code>${event.id}</code>${
        isProvable &&
        html` (<a
            href="/v1/audit/proof/${event.id}?format=tlog-proof${isPast && `&asOf=${sequence}`}"
            download
            >proof</a
          >, for <code>fleetledger verify-proof</code>)`
      }
    </p>
    ${positionForm(model)}
    <section aria-labelledby="standing">
      <h2 id="standing">
        ${isPast ? html`Its state as of sequence ${whole(sequence)}` : "Its present state"}
      </h2>
      ${standing(model.standing)}
    </section>
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      ${history(model, asOf)}
    </section>
    <details>
      <summary>The event as it was stated, as JSON</summary>
      <pre><code>${JSON.stringify(event, null, 2)}</code></pre>
    </details>
  </main>`;
  return page(`${event.type} ${event.sequence} – fleetledger`, main, {
    asOf: isPast ? sequence : undefined,
  });
}

function positionForm({ event: { id }, sequence, isPast, lastEvent }: EventPageModel): Html {
  return html`<form class="position" method="get" action="/events/${id}">
    <p>
      As of sequence
      <strong>${whole(sequence)}</strong
      >${isPast && html` (historical view; <a href="/events/${id}">go to the newest</a>)`}.
      ${lastEventWords(lastEvent)}
    </p>
    ${lookBackField(sequence)}
  </form>`;
}

function standing({ retracted, occurredAt, data }: Standing): Html {
  if (retracted) return html`<p><strong>Retracted:</strong> the fact has no effect.</p>`;
  return html`<p>Occurred ${instant(occurredAt)}</p>
    <pre><code>${JSON.stringify(data, null, 2)}</code></pre>`;
}

function history(model: EventPageModel, asOf: string): Html {
  const { event, history: steps, amendedBy } = model;
  const events = [event, ...amendedBy];
  const sequences = new Map(events.map(({ id, sequence }) => [id, sequence]));
  const rows = events.map((each, i) => {
    const target = sequences.get(named(each));
    return html`<tr>
      <th scope="row" class="number">
        <a href="/events/${each.id}${asOf}">${whole(each.sequence)}</a>
      </th>
      <td>${each.type}${target !== undefined && html` of ${whole(target)}`}</td>
      <td>${instant(each.recordedAt)}</td>
      <td class="wrap">${each.actor}${each.reason !== undefined && html`: ${each.reason}`}</td>
      <td class="wrap">${effect(steps[i - 1], steps[i])}</td>
    </tr>`;
  });
  return html`<div class="scroll" role="region" aria-label="History" tabindex="0">
    <table>
      <caption>
        The original, and every correction and retraction that amends it, at any depth
      </caption>
      <thead>
        <tr>
          <th scope="col">Sequence</th>
          <th scope="col">Event</th>
          <th scope="col">Recorded</th>
          <th scope="col">Actor and reason</th>
          <th scope="col">Effect on the fact</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** The id of the event that a correction or retraction names. */
function named({ data }: ShownEvent): string {
  return "eventId" in data ? String(data.eventId).toLowerCase() : "";
}

/** The effect of one step on the fact: at first all of its fields, then what changed. */
function effect(before: Standing | undefined, after: Standing | undefined): Html {
  if (after === undefined) return html`unknown`;
  const wasGone = before?.retracted === true;
  if (after.retracted) return wasGone ? html`it stays retracted` : html`<strong>retracted</strong>`;
  const was = before === undefined || wasGone ? new Map<string, string>() : fieldsOf(before);
  const now = fieldsOf(after);
  const changed = [...new Set([...was.keys(), ...now.keys()])].filter(
    (name) => was.get(name) !== now.get(name),
  );
  if (changed.length === 0) return html`no change`;
  return html`${wasGone && html`<strong>restored</strong>`}
    <ul class="fields">
      ${changed.map((name) => {
        const [old, value] = [was.get(name), now.get(name)];
        return html`<li>
          ${name}
          ${old !== undefined && html`${coded(old)} → `}${value === undefined ? "taken away" : coded(value)}
        </li>`;
      })}
    </ul>`;
}

/** A short value, such as an instant or an id, is not broken over two lines. */
function coded(value: string): Html {
  return html`<code class="${value.length <= 40 ? "short" : ""}">${value}</code>`;
}

/** A fact's fields as texts, `occurredAt` first. */
function fieldsOf({ occurredAt, data }: Standing): Map<string, string> {
  const fields = new Map([["occurredAt", occurredAt]]);
  for (const [name, value] of Object.entries(data)) {
    fields.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return fields;
}
