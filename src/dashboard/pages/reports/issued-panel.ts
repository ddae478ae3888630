/** The reports that were issued, the latest first, and whether later facts would change them. */
import type { DataOf } from "../../../events/catalogue.ts";
import type { IssuedReport } from "../../../reports/issued/issue.ts";
import { reportJson } from "../../../reports/issued/report-json.ts";
import { saysTheSame } from "../../../reports/restated/says-the-same.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { isRefusedFigure } from "../../cluster/cluster-facts.ts";
import { periodWords } from "../../cluster/period-switch.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";
import { pathSegment } from "../../../path-segment.ts";
import { listTable } from "../../tables/list-table.ts";

/** Each costs a document. */
const shown = 20;

/** The reports of this page of the list; `isCut` if there are earlier ones. */
export async function shownReports({ ledger, stand, filters }: PageContext): Promise<{
  readonly issued: readonly IssuedReport[];
  readonly isCut: boolean;
}> {
  const before = filters["before"] === undefined ? Infinity : Number(filters["before"]);
  const found = await ledger.store.query({
    type: "ReportIssued",
    after: 0,
    upTo: Math.min(stand.sequence, before - 1),
    order: "desc",
    limit: shown + 1,
  });
  const issued = found
    .slice(0, shown)
    .map((event) => ({ event, data: event.data as DataOf<"ReportIssued"> }));
  return { issued, isCut: found.length > shown };
}

export async function issuedPanel(context: PageContext): Promise<Html> {
  const { stand } = context;
  const { issued, isCut } = await shownReports(context);
  const title = "Issued reports";
  if (issued.length === 0)
    return panel("issued", {
      title,
      body: empty("No report has been issued. Draft one below, and issue it."),
    });
  const rows: Html[] = [];
  for (const each of issued) rows.push(await reportRow(context, each));
  const last = isCut ? issued.at(-1)?.event : undefined;
  const query = { type: "ReportIssued", order: "desc", limit: String(shown) };
  return panel("issued", {
    title,
    note: "the latest first",
    csv: context.api("/v1/events", { ...query, format: "csv" }),
    tools: html`<a href="${context.api("/v1/reports")}" download="reports.json">JSON</a>`,
    body: html`${listTable({ title, caption: "Issued reports, the latest first", heads: ["Cluster", "Period", "Issued", "By", { title: "Position", kind: "number" }, "SHA-256", stand.isPast ? "At this position" : "Now", "Document"], rows })}
    ${last !== undefined && html`<p class="more"><a href="${context.here({ before: String(last.sequence) })}">Earlier reports</a></p>`}`,
  });
}

async function reportRow(context: PageContext, issued: IssuedReport): Promise<Html> {
  const { zone, stand } = context;
  const { event, data } = issued;
  const { report, cluster, period, sequence, sha256 } = data;
  const { location, actor } = reportJson(issued);
  const after = String(event.sequence - 1);
  const source = context.api("/v1/reports", { after, limit: "1" });
  const page = context.link(`/reports/${pathSegment(report)}`);
  return html`<tr data-source="${source}">
    <th scope="row"><a href="${page}">${cluster}</a></th>
    <td>${periodWords({ ...period, complete: true })}</td>
    <td>${timeHtml(event.recordedAt, minuteText(event.recordedAt, zone, stand.at))}</td>
    <td>${actor}</td>
    <td class="number">${figure("reports.0.sequence", sequence, whole(sequence))}</td>
    <td>
      ${figure("reports.0.sha256", sha256, html`<code title="${sha256}">${sha256.slice(0, 12)}…</code>`)}
    </td>
    <td><a href="${page}">${nowWords[await saysNow(context, issued)]}</a></td>
    <td><a href="${location}?format=html" aria-label="print ${report}">print</a></td>
  </tr>`;
}

type SaysNow = "same" | "differs" | "unknown";

const nowWords: Readonly<Record<SaysNow, Html>> = {
  same: html`says the same`,
  differs: html`<span class="tag warn">figures differ</span>`,
  unknown: html`cannot be computed`,
};

/** Whether an issued report would say the same at the page's position. */
export async function saysNow(context: PageContext, issued: IssuedReport): Promise<SaysNow> {
  const { ledger, stand } = context;
  try {
    const isSame = await context.shared(`says the same ${issued.data.report}`, () =>
      saysTheSame(ledger, issued, stand.sequence),
    );
    return isSame ? "same" : "differs";
  } catch (error) {
    if (!isRefusedFigure(error)) throw error;
    return "unknown";
  }
}
