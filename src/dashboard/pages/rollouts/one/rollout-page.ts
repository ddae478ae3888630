/** `/rollouts/{cluster}/{id}`: where it stands, what holds it, who let it pass, and what may be asked of it. */
import { html } from "../../../../reports/html/html.ts";
import type { PageDefinition } from "../../../frame/page.ts";
import { factsPanel, historyPanel } from "./facts-panels.ts";
import { rolloutHeadline } from "./headline.ts";
import { heldNowPanel, overridesPanel } from "./holds-panels.ts";
import { evidencePanel, impactPanel } from "./impact-panels.ts";
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
    impact: () => impactPanel(context),
    overrides: () => overridesPanel(context),
    evidence: () => evidencePanel(context),
    events: () => historyPanel(context),
  }),
  layout: ({ headline, states, held, facts, impact, overrides, evidence, events }) =>
    html`${headline} ${states}
      <div class="columns">${facts} ${held}</div>
      ${impact} ${overrides} ${evidence} ${events}`,
};
