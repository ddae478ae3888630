/** `/rollouts`: what waits, for what and since when; what is under way; who was refused and who passed all the same. */
import { z } from "zod";
import { LedgerError } from "../../../errors.ts";
import { clusterName } from "../../../events/fields/fields.ts";
import { html } from "../../../reports/html/html.ts";
import { emptyLedger } from "../../frame/empty-ledger.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { boardPanel } from "./board-panel.ts";
import type { ColumnId } from "./board-rows.ts";
import { columns } from "./board-rows.ts";
import { calendarPanel } from "./calendar-panel.ts";
import { costsPanel } from "./costs-panel.ts";
import { familiesPanel } from "./families-panel.ts";
import { rolloutsHeadline } from "./headline.ts";
import { listPanel } from "./list-panel.ts";
import { coTestsPanel } from "./co-tests-panel.ts";
import { planPanel } from "./plan-panel.ts";
import { refusalsPanel, violationsPanel } from "./refusals-panel.ts";

const columnIds = columns.map(({ id }) => id);

export const rolloutsPage: PageDefinition = {
  path: "/rollouts",
  place: "rollouts",
  filters: { cluster: clusterName.optional(), state: z.enum(columnIds).optional() },
  title: () => "Rollouts",
  panels: (context) => {
    if (context.stand.sequence === 0) return { empty: () => emptyLedger(context) };
    checkCluster(context);
    const { state } = context.filters;
    // The page's own schema has taken it for a column.
    const column = state as ColumnId | undefined;
    return {
      headline: () => rolloutsHeadline(context),
      board: () => (column === undefined ? boardPanel(context) : listPanel(context, column)),
      calendar: () => calendarPanel(context),
      costs: () => costsPanel(context),
      families: () => familiesPanel(context),
      "co-tests": () => coTestsPanel(context),
      plan: () => planPanel(context),
      refusals: () => refusalsPanel(context),
      violations: () => violationsPanel(context),
    };
  },
  layout: (panels) => {
    const { refusals, violations, ...others } = panels;
    return html`${Object.values(others)}
      <div class="columns">${refusals} ${violations}</div>`;
  },
};

function checkCluster({ clusters, filters, stand }: PageContext): void {
  const { cluster } = filters;
  if (cluster === undefined || clusters.includes(cluster)) return;
  throw new LedgerError(
    "not-found",
    `No fact that holds at sequence ${stand.sequence} names a cluster "${cluster}".`,
  );
}
