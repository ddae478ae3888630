/** What was issued, by whom and as of which position; and what proves it. */
import type { RestatedJson } from "../../../reports/restated/restated.ts";
import { reportJson } from "../../../reports/issued/report-json.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted, figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { secondText, timeHtml } from "../../frame/times.ts";
import { periodWords } from "../../cluster/period-switch.ts";
import { reportOf, restatedOf, restatedSource } from "./restated-facts.ts";

/** Whether the report still says what the ledger knows. */
function sentence(answer: RestatedJson | null, now: string): string {
  if (answer === null) return "The report as it was issued.";
  const { differences, events } = answer;
  if (differences.length === 0) return `It would say the same ${now}, figure by figure.`;
  const figures = counted(differences.length, "figure");
  return `It would say something else ${now}: ${figures} differ${differences.length === 1 ? "s" : ""}, by ${counted(events.length, "event")}.`;
}

export async function reportHead(context: PageContext): Promise<Html> {
  const { zone, stand } = context;
  const issued = await reportOf(context);
  // Where it cannot be compared, the panel of differences says why.
  const answer = await restatedOf(context).then(
    (restated) => restated.answer,
    () => null,
  );
  const { event, data } = issued;
  const { cluster, period, sequence, sha256, treeHead, definitions, tzdata } = data;
  const { location, actor, reason } = reportJson(issued);
  const at = String(sequence);
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    ["report", html`<code>${data.report}</code>`],
    [
      "issued",
      html`<a href="${context.link(`/events/${event.id}`)}"
          >${timeHtml(event.recordedAt, secondText(event.recordedAt, zone, stand.at))}</a
        >${actor !== undefined && html`, by <b>${actor}</b>`}${reason !== undefined && html`: ${reason}`}`,
    ],
    [
      "as of",
      html`<a href="${context.link("/reports", { asOf: at })}"
        >#${figure("issued.sequence", sequence, whole(sequence))}</a
      >`,
    ],
    ["SHA-256", figure("issued.sha256", sha256, html`<code class="digest">${sha256}</code>`)],
    [
      "tree head",
      html`${whole(treeHead.size)} events, root <code class="digest">${treeHead.rootHash}</code>`,
    ],
    ["made by", html`${definitions}, time zones ${tzdata}`],
  ];
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>${cluster}, ${periodWords({ ...period, complete: true })}</h1>
        <p class="sentence">
          ${sentence(answer, stand.isPast ? `at #${whole(stand.sequence)}` : "now")}
        </p>
      </div>
      <nav class="links" aria-label="The report">
        <a href="${location}?format=html">The document as issued, to print</a>
        <a href="${restatedSource(context, { format: "html" })}">The restatement, to print</a>
        <a href="${location}?format=json" download>JSON</a>
        <a href="${location}?format=csv" download>CSV</a>
        <a href="${context.here({ print: "1" })}">This page on paper</a>
        <a href="${context.link("/reports")}">All reports</a>
      </nav>
      <section class="panel" aria-label="What was issued" data-source="${restatedSource(context)}">
        <table class="facts">
          <caption class="hidden">
            What was issued
          </caption>
          <tbody>
            ${rows.map(
              ([name, value]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td>${value}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </section>`,
  );
}
