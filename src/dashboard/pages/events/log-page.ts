/** `/audit/events`: every event of the ledger by sequence, filtered by its address. */
import { z } from "zod";
import type { EventType } from "../../../events/catalogue.ts";
import { definitionOf, eventTypes } from "../../../events/catalogue.ts";
import { clusterName } from "../../../events/fields/fields.ts";
import { maxNameLength } from "../../../limits/events.ts";
import { defaultPageSize } from "../../../limits/requests.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted, whole } from "../../frame/figures.ts";
import { withoutFacts } from "../../frame/empty-ledger.ts";
import { keptFields } from "../../frame/kept-fields.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { bare, empty, panel } from "../../frame/panel.ts";
import type { LogPage } from "./log-query.ts";
import { isAscending, logPage, logSource } from "./log-query.ts";
import { logTable } from "./log-table.ts";
import { sequenceText } from "../../cluster/sequence-text.ts";

const orders = { desc: "newest first", asc: "oldest first" } as const;

export const eventLogPage: PageDefinition = {
  path: "/audit/events",
  place: "audit",
  filters: {
    type: z.enum(eventTypes).optional(),
    cluster: clusterName.optional(),
    stream: z
      .string()
      .max(3 * maxNameLength)
      .optional(),
    order: z.enum(["asc", "desc"]).optional(),
    sequence: sequenceText.optional(),
  },
  title: () => "Event log",
  panels: (context) => ({
    filters: async () => filterForm(context),
    log: () => logPanel(context),
  }),
};

function filterForm(context: PageContext): Html {
  const { filters, query, clusters } = context;
  const own = ["type", "cluster", "stream", "order", "sequence", "from", "to"];
  const kinds = Map.groupBy(eventTypes, (type: EventType) => definitionOf(type).entity);
  const types = [...kinds].map(
    ([kind, list]) =>
      html`<optgroup label="${kind}">
        ${list.map((type) => option(type, type, filters["type"]))}
      </optgroup>`,
  );
  const instant = (ms: number | undefined) => (ms === undefined ? "" : formatInstant(ms));
  return bare(
    "filters",
    html`<div class="title-line">
        <h1>Event log</h1>
        <p class="sentence">
          ${whole(context.stand.sequence)} events, each as it was recorded; nothing is ever edited
        </p>
      </div>
      <form class="panel filters" method="get" action="/audit/events" aria-label="Which events">
        <label
          >Type
          <select name="type">
            ${option("", "all types", filters["type"] ?? "")} ${types}
          </select></label
        >
        <label
          >Cluster
          <select name="cluster">
            ${option("", "all clusters", filters["cluster"] ?? "")}
            ${clusters.map((name) => option(name, name, filters["cluster"]))}
          </select></label
        >
        <label class="wide"
          >Stream
          <input name="stream" value="${filters["stream"]}" placeholder="node-aurora:gpu0001" />
        </label>
        <label
          >Occurred from
          <input name="from" value="${instant(query.from)}" placeholder="2026-03-01T00:00:00Z" />
        </label>
        <label
          >until
          <input name="to" value="${instant(query.to)}" placeholder="2026-04-01T00:00:00Z" />
        </label>
        <label
          >Order
          <select name="order">
            ${Object.entries(orders).map(([value, words]) => option(value, words, filters["order"] ?? "desc"))}
          </select></label
        >
        ${keptFields(context.written, own)}
        <button type="submit">Show</button>
        ${own.some((name) => context.written.has(name)) && html`<a href="${context.link("/audit/events", { from: null, to: null })}">All events</a>`}
      </form>`,
  );
}

function option(value: string, words: string, chosen: string | undefined): Html {
  return html`<option value="${value}" ${value === chosen && { html: "selected" }}>
    ${words}
  </option>`;
}

async function logPanel(context: PageContext): Promise<Html> {
  const page = await logPage(context);
  const { events } = page;
  const title = `Events, ${orders[isAscending(context) ? "asc" : "desc"]}`;
  if (events.length === 0) {
    const body =
      context.stand.sequence > 0
        ? empty("No event matches. Take a filter away, or look at a later position.")
        : withoutFacts(context, "The ledger is empty: events appear here as they are sent.");
    return panel("log", { title, body });
  }
  const next = isAscending(context) ? page.newer : page.older;
  return panel("log", {
    title,
    note: `${counted(events.length, "event")} on this page`,
    csv: logSource(context, { format: "csv" }),
    body: html`<div
      data-island="event-log"
      data-island-key="log"
      data-next="${next === null ? "" : cursorLink(context, next)}"
      data-here="${cursorLink(context, events[0]?.sequence ?? "first")}"
      data-is-first="${context.filters["sequence"] === undefined ? "yes" : "no"}"
    >
      <div
        class="log-box"
        role="region"
        aria-label="${title}, as a table"
        tabindex="0"
        data-source="${logSource(context)}"
      >
        ${logTable(context, title, events, (i) => `events.${i}`)}
      </div>
      ${pageLinks(context, page)}
    </div>`,
  });
}

function pageLinks(context: PageContext, { older, newer }: LogPage): Html {
  return html`<p class="log-more">
    ${newer !== null && html`<a rel="next" href="${cursorLink(context, newer)}">${defaultPageSize} newer</a>`}
    ${older !== null && html`<a rel="prev" href="${cursorLink(context, older)}">${defaultPageSize} older</a>`}
    <span class="log-says" role="status"></span>
  </p>`;
}

function cursorLink(context: PageContext, cursor: number | "first"): string {
  return context.here({ sequence: cursor === "first" ? null : String(cursor) });
}
