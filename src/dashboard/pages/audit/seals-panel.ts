/** The ledger's seals: when each was made, over how many events, and how far behind the head it is now. */
import type { DataOf } from "../../../events/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText, minuteText, timeHtml } from "../../frame/times.ts";
import { listTable } from "../../tables/list-table.ts";

const shown = 12;

interface Seal {
  readonly id: string;
  readonly sequence: number;
  readonly recordedAt: number;
  /** Events under it. */
  readonly size: number;
}

/** The last seals at the position, the newest first. */
export function lastSeals(context: PageContext): Promise<readonly Seal[]> {
  const { ledger, stand } = context;
  return context.shared("seals", async () => {
    const found = await ledger.store.query({
      type: "LedgerSealed",
      after: 0,
      upTo: stand.sequence,
      order: "desc",
      limit: shown,
    });
    return found.map(({ id, sequence, recordedAt, data }) => ({
      id,
      sequence,
      recordedAt,
      size: (data as DataOf<"LedgerSealed">).size,
    }));
  });
}

export async function sealsPanel(context: PageContext): Promise<Html> {
  const seals = await lastSeals(context);
  const title = "Seals";
  const status = context.stand.isPast ? null : context.audit.sealing();
  if (seals.length === 0) {
    return panel("seals", {
      title,
      body: empty(
        "Nothing is sealed: whoever has the file can rewrite it unnoticed. A key seals it:",
        "fleetledger serve --key keys/ledger.key --seal-to /mnt/elsewhere/checkpoints",
      ),
    });
  }
  const limit = String(shown);
  const query = { type: "LedgerSealed", order: "desc", limit };
  return panel("seals", {
    title,
    note: "the newest first",
    csv: context.api("/v1/events", { ...query, format: "csv" }),
    tools: html`<a href="${context.link("/audit/events", { type: "LedgerSealed" })}">All seals</a>`,
    body: html`${status?.corruption !== null && status !== null && html`<p class="problem">Sealing has stopped: ${status.corruption}</p>`}
    ${status?.isBehind === true && html`<p class="problem">The witness does not have the last seal yet${status.lastError !== null && `: ${status.lastError}`}.</p>`}
    ${listTable({ title: "Seals", caption: "The last seals, the newest first", source: context.api("/v1/events", query), heads: ["Sealed", { title: "Events", kind: "number" }, { title: "Since then", kind: "number" }, { title: "Age", kind: "number" }], rows: seals.map((seal, i) => sealRow(context, seal, i)) })}`,
  });
}

function sealRow(context: PageContext, seal: Seal, i: number): Html {
  const { stand, zone } = context;
  const { id, recordedAt, size, sequence } = seal;
  const age = stand.at === null ? 0 : Math.max(0, stand.at - recordedAt);
  return html`<tr>
    <th scope="row">
      <a href="${context.link(`/events/${id}`)}"
        >${timeHtml(recordedAt, minuteText(recordedAt, zone, stand.at))}</a
      >
    </th>
    <td class="number">${figure(`events.${i}.data.size`, size, whole(size))}</td>
    <td class="number">${whole(stand.sequence - sequence)}</td>
    <td class="number">${agoText(age)}</td>
  </tr>`;
}

/** How long ago, to the minute. */
export function agoText(ageMs: number): string {
  return ageMs < 60_000 ? "just now" : `${durationText(ageMs)} ago`;
}
