/** An issued report as a page that prints as an annex to a contract. */
import type { IssuedDocument } from "../issued/issued-report.ts";
import type { LastEvent } from "../../answers/last-event.ts";
import type { LedgerSlaDocument } from "../../ledger/documents.ts";
import type { Steps } from "../../turns.ts";
import { instant, whole } from "./format.ts";
import { lastEventWords } from "./last-event.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { documentSections } from "./report-sections.ts";
import { reportTable } from "./report-table.ts";

/** What the page says about the issue, besides the document. */
export interface IssueOfReport {
  readonly report: string;
  readonly cluster: string;
  readonly sequence: number;
  readonly sha256: string;
  readonly treeHead: { readonly size: number; readonly rootHash: string };
  readonly definitions: string;
  readonly tzdata: string;
  readonly issuedAt: string;
  readonly eventId: string;
  readonly location: string;
  readonly actor?: string;
  readonly reason?: string;
}

/** A page for printing, without the site's navigation. */
export function printedPage(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/report.css" />
      </head>
      <body>
        <main id="main">${body}</main>
      </body>
    </html> `.html;
}

export function* issuedReportPage(document: IssuedDocument, issue: IssueOfReport): Steps<string> {
  const { label } = document.period;
  const body = html`${heading(document, issue)} ${yield* documentSections(document)} ${proof(issue)}
  ${signatures()}`;
  return printedPage(`SLA report ${document.cluster} ${label} – ${issue.report}`, body);
}

/** The same document before it is issued: for reading and discussion, not for signing. */
export function* draftReportPage(
  document: LedgerSlaDocument,
  lastEvent: LastEvent | null = null,
): Steps<string> {
  const sections = yield* documentSections(document);
  const { cluster, period, asOf } = document;
  const body = html`<p class="kicker">Draft, not issued</p>
    <h1>Service level report, cluster ${cluster}</h1>
    <p class="lead">
      ${periodWords(document)} As of ledger position ${whole(asOf.sequence)}: later facts and
      corrections may still change it. ${lastEventWords(lastEvent)}
      ${document.recordedAtKept === true && "Recorded times were preserved by an import."}
    </p>
    ${sections}`;
  return printedPage(`SLA ${cluster} ${period.label} – draft`, body);
}

function periodWords({ period }: LedgerSlaDocument): Html {
  return html`Period ${period.label} (${period.zone}): from ${instant(period.from)} until
  ${instant(period.to)}.
  ${!period.complete && html`<strong>The period is not over; it ends where the ledger's knowledge ends.</strong>`}`;
}

function heading(document: IssuedDocument, issue: IssueOfReport): Html {
  const { period, cluster } = document;
  return html`<p class="kicker">Annex to the service level agreement</p>
    <h1>Service level report, cluster ${cluster}</h1>
    <p class="lead">
      Period ${period.label} (${period.zone}): from ${instant(period.from)} until
      ${instant(period.to)}.
      ${!period.complete && html`<strong>The period was not over when this report was issued; it ends where the ledger's knowledge ended.</strong>`}
    </p>
    <p class="screen">
      <a href="${issue.location}?format=json" download>JSON</a> ·
      <a href="${issue.location}?format=csv">CSV</a> ·
      <a href="${issue.location}/restated?format=html">Restated now</a>
    </p>
    ${reportTable(
      ["Report", "Particulars"],
      [
        ["Report", issue.report],
        [
          "Issued",
          html`${instant(issue.issuedAt)}${issue.actor !== undefined && html`, by ${issue.actor}`}`,
        ],
        ...(issue.reason === undefined ? [] : [["Reason", issue.reason]]),
        ["Provider", ""],
        ["Customer", ""],
        ["Subject", `Cluster ${cluster}`],
        ...(document.recordedAtKept === true
          ? [["Recorded times", "were preserved by an import"]]
          : []),
      ],
    )}`;
}

function proof(issue: IssueOfReport): Html {
  const rows = [
    ["SHA-256 of the document", html`<code>${issue.sha256}</code>`],
    ["Ledger position", whole(issue.sequence)],
    ["Tree head: events", whole(issue.treeHead.size)],
    ["Tree head: root (hex)", html`<code>${issue.treeHead.rootHash}</code>`],
    ["Event of the issue", html`<code>${issue.eventId}</code>`],
    ["Definitions", issue.definitions],
    ["Time-zone table", issue.tzdata],
  ];
  return html`<h2>Proof</h2>
    ${reportTable(["What", "Value"], rows)}
    <p>
      The document is the JSON form of this report. Its bytes can be fetched again from the ledger,
      and recomputed without the ledger by anyone who has its bundle and its public key:
    </p>
    <pre>
${`curl -s LEDGER${issue.location} | sha256sum
fleetledger verify BUNDLE --key ledger.pub`}</pre>
    <p>
      The first prints the hash above. The second rebuilds the tree over all events, checks every
      seal, recomputes every issued report and compares its hash.
    </p>`;
}

function signatures(): Html {
  return html`<div class="signatures">
    <p>For the provider: name, date, signature</p>
    <p>For the customer: name, date, signature</p>
  </div>`;
}
