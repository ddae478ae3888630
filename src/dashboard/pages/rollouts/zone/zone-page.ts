/** `/nfz/{cluster}/{id}`: when a no-fly zone is in force, where, what it holds, and who changed it. */
import { html } from "../../../../reports/html/html.ts";
import type { PageDefinition } from "../../../frame/page.ts";
import { zoneCostPanel } from "../costs-panel.ts";
import { zoneNames } from "./one-zone.ts";
import {
  declarationPanel,
  holdsPanel,
  occurrencesPanel,
  zoneEventsPanel,
  zoneHeadline,
} from "./zone-panels.ts";

export const zonePage: PageDefinition = {
  path: "/nfz/:cluster/:nfz",
  place: "rollouts",
  title: (context) => zoneNames(context).nfz,
  panels: (context) => ({
    headline: () => zoneHeadline(context),
    declaration: () => declarationPanel(context),
    holds: () => holdsPanel(context),
    cost: () => zoneCostPanel(context, zoneNames(context)),
    occurrences: () => occurrencesPanel(context),
    events: () => zoneEventsPanel(context),
  }),
  layout: ({ headline, declaration, holds, cost, occurrences, events }) =>
    html`${headline}
      <div class="columns">${declaration} ${holds}</div>
      ${cost} ${occurrences} ${events}`,
};
