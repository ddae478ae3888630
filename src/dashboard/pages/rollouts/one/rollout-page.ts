/** `/rollouts/{cluster}/{id}`: where it stands, what holds it, who let it pass, and what may be asked of it. */
import { html } from "../../../../reports/html/html.ts";
import type { PageDefinition } from "../../../frame/page.ts";
import { factsPanel, historyPanel } from "./facts-panels.ts";
import { rolloutHeadline } from "./headline.ts";
import { heldNowPanel, overridesPanel } from "./holds-panels.ts";
import { namesOf } from "./one-rollout.ts";
import { statesPanel } from "./states-panel.ts";

export const rolloutPage: PageDefinition = {
  path: "/rollouts/:cluster/:rollout",
  place: "rollouts",
  title: (context) => namesOf(context).rollout,
  panels: (context) => ({
    headline: () => rolloutHeadline(context),
    states: () => statesPanel(context),
    held: () => heldNowPanel(context),
    facts: () => factsPanel(context),
    overrides: () => overridesPanel(context),
    events: () => historyPanel(context),
  }),
  layout: ({ headline, states, held, facts, overrides, events }) =>
    html`${headline} ${states}
      <div class="columns">${facts} ${held}</div>
      ${overrides} ${events}`,
};
