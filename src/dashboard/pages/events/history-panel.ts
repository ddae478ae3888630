/** A fact's history: the statement, and every correction and retraction that amends it, at any depth, with its effect. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { eventJson } from "../../../answers/event-json.ts";
import { parseInstant } from "../../../../projections/time/instant.ts";
import { counted, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { panel } from "../../frame/panel.ts";
import { secondText, timeHtml } from "../../frame/times.ts";
import { eventFacts } from "./event-facts.ts";
import { effectHtml } from "./fact-effect.ts";
import { listTable } from "../../tables/list-table.ts";

export async function historyPanel(context: PageContext): Promise<Html> {
  const { event, amendedBy, history } = await eventFacts(context);
  const events = [eventJson(event), ...amendedBy];
  const sequences = new Map(events.map(({ id, sequence }) => [id, sequence]));
  const { zone, stand } = context;
  const rows = events.map((each, i) => {
    const target = "eventId" in each.data ? String(each.data.eventId).toLowerCase() : "";
    const amended = i === 0 ? undefined : sequences.get(target);
    const recorded = parseInstant(each.recordedAt) ?? 0;
    const who = [each.actor, each.reason].filter((part) => part !== undefined).join(": ");
    return html`<tr>
      <th scope="row" class="mono">
        <a href="${context.link(`/events/${each.id}`)}">${whole(each.sequence)}</a>
      </th>
      <td>${each.type}${amended !== undefined && html` of ${whole(amended)}`}</td>
      <td>${timeHtml(recorded, secondText(recorded, zone, stand.at))}</td>
      <td class="wrap">${who}</td>
      <td class="wrap">${effectHtml(history[i - 1], history[i], zone)}</td>
    </tr>`;
  });
  return panel("history", {
    title: "History",
    note:
      amendedBy.length === 0
        ? "nothing amends it"
        : `${counted(amendedBy.length, "amendment")}; each says what it changed`,
    body: listTable({
      title: "History",
      caption: "The statement, and every correction and retraction that amends it, at any depth",
      heads: ["Sequence", "Event", "Recorded", "Actor and reason", "Effect on the fact"],
      rows,
    }),
  });
}
