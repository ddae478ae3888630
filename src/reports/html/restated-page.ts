/** An issued report beside the same report restated: each difference with the events that caused it. */
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import type { LastEvent } from "../../answers/last-event.ts";
import type { IssuedDocument } from "../issued/issued-report.ts";
import type { Steps } from "../../turns.ts";
import { duration, instant, whole } from "./format.ts";
import type { Html } from "./html.ts";
import { html, onLines } from "./html.ts";
import { lastEventWords } from "./last-event.ts";
import type { IssueOfReport } from "./report-page.ts";
import { printedPage } from "./report-page.ts";
import { documentSections } from "./report-sections.ts";
import { tableInSteps } from "./report-table.ts";

interface EventOfDifference {
  readonly id: string;
  readonly sequence: number;
  readonly type: string;
  readonly stream: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor?: string;
  readonly reason?: string;
}

/** The restated report as in the JSON answer. */
interface Restated {
  readonly issued: IssueOfReport;
  readonly asOf: { readonly sequence: number };
  readonly periodEnd: { readonly before: string | null; readonly after: string | null };
  readonly differences: readonly {
    readonly figure: string;
    readonly change: string;
    readonly before: unknown;
    readonly after: unknown;
    readonly sequences: readonly number[];
    readonly byLedgerTime: boolean;
    readonly ranges: readonly { readonly after: number; readonly upTo: number }[];
  }[];
  readonly events: readonly EventOfDifference[];
  readonly work: { readonly complete: boolean; readonly documents: number };
  /** The report at the later position; `null` if there can be none. */
  readonly restated: SlaDocument | null;
}

export function* restatedPage(
  document: IssuedDocument,
  restated: Restated,
  lastEvent: LastEvent | null,
): Steps<string> {
  const made = yield* differencesTable(restated);
  const reasons = yield* events(restated.events);
  const now = yield* reportNow(restated.restated);
  const { issued, asOf, periodEnd, work } = restated;
  const { cluster, period } = document;
  const body = html`<p class="kicker">Restatement of an issued report</p>
    <h1>Service level report, cluster ${cluster}, restated</h1>
    <p class="lead">
      Period ${period.label} (${period.zone}). Issued at ledger position ${whole(issued.sequence)}
      (${instant(issued.issuedAt)}), restated at ${whole(asOf.sequence)}.
      ${lastEventWords(lastEvent)}
    </p>
    <p class="screen">
      <a href="${issued.location}/restated?format=json&amp;asOf=${asOf.sequence}" download>JSON</a>
      · <a href="${issued.location}/restated?format=csv&amp;asOf=${asOf.sequence}">CSV</a> ·
      <a href="${issued.location}?format=html">The report as issued</a>
    </p>
    ${
      periodEnd.before !== periodEnd.after &&
      periodEnd.after !== null &&
      html`<p>
        The period was not over when the report was issued. Its end has moved to
        ${instant(periodEnd.after)}, and every figure over time has moved with it.
      </p>`
    }
    ${
      !work.complete &&
      html`<p class="note">
        Not every event was told apart: the work is bounded at ${whole(work.documents)} documents,
        and a range of sequences means that several events may have made a difference.
      </p>`
    }
    <h2>Differences</h2>
    ${onLines(made, html`${reasons} ${now}`)}`;
  return printedPage(`Restated: ${cluster} ${period.label} – ${issued.report}`, body);
}

function* differencesTable({ differences, events: causes }: Restated): Steps<Html> {
  if (differences.length === 0)
    return html`<p class="none">None: the report is the same as issued.</p>`;
  const ids = new Map(causes.map(({ sequence, id }) => [sequence, id]));
  return yield* tableInSteps(
    ["Figure", "As issued", "Restated", "Made by"],
    differences,
    (each) => [
      breakable(each.figure),
      shown(each.figure, each.before),
      shown(each.figure, each.after),
      by(each, ids),
    ],
    [1, 2],
    { limit: Infinity, layout: "differences" },
  );
}

/** A figure's path, which may break into the next line after each of its parts. */
function breakable(figure: string): Html {
  const parts = figure.split(/(?<=[.,[])/);
  return html`${parts.map((part, i) => html`${i > 0 && html`<wbr />`}${part}`)}`;
}

/** Numbers exactly, durations in milliseconds also readably; anything else as written. */
function shown(figure: string, value: unknown): Html {
  if (value === null) return html`—`;
  if (typeof value === "string") return html`<code>${value}</code>`;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return member(value);
  if (typeof value !== "number") return html`<code>${JSON.stringify(value)}</code>`;
  if (!Number.isInteger(value)) return html`${String(value)}`;
  const isTime = /Ms(\.|\[|$)/.test(figure) && value >= 1_000;
  return html`${whole(value)}${isTime && html`<br /><small>${duration(value)}</small>`}`;
}

/** A list member that appeared or disappeared: its fields, one per line. */
function member(fields: object): Html {
  const lines = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return html`<li>${name}: ${text}</li>`;
  });
  return html`<ul class="member">
    ${lines}
  </ul>`;
}

function by(
  { sequences, ranges, byLedgerTime }: Restated["differences"][number],
  ids: ReadonlyMap<number, string>,
): Html {
  const single = sequences.map((sequence) =>
    ids.has(sequence)
      ? html`<a href="/events/${ids.get(sequence)}">${sequence}</a>`
      : html`${sequence}`,
  );
  const between = ranges.map(({ after, upTo }) => html`${after + 1}–${upTo}`);
  const end = byLedgerTime ? [html`ledger time`] : [];
  const causes = [...single, ...between, ...end];
  return html`${causes.map((cause, i) => html`${i > 0 && ", "}${cause}`)}`;
}

function* reportNow(document: SlaDocument | null): Steps<Html | null> {
  if (document === null) return null;
  const sections = yield* documentSections(document);
  return html`<h1 class="next">The report as restated</h1>
    ${sections}`;
}

function* events(list: readonly EventOfDifference[]): Steps<Html | null> {
  if (list.length === 0) return null;
  const table = yield* tableInSteps(
    ["Sequence", "Type", "About", "Occurred", "Recorded", "Actor and reason"],
    list,
    (each) => [
      html`<a href="/events/${each.id}">${each.sequence}</a>`,
      each.type,
      each.stream,
      instant(each.occurredAt),
      instant(each.recordedAt),
      [each.actor, each.reason].filter((part) => part !== undefined).join(": "),
    ],
    [],
    { limit: Infinity },
  );
  return html`<h2>Events that made the differences</h2>
    ${table}`;
}
