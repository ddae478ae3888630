/** `/`: is anything missed, frozen, overdue? Since when? Whom do I call? */
import { clusterName } from "../../../events/fields/fields.ts";
import { emptyLedger } from "../../frame/empty-ledger.ts";
import type { PageDefinition } from "../../frame/page.ts";
import { html } from "../../../reports/html/html.ts";
import { clusterPanel, clusterPanelId } from "./cluster-panel.ts";
import { findingsPanel } from "./findings-panel.ts";
import { fleetHeadline } from "./headline.ts";
import { heldPanel } from "./held-panel.ts";
import { lastEventsPanel } from "./last-events-panel.ts";
import { overduePanel } from "./overdue-panel.ts";
import { trainingPanel } from "./training-panel.ts";
import { fleetStatesPanel } from "./states-panel.ts";

export const fleetPage: PageDefinition = {
  path: "/",
  place: "fleet",
  filters: { cluster: clusterName.optional() },
  title: () => "Fleet",
  panels: (context) => {
    if (context.stand.sequence === 0) return { empty: () => emptyLedger(context) };
    const clusters = context.clusters.map(
      (cluster) => [clusterPanelId(cluster), () => clusterPanel(context, cluster)] as const,
    );
    return {
      headline: () => fleetHeadline(context),
      ...Object.fromEntries(clusters),
      overdue: () => overduePanel(context),
      held: () => heldPanel(context),
      training: () => trainingPanel(context),
      states: () => fleetStatesPanel(context),
      findings: () => findingsPanel(context),
      last: () => lastEventsPanel(context),
    };
  },
  layout: (panels) => {
    const { headline, empty, overdue, held, training, states, findings, last, ...clusters } =
      panels;
    return html`${headline} ${empty} ${Object.values(clusters)}
    ${overdue !== undefined && html`<div class="columns">${overdue} ${held}</div>`} ${training}
    ${states} ${findings} ${last}`;
  },
};
