/** A fact's page: as it was stated, what corrects it, how it stands now and stood at a position. */
import type { Html } from "./html.ts";
import { html, page } from "./html.ts";
import { instant, whole } from "./format.ts";

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

interface History {
  readonly standing: Standing;
  readonly history: readonly (Standing & { readonly sequence: number })[];
  readonly touchedBy: readonly ShownEvent[];
}

export interface EventPageModel {
  readonly event: ShownEvent;
  readonly now: History;
  /** As of `sequence`. */
  readonly before: History;
  readonly sequence: number;
  readonly head: number;
}

export function eventPage({ event, now, before, sequence, head }: EventPageModel): string {
  const isPast = sequence < head;
  const isThere = event.sequence <= sequence;
  const main = html`<main id="main">
    <h1>${event.type}</h1>
    <p>
      Sequence ${whole(event.sequence)} of stream <code>${event.stream}</code>, id
      <code>${event.id}</code> (<a href="/v1/events/${event.id}">JSON</a>,
      <a href="/v1/audit/proof/${event.id}">proof</a>)
    </p>
    ${positionForm(event.id, sequence)}
    <section aria-labelledby="now">
      <h2 id="now">How it stands now</h2>
      ${standing(now.standing)}
    </section>
    ${
      isPast &&
      html`<section aria-labelledby="then">
        <h2 id="then">How it stood as of sequence ${whole(sequence)}</h2>
        ${isThere ? standing(before.standing) : html`<p class="none">It was not there yet.</p>`}
      </section>`
    }
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      ${history(event, now)}
    </section>
  </main>`;
  return page(`${event.type} ${event.sequence} – fleetledger`, main);
}

function positionForm(id: string, sequence: number): Html {
  return html`<form class="position" method="get" action="/events/${id}">
    <label for="as-of">Look back to sequence</label>
    <input
      id="as-of"
      name="asOf"
      inputmode="numeric"
      pattern="[0-9]+"
      required
      size="10"
      value="${sequence}"
    />
    <button type="submit">Show</button>
  </form>`;
}

function standing({ retracted, occurredAt, data }: Standing): Html {
  if (retracted) return html`<p><strong>Retracted:</strong> it counts as never stated.</p>`;
  return html`<p>Occurred ${instant(occurredAt)}</p>
    <pre><code>${JSON.stringify(data, null, 2)}</code></pre>`;
}

function history(event: ShownEvent, { history: steps, touchedBy }: History): Html {
  const events = [event, ...touchedBy];
  const rows = events.map((each, i) => {
    const after = steps[i];
    return html`<tr>
      <th scope="row" class="number"><a href="/events/${each.id}">${whole(each.sequence)}</a></th>
      <td>${each.type}</td>
      <td>${instant(each.recordedAt)}</td>
      <td class="wrap">${each.actor}${each.reason !== undefined && html`: ${each.reason}`}</td>
      <td class="wrap">
        ${after?.retracted === true ? "retracted" : html`<code>${after?.occurredAt} ${JSON.stringify(after?.data)}</code>`}
      </td>
    </tr>`;
  });
  return html`<div class="scroll" role="region" aria-label="History" tabindex="0">
    <table>
      <caption>
        The original, and every correction and retraction that touches it, at any depth
      </caption>
      <thead>
        <tr>
          <th scope="col">Sequence</th>
          <th scope="col">Event</th>
          <th scope="col">Recorded</th>
          <th scope="col">By whom and why</th>
          <th scope="col">The fact after it</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
