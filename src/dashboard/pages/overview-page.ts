/** `GET /`: the overview as a page. */
import { fixOf } from "../../answers/finding-fixes.ts";
import { clusterTable } from "./cluster-table.ts";
import { duration, instant, whole } from "../../reports/html/format.ts";
import { lookBackField } from "./look-back-field.ts";
import type { Html } from "../../reports/html/html.ts";
import { html, page } from "../../reports/html/html.ts";
import { lastEventWords } from "../../reports/html/last-event.ts";
import type { FaultRow, OverviewModel } from "./overview-model.ts";
import { formatInstant } from "../../../projections/time/instant.ts";

/** `origin` is the address at which the reader reached the ledger, for the commands to copy. */
export function overviewPage(model: OverviewModel, origin: string): string {
  const main = html`<main
    id="main"
    data-sequence="${model.sequence}"
    data-live="${model.isPast ? "no" : "yes"}"
  >
    <h1>Fleet overview</h1>
    ${position(model)}
    ${model.isPast ? null : html`<p id="live" role="status" class="live"><noscript>Reload the page for the newest figures.</noscript></p>`}
    <div id="fresh">
      ${warning(model)}${model.sequence === 0 ? emptyLedger(origin) : sections(model)}
    </div>
  </main>`;
  return page("Overview – fleetledger", main, {
    script: model.isPast ? undefined : "/assets/overview.js",
    asOf: model.isPast ? model.sequence : undefined,
  });
}

/** Shown above all figures: they may be old, or come from a mirror that differs from what was sealed. */
function warning({ stopped, clock }: OverviewModel): Html | null {
  const words =
    clock === null
      ? null
      : html`<p role="alert" class="warning">
          <span class="badge missed">✗ clock</span> ${clock} <code>/readyz</code> says more.
        </p>`;
  if (stopped === null) return words;
  return html`${words}
    <p role="alert" class="warning">
      <span class="badge missed">✗ not to be trusted</span> ${stopped}. No events are accepted, and
      these figures come from this instance's mirror; <code>/readyz</code> says more.
    </p>`;
}

function position(model: OverviewModel): Html {
  const { sequence, at, isPast, timestampsPreserved } = model;
  return html`<form class="position" method="get" action="/">
    <p id="position">
      As of sequence
      <strong>${whole(sequence)}</strong
      >${at !== null && html`, at ${instant(at)}`}${isPast && html` (historical view; <a href="/">go to the newest</a>)`}.
      ${lastEventWords(model.lastEvent)}${timestampsPreserved && " Recorded times were preserved from an import."}
    </p>
    ${lookBackField(null)}
  </form>`;
}

function sections(model: OverviewModel): Html {
  return html`<section aria-labelledby="clusters">
      <h2 id="clusters">Clusters</h2>
      ${
        model.clusters.length === 0
          ? html`<p class="none">No event names a cluster yet.</p>`
          : clusterTable(model.clusters, model.isPast ? model.sequence : null)
      }
    </section>
    <div class="columns">
      <section aria-labelledby="nfz">
        <h2 id="nfz">No-fly zones in force</h2>
        ${zones(model)}
      </section>
      <section aria-labelledby="blocked">
        <h2 id="blocked">Blocked rollouts</h2>
        ${queue(model)}
      </section>
    </div>
    <section aria-labelledby="faults">
      <h2 id="faults">Open faults beyond the repair target</h2>
      ${faults(model)}
    </section>
    <section aria-labelledby="findings">
      <h2 id="findings">Facts that did not fit, this month</h2>
      ${findings(model)}
    </section>
    <section aria-labelledby="events">
      <h2 id="events">Last events</h2>
      ${lastEvents(model)}
    </section>`;
}

