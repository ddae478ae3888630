/** `/reports`: what was issued, what a report would say now, and issuing one. */
import { clusterName } from "../../../events/fields/fields.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { counted } from "../../frame/figures.ts";
import { bare } from "../../frame/panel.ts";
import { draftPanel } from "./draft-panel.ts";
import { draftForm } from "./draft-form.ts";
import { issuedPanel, saysNow, shownReports } from "./issued-panel.ts";
import { sequenceText } from "../../cluster/sequence-text.ts";

export const reportsPage: PageDefinition = {
  path: "/reports",
  place: "reports",
  filters: {
    /** The draft's. */
    cluster: clusterName.optional(),
    /** The list goes on before this sequence. */
    before: sequenceText.optional(),
  },
  title: () => "Reports",
  panels: (context) => ({
    headline: () => headline(context),
    issued: () => issuedPanel(context),
    "draft-form": () => draftForm(context),
    draft: () => draftPanel(context),
  }),
};

async function headline(context: PageContext): Promise<Html> {
  return bare(
    "headline",
    html`<div class="title-line">
      <h1>Reports</h1>
      <p class="sentence">${await sentence(context)}</p>
    </div>`,
  );
}

/** Of the reports on this page, how many would say something else by now. */
async function sentence(context: PageContext): Promise<string> {
  const { clusters, stand } = context;
  if (clusters.length === 0) return "No cluster is known yet, so there is nothing to report on.";
  const { issued, isCut } = await shownReports(context);
  if (issued.length === 0) return "No report has been issued.";
  const says = await Promise.all(issued.map((each) => saysNow(context, each)));
  const differ = says.filter((each) => each === "differs").length;
  const many = `${isCut ? "The latest " : ""}${counted(issued.length, "report")}`;
  const now = stand.isPast ? "at this position" : "now";
  return differ === 0
    ? `${many} issued; ${issued.length === 1 ? "it says" : "each says"} the same ${now}.`
    : `${many} issued; ${differ} would say something else ${now}.`;
}
