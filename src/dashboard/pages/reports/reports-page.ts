/** `/reports`: what was issued, what a report would say now, and issuing one. */
import { clusterName } from "../../../events/fields/fields.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { bare, empty } from "../../frame/panel.ts";
import { draftPanel } from "./draft-panel.ts";
import { draftForm } from "./draft-form.ts";
import { issuedPanel } from "./issued-panel.ts";
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

async function headline({ clusters }: PageContext): Promise<Html> {
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>Reports</h1>
        <p class="sentence">
          An issued report stays as it is, to the byte; what later facts would change is shown
          beside it
        </p>
      </div>
      ${clusters.length === 0 && empty("No cluster is known yet, so there is nothing to report on.")}`,
  );
}