function table(caption: string, heads: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function zones({ nfz }: OverviewModel): Html {
  if (nfz.length === 0) return html`<p class="none">No no-fly zone is in force.</p>`;
  return table(
    "No-fly zones in force now, without maintenance",
    ["Zone", "Cluster", "Since", "Until", "Left", "Rollouts in flight"],
    nfz.map(
      (each) =>
        html`<tr>
          <th scope="row">${each.nfz}</th>
          <td>${each.cluster}</td>
          <td>${instant(each.from)}</td>
          <td>${instant(each.to)}</td>
          <td>${duration(each.leftMs)}</td>
          <td>${each.inFlight ?? "not stated"}</td>
        </tr>`,
    ),
  );
}

function queue({ blocked }: OverviewModel): Html {
  if (blocked.length === 0) return html`<p class="none">No rollout is blocked.</p>`;
  return table(
    "Rollouts waiting for no-fly zones to end, longest wait first",
    ["Rollout", "Cluster", "Age", "Urgency", "By", "Next release"],
    blocked.map((each) => {
      const release = each.nextRelease === null ? "no known end" : instant(each.nextRelease);
      return html`<tr>
        <th scope="row">${each.rollout}</th>
        <td>${each.cluster}</td>
        <td>${duration(each.ageMs)}</td>
        <td>${each.urgency ?? "not stated"}</td>
        <td class="wrap">${each.nfzIds.join(", ")}</td>
        <td>
          ${each.releaseOverdue ? html`<span class="badge missed">✗ overdue</span>` : release}
        </td>
      </tr>`;
    }),
  );
}

const firstFaults = 12;

/** Query suffix for links of a page that looks back, so that they look back to the same position. */
function backTo({ isPast, sequence }: OverviewModel): string {
  return isPast ? `?asOf=${sequence}` : "";
}

function faults(model: OverviewModel): Html {
  const { faults: rows, isPast, sequence } = model;
  if (rows.length === 0) return html`<p class="none">No open fault is older than its target.</p>`;
  const all = html`<p>
    <a href="/v1/faults?open=true${isPast && `&asOf=${sequence}`}">All open faults</a>
  </p>`;
  const total =
    rows.length === 1
      ? "1 open fault is older than its cluster's target"
      : `${whole(rows.length)} open faults are older than their cluster's target, the oldest first`;
  const rest = rows.slice(firstFaults);
  return html`${all}${faultTable(model, total, rows.slice(0, firstFaults))}
  ${
    rest.length > 0 &&
    html`<details>
      <summary>${whole(rest.length)} more</summary>
      ${faultTable(model, "More of these faults", rest)}
    </details>`
  }`;
}

function faultTable(model: OverviewModel, caption: string, rows: readonly FaultRow[]): Html {
  return table(
    caption,
    ["Node", "Cluster", "Fault", "Cause", "Since", "Age", "Target"],
    rows.map((each) => {
      const node = `/v1/nodes/${encodeURIComponent(each.cluster)}/${encodeURIComponent(each.node)}${backTo(model)}`;
      return html`<tr>
        <th scope="row"><a href="${node}">${each.node}</a></th>
        <td>${each.cluster}</td>
        <td>${each.faultId}</td>
        <td>${each.category}${each.component !== null && html`, ${each.component}`}</td>
        <td>${instant(each.since)}</td>
        <td>${duration(each.ageMs)}</td>
        <td>${duration(each.targetMs)}</td>
      </tr>`;
    }),
  );
}

function findings(model: OverviewModel): Html {
  const { findings: rows, findingCounts: counts, sequence, isPast } = model;
  if (counts.length === 0) return html`<p class="none">Every fact of the running month fits.</p>`;
  const links = counts.map(({ cluster, count, period }) => {
    const stand = isPast ? { asOf: String(sequence) } : {};
    const query = new URLSearchParams({ cluster, period, ...stand }).toString();
    return html`<a href="/v1/data-quality?${query}">${cluster}: ${whole(count)}</a> `;
  });
  return html`<p>They are kept, and change no figure. All of them, by cluster: ${links}</p>
    ${table(
      "The newest facts of the current month that did not fit",
      ["Event", "Finding", "Cluster", "Of", "Occurred", "How to fix it"],
      rows.map(
        (each) =>
          html`<tr>
            <th scope="row"><a href="/events/${each.factId}${backTo(model)}">${each.factId}</a></th>
            <td>${each.kind}</td>
            <td>${each.cluster}</td>
            <td>${each.subject} ${each.name}</td>
            <td>${instant(each.at)}</td>
            <td class="wrap">${fixOf(each.kind)}</td>
          </tr>`,
      ),
    )}`;
}

function lastEvents(model: OverviewModel): Html {
  return table(
    "The last events, newest first",
    ["Sequence", "Type", "About", "Occurred", "Recorded"],
    model.events.map(
      (event) =>
        html`<tr>
          <th scope="row" class="number">
            <a href="/events/${event.id}${backTo(model)}">${whole(event.sequence)}</a>
          </th>
          <td>${event.type}</td>
          <td>${event.stream}</td>
          <td>${instant(formatInstant(event.occurredAt))}</td>
          <td>${instant(formatInstant(event.recordedAt))}</td>
        </tr>`,
    ),
  );
}

function emptyLedger(origin: string): Html {
  return html`<section aria-labelledby="empty">
    <h2 id="empty">The ledger is empty</h2>
    <p>Put the first facts in, and this page shows their figures:</p>
    <pre><code>curl -X POST ${origin}/v1/events -H 'Content-Type: application/json' -d '{
  "id": "5f0c7a3e-0b1a-4a53-9c8e-0d9f5f2d7c11",
  "type": "NodeCommissioned",
  "occurredAt": "2026-03-01T00:00:00Z",
  "data": {"cluster": "alpha", "node": "gpu0001"}
}'</code></pre>
    <p>Or import a file of events, one a line:</p>
    <pre><code>curl -X POST ${origin}/v1/events -H 'Content-Type: application/x-ndjson' --data-binary @events.ndjson</code></pre>
    <p>The <a href="/docs/">API's own page</a> has every type of event and lets you try it.</p>
  </section>`;
}
