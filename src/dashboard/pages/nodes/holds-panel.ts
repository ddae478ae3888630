/** Nodes onto which no work may be scaled: why, and until when. */
import { instantMs, parseInstant } from "../../../../projections/time/instant.ts";
import {
  type UnschedulableReason,
  unschedulableReasons,
} from "../../../../projections/nodes/schedulable.ts";
import { type Standing, eventHistory } from "../../../answers/event-history.ts";
import { type ScaleHoldsAnswer, scaleHoldsAnswer } from "../../../answers/holds/schedulable.ts";
import type { StoredEvent } from "../../../events/envelope.ts";
import { pathSegment } from "../../../path-segment.ts";
import { maxListRows } from "../../../limits/requests.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { countFigure, counted, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";
import { listTable } from "../../tables/list-table.ts";

type Hold = ScaleHoldsAnswer["holds"][number];

const shown = 12;

/** The colour of the state that a reason is about. */
const swatches: Readonly<Record<UnschedulableReason, string>> = {
  "not-a-member": "kept",
  down: "down",
  "under-maintenance": "maint",
  unobserved: "unknown",
  "maintenance-imminent": "maint",
};

const words: Readonly<Record<UnschedulableReason, string>> = {
  "not-a-member": "not a member",
  down: "down",
  "under-maintenance": "under maintenance",
  unobserved: "unobserved",
  "maintenance-imminent": "maintenance imminent",
};

export async function holdsPanel(context: PageContext, cluster: string): Promise<Html> {
  const { ledger, stand } = context;
  const { sequence, at } = stand;
  const title = "Nodes not to scale onto";
  const answer = await context.shared(`scale holds of ${cluster}`, () =>
    scaleHoldsAnswer(ledger, { cluster, sequence, at }, { after: undefined, limit: maxListRows }),
  );
  if (answer.total === 0) {
    const body = empty("Work may be scaled onto every node: each is up, observed, and stays so.");
    return panel("holds", { title, body });
  }
  const source = context.api("/v1/scale-holds", { cluster }, "at");
  const rows = answer.holds.slice(0, shown);
  const rest = answer.total - rows.length;
  return panel("holds", {
    title,
    note: html`<span data-source="${source}"
      >${countFigure("total", answer.total)} ${answer.total === 1 ? "node" : "nodes"}:
      ${reasonCounts(answer)}</span
    >`,
    csv: context.api("/v1/scale-holds", { cluster, format: "csv" }, "at"),
    body: html`${listTable({ title, heads: ["Node", "Why, and until when"], rows: rows.map((each) => line(context, each)) })}
    ${rest > 0 && html`<p class="more">${counted(rest, "further node")} in the CSV</p>`}`,
  });
}

function reasonCounts({ byReason }: ScaleHoldsAnswer): Html {
  const found = unschedulableReasons.filter((reason) => byReason[reason] > 0);
  return html`${found.map(
    (reason, i) =>
      html`${i > 0 && ", "}${countFigure(`byReason.${reason}`, byReason[reason])} ${words[reason]}`,
  )}`;
}

function line(context: PageContext, { cluster, node, reasons, until }: Hold): Html {
  const { stand, zone } = context;
  const href = context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`);
  const end = until === null ? null : (parseInstant(until) ?? 0);
  return html`<tr>
    <th scope="row"><a href="${href}">${node}</a></th>
    <td class="wrap">
      ${reasons.map((each) => html`<span class="reason"><i class="swatch ${swatches[each]}"></i>${words[each]}</span> `)}
      <span class="sub"
        >${end === null ? "until when is not known" : html`until ${timeHtml(end, minuteText(end, zone, stand.at))}`}</span
      >
    </td>
  </tr>`;
}

/** The scale requests that were denied last, as their records stand: some may be corrected, or retracted. */
export async function denialsPanel(context: PageContext, cluster: string): Promise<Html> {
  const { ledger, stand } = context;
  const title = "Denied scale requests";
  const asked = { type: "NodeScaleDenied", cluster } as const;
  const denials = await context.shared(`denials of ${cluster}`, async () => {
    const range = { after: 0, upTo: stand.sequence, limit: shown, order: "desc" } as const;
    const events = await ledger.store.query({ ...asked, ...range });
    return await Promise.all(
      events.map(async (event) => {
        const { standing } = await eventHistory(ledger.store, event, stand.sequence);
        return { event, ...standing };
      }),
    );
  });
  if (denials.length === 0) {
    const body = empty(
      "No scale request was denied. The ledger answers one, and records what it denies:",
      "fleetledger scale request --cluster NAME --nodes n[1-4] --actor YOU",
    );
    return panel("denials", { title, body });
  }
  const log = context.link("/audit/events", { ...asked, page: null });
  return panel("denials", {
    title,
    note: html`the last ${whole(denials.length)} · <a href="${log}">all in the log</a>`,
    csv: context.api("/v1/events", { ...asked, format: "csv" }),
    body: listTable({
      title,
      heads: ["When", "Node", "Why", "Who asked"],
      rows: denials.map((each) => denialLine(context, cluster, each)),
    }),
  });
}

interface Denial extends Standing {
  readonly event: StoredEvent;
}

function denialLine(context: PageContext, cluster: string, denial: Denial): Html {
  const { stand, zone } = context;
  const { event, retracted, data } = denial;
  const occurredAt = instantMs(denial.occurredAt);
  const { node, reasons = [] } = data as { node: string; reasons?: readonly string[] };
  const when = timeHtml(occurredAt, minuteText(occurredAt, zone, stand.at));
  const href = context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`);
  const why = reasons.map(reasonWords).join(", ");
  return html`<tr>
    <th scope="row"><a href="${context.link(`/events/${event.id}`)}">${when}</a></th>
    <td><a href="${href}">${node}</a></td>
    <td class="wrap">${retracted ? html`<del>${why}</del> retracted` : why}</td>
    <td>${event.attribution.actor}</td>
  </tr>`;
}

/** Others may state reasons of their own. */
function reasonWords(reason: string): string {
  const known = unschedulableReasons.find((each) => each === reason);
  return known === undefined ? reason : words[known];
}
