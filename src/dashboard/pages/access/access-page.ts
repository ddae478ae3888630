/** `/access`: who may do what with this ledger: the keys, their roles and clusters, who issued and who revoked them. */
import type { ListedKey } from "../../../access/list.ts";
import { listKeys } from "../../../access/list.ts";
import { instantMs } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { bare, empty, panel } from "../../frame/panel.ts";
import { listTable } from "../../tables/list-table.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";

export const accessPage: PageDefinition = {
  path: "/access",
  place: "audit",
  title: () => "Access",
  panels: (context) => ({
    headline: () => headline(context),
    keys: () => keysPanel(context),
  }),
};

function keysAt(context: PageContext): Promise<readonly ListedKey[]> {
  const { ledger, stand } = context;
  return context.shared("keys", () =>
    listKeys(ledger, { upTo: stand.sequence, nowMs: stand.at ?? ledger.nowMs() }),
  );
}

async function headline(context: PageContext): Promise<Html> {
  const keys = await keysAt(context);
  const holding = keys.filter(({ state }) => state === "in-force").length;
  const sentence =
    keys.length === 0
      ? "There are no keys: whoever reaches this ledger may read and write everything."
      : `${counted(holding, "key")} ${holding === 1 ? "is" : "are"} in force${holding === keys.length ? "" : `; ${keys.length - holding} revoked or expired`}.`;
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>Access</h1>
        <p class="sentence">${sentence}</p>
      </div>
      <nav class="links" aria-label="Access">
        <a href="${context.link("/audit/events", { stream: "ledger-keys" })}">Events about keys</a>
        <a href="/login">Log in with another key</a>
      </nav>`,
  );
}

async function keysPanel(context: PageContext): Promise<Html> {
  const keys = await keysAt(context);
  if (keys.length === 0) {
    const command = "fleetledger access add NAME --role admin";
    return panel("keys", { title: "Keys", body: empty("The first key is an admin's:", command) });
  }
  return panel("keys", {
    title: "Keys",
    note: "in the order in which they were issued; the keys themselves are kept nowhere",
    body: listTable({
      title: "Keys",
      heads: [
        "Name",
        "Key",
        "State",
        "Roles",
        "Clusters",
        "Issued",
        "By",
        "Ends",
        "Revoked by",
        "Reason",
      ],
      rows: keys.map((key) => keyRow(context, key)),
    }),
  });
}

const stateWords = { "in-force": "in force", revoked: "revoked", expired: "expired" };

function keyRow(context: PageContext, key: ListedKey): Html {
  const shown = (instant: string | null) =>
    instant === null
      ? ""
      : timeHtml(
          instantMs(instant),
          minuteText(instantMs(instant), context.zone, context.stand.at),
        );
  return html`<tr>
    <th scope="row">${key.name}</th>
    <td><code>${key.key}</code></td>
    <td>${stateWords[key.state]}</td>
    <td>${key.roles.join(", ")}</td>
    <td>${key.clusters.includes("*") ? "all" : key.clusters.join(", ")}</td>
    <td>${shown(key.issuedAt)}</td>
    <td>${key.issuedBy ?? ""}</td>
    <td>${shown(key.endsAt)}</td>
    <td>${key.revokedBy ?? ""}</td>
    <td>${key.reason ?? ""}</td>
  </tr>`;
}
