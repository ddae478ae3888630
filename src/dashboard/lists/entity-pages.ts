/** Timelines of a node and of a job as pages, the latest entries first. */
import type { jobJson, nodeJson } from "../../answers/timeline-json.ts";
import { instant, whole } from "../../reports/html/format.ts";
import type { Html } from "../../reports/html/html.ts";
import { html, page } from "../../reports/html/html.ts";
import { tableOf } from "./list-frame.ts";

interface EntityHead {
  readonly cluster: string;
  readonly sequence: number;
  readonly isPast: boolean;
}

/** Entries shown per table; older ones are in the JSON. */
const mostEntries = 200;

type Ends = { readonly from: string | null; readonly to: string | null };

export function nodeTimelinePage(head: EntityHead, node: ReturnType<typeof nodeJson>): string {
  const { memberships, segments, faults, maintenance, findings } = node;
  const body = html`<p>State: <strong>${node.state}</strong>.</p>
    ${entries("Faults", ["From", "To", "Fault", "Cause", "Outcome", "Event"], faults, (each) => [
      each.faultId,
      each.component === null ? each.category : `${each.category}, ${each.component}`,
      each.outcome,
      eventLink(each.eventId, head),
    ])}
    ${entries("Maintenance", ["From", "To", "Maintenance", "Event"], maintenance, (each) => [
      each.maintenanceId,
      eventLink(each.startId, head),
    ])}
    ${entries("States", ["From", "To", "State"], segments, (each) => [each.state])}
    ${entries("Memberships", ["From", "To", "Rack", "SKU", "Event"], memberships, (each) => [
      each.rack,
      each.sku,
      eventLink(each.commissionedBy, head),
    ])}
    ${findingEntries(findings, head)}`;
  return entityPage("Node", node.node, head, body);
}

export function jobTimelinePage(head: EntityHead, job: ReturnType<typeof jobJson>): string {
  const { runs, interruptions, running, paused, lost, findings } = job;
  const body = html`${entries("Runs", ["From", "To", "Outcome", "Event"], runs, (each) => [
    each.outcome,
    eventLink(each.startId, head),
  ])}
  ${entries("Interruptions", ["From", "To", "Cause", "Nodes", "Event"], interruptions, (each) => [
    [each.kind, each.faultId, each.node].filter((part) => part !== null).join(", "),
    whole(each.nodes),
    eventLink(each.eventId, head),
  ])}
  ${entries("Running", ["From", "To", "Nodes"], running, (each) => [whole(each.nodes)])}
  ${entries("Lost", ["From", "To", "Nodes"], lost, (each) => [whole(each.nodes)])}
  ${entries("Paused", ["From", "To", "Nodes"], paused, (each) => [whole(each.nodes)])}
  ${findingEntries(findings, head)}`;
  return entityPage("Job", job.job, head, body);
}

function entityPage(kind: string, name: string, head: EntityHead, body: Html): string {
  const { cluster, sequence, isPast } = head;
  const main = html`<main id="main" data-sequence="${sequence}">
    <h1>${kind} ${name}</h1>
    <p id="position">
      Of cluster
      <a href="/v1/${kind.toLowerCase()}s?${listQuery(head)}">${cluster}</a>, as of sequence
      <strong>${whole(sequence)}</strong>${isPast && " (historical view)"}.
    </p>
    ${body}
  </main>`;
  return page(`${kind} ${name} – fleetledger`, main, { asOf: isPast ? sequence : undefined });
}

function listQuery({ cluster, sequence, isPast }: EntityHead): string {
  const stand = isPast ? { asOf: String(sequence) } : {};
  return new URLSearchParams({ cluster, ...stand }).toString();
}

/** A table of entries, the latest first. */
function entries<E extends Ends>(
  title: string,
  heads: readonly string[],
  list: readonly E[],
  cells: (each: E) => readonly (string | Html | null)[],
): Html | null {
  if (list.length === 0) return null;
  const shown = list.slice(-mostEntries).toReversed();
  const rows = shown.map(
    (each) =>
      html`<tr>
        <th scope="row">${each.from === null ? "–" : instant(each.from)}</th>
        <td>${each.to === null ? "now" : instant(each.to)}</td>
        ${cells(each).map((cell) => html`<td class="wrap">${cell}</td>`)}
      </tr>`,
  );
  const caption =
    shown.length < list.length
      ? `The last ${shown.length} of ${list.length}, the latest first`
      : "Latest first";
  return html`<section>
    <h2>${title}</h2>
    ${tableOf(`${title}. ${caption}`, heads, rows)}
  </section>`;
}

function findingEntries(
  findings: ReturnType<typeof nodeJson>["findings"],
  head: EntityHead,
): Html | null {
  if (findings.length === 0) return null;
  const rows = findings.map(
    ({ kind, at, eventId }) =>
      html`<tr>
        <th scope="row">${instant(at)}</th>
        <td>${kind}</td>
        <td>${eventLink(eventId, head)}</td>
      </tr>`,
  );
  return html`<section>
    <h2>Facts that did not fit</h2>
    ${tableOf("Facts that did not fit, by time", ["Occurred", "Finding", "Event"], rows)}
  </section>`;
}

function eventLink(id: string, { sequence, isPast }: EntityHead): Html {
  return html`<a href="/events/${id}${isPast && `?asOf=${sequence}`}">event</a>`;
}
