/** Facts that were told late between two positions, the latest of them first. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { logTable } from "../events/log-table.ts";
import { countedChanges } from "./counted-changes.ts";

export async function latePanel(context: PageContext): Promise<Html> {
  const title = "Told late";
  const changes = await countedChanges(context);
  if (changes === null || changes.late.count === 0) {
    const words =
      changes === null
        ? "Too many events to look through: choose positions closer to each other."
        : "Every fact was told in time.";
    return panel("late", { title, body: empty(words) });
  }
  const { count, longest } = changes.late;
  return panel("late", {
    title,
    note: `${count > longest.length ? `the ${longest.length} latest of ${whole(count)}` : whole(count)}, longest delay first`,
    body: html`<div class="log-box" role="region" aria-label="${title}, as a table" tabindex="0">
      ${logTable(context, "Facts that were told late", longest)}
    </div>`,
  });
}
