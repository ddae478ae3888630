/** What a report of the chosen cluster and period would say at the page's position. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { figure, verdict } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { withoutFacts } from "../../frame/empty-ledger.ts";
import { panel } from "../../frame/panel.ts";
import { dayText } from "../../frame/times.ts";
import { instantMs } from "../../../../projections/time/instant.ts";
import { documentSource, windowParameters } from "../../cluster/cluster-facts.ts";
import { periodWords } from "../../cluster/period-switch.ts";
import { newestZones } from "../../../zones/zones.ts";
import { draftCluster, draftDocument } from "./draft-choice.ts";
import type { MainFigure } from "./main-figures.ts";
import { mainFigures, mainText } from "./main-figures.ts";

export async function draftPanel(context: PageContext): Promise<Html> {
  const cluster = draftCluster(context);
  const document = await draftDocument(context);
  if (cluster === null || document === null)
    return panel("draft", {
      title: "Draft",
      body: withoutFacts(context, "A draft needs a cluster: send its first facts."),
    });
  const query = { cluster, ...windowParameters(context) };
  const { period } = document;
  return panel("draft", {
    title: `Draft: ${cluster}, ${periodWords(period)}`,
    note: `${daysOf(context, period)}, by the calendar of ${period.zone}${period.complete ? "" : "; the period is not over"}`,
    csv: context.api("/v1/sla", { ...query, format: "csv" }),
    tools: html`<a href="${context.api("/v1/sla", { ...query, format: "html" })}"
        >The whole document, to print</a
      >
      <a href="${context.api("/v1/sla", { ...query, format: "json" })}" download="draft.json"
        >JSON</a
      >`,
    body: html`<div class="facts-grid" data-source="${documentSource(context, cluster)}">
      ${mainFigures.map((each) => draftFigure(document, each))}
    </div>`,
  });
}

/** The days of a month are those of its own calendar, in whatever zone the page is read. */
function daysOf({ stand, zone }: PageContext, period: SlaDocument["period"]): string {
  const offsets = newestZones().zone(period.zone);
  const own = offsets === null ? zone : { name: period.zone, offsets };
  const [from, to] = [period.from, period.to].map((end) => dayText(instantMs(end), own, stand.at));
  return `${from} to ${to}`;
}

function draftFigure(document: SlaDocument, main: MainFigure): Html {
  const value = main.of(document);
  const target = main.target?.(document);
  return html`<div class="kpi">
    <h3>${main.title} ${main.met !== undefined && verdict(main.met(document))}</h3>
    <p class="big">${figure(main.path, value, mainText(main, value))}</p>
    ${target !== undefined && html`<p class="sub">${target}</p>`}
  </div>`;
}
