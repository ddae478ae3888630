/** The events that made a restated report differ, in words. */
import type { StoredEvent } from "../../../events/envelope.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { logTable } from "../events/log-table.ts";
import { restatedOf, restatedSource } from "./restated-facts.ts";

const shown = 100;

export async function causesPanel(context: PageContext): Promise<Html> {
  const { answer } = await restatedOf(context);
  const title = "Events that made the differences";
  const { events } = answer;
  if (events.length === 0) {
    const isTime = answer.differences.some(({ byLedgerTime }) => byLedgerTime);
    return panel("causes", {
      title,
      body: empty(isTime ? "None: only time went on." : "None: nothing differs."),
    });
  }
  const found = await context.ledger.store.findByIds(events.slice(0, shown).map(({ id }) => id));
  return panel("causes", {
    title,
    note: `${counted(events.length, "event")}, by sequence${events.length > shown ? `; the first ${shown}` : ""}`,
    body: html`<div
      class="log-box"
      role="region"
      aria-label="${title}, as a table"
      tabindex="0"
      data-source="${restatedSource(context)}"
    >
      ${logTable(context, title, found satisfies readonly StoredEvent[], (i) => `events.${i}`)}
    </div>`,
  });
}
