/** `/audit/changes`: what was recorded between two positions, and what it did to the figures. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { ledgerTime } from "../../../answers/asked-instant.ts";
import { counted, whole } from "../../frame/figures.ts";
import { emptyLedger } from "../../frame/empty-ledger.ts";
import { keptFields } from "../../frame/kept-fields.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { secondText, timeHtml } from "../../frame/times.ts";
import { sequenceText } from "../../cluster/sequence-text.ts";
import { amendmentsPanel } from "./amendments-panel.ts";
import { spanOf } from "./change-span.ts";
import { countedChanges } from "./counted-changes.ts";
import { countsPanel } from "./counts-panel.ts";
import { figuresPanel } from "./figures-panel.ts";
import { latePanel } from "./late-panel.ts";

export const changesPage: PageDefinition = {
  path: "/audit/changes",
  place: "audit",
  filters: { "from-sequence": sequenceText.optional() },
  title: () => "What changed",
  panels: (context) => {
    if (context.stand.sequence === 0) return { empty: () => emptyLedger(context) };
    // A span that runs backwards is refused for the page as a whole.
    spanOf(context);
    return {
      headline: () => headline(context),
      figures: () => figuresPanel(context),
      amendments: () => amendmentsPanel(context),
      late: () => latePanel(context),
      counts: () => countsPanel(context),
    };
  },
};

async function headline(context: PageContext): Promise<Html> {
  const { written } = context;
  const { from, to } = spanOf(context);
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>What changed</h1>
        <p class="sentence">${await sentence(context)}</p>
      </div>
      <form class="panel filters" method="get" action="/audit/changes" aria-label="Two positions">
        <label
          >From sequence <input name="from-sequence" inputmode="numeric" value="${from}"
        /></label>
        <label>to <input name="asOf" inputmode="numeric" value="${to}" /></label>
        ${keptFields(written, ["from-sequence", "asOf", "asOfTime"])}
        <button type="submit">Compare</button>
        <a href="${context.link("/audit/events", { sequence: String(to) })}">In the event log</a>
      </form>`,
  );
}

async function sentence(context: PageContext): Promise<Html> {
  const { from, to } = spanOf(context);
  const changes = await countedChanges(context);
  const all = counted(to - from, "event");
  const amended =
    changes === null
      ? null
      : html`:
        ${counted(changes.amendments.count, "correction or retraction", "corrections and retractions")},
        ${counted(changes.late.count, "fact")} told late`;
  return html`${all} between ${position(context, from)} and ${position(context, to)}${amended}`;
}

/** With its date and year: two positions may lie years apart. */
function position({ ledger, zone }: PageContext, sequence: number): Html {
  const at = ledgerTime(ledger, sequence);
  const when = at === null ? "the beginning" : timeHtml(at, secondText(at, zone, null));
  return html`#${whole(sequence)} (${when})`;
}
