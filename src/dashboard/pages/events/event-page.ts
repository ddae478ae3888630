/** `/events/{id}`: what was stated, by whom, whether it still stands, and the proof that the ledger has it. */
import { html } from "../../../reports/html/html.ts";
import type { PageDefinition } from "../../frame/page.ts";
import { amendPanel, jsonPanel } from "./amend-panel.ts";
import { eventHead } from "./event-head.ts";
import { historyPanel } from "./history-panel.ts";
import { proofPanel } from "./proof-panel.ts";
import { standingPanel, statedPanel } from "./stated-panel.ts";

export const eventPage: PageDefinition = {
  path: "/events/:id",
  place: "audit",
  title: ({ params }) => `Event ${(params["id"] ?? "").slice(0, 8)}`,
  panels: (context) => ({
    event: () => eventHead(context),
    stated: () => statedPanel(context),
    standing: () => standingPanel(context),
    history: () => historyPanel(context),
    proof: () => proofPanel(context),
    amend: () => amendPanel(context),
    json: () => jsonPanel(context),
  }),
  layout: ({ event, stated, standing, ...others }) =>
    html`${event}
      <div class="columns">${stated} ${standing}</div>
      ${Object.values(others)}`,
};
