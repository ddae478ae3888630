/** `/audit`: what the history is signed with, how far, what does not fit in it, and where to look further. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { periodSwitch } from "../../cluster/period-switch.ts";
import { aDayBefore } from "../changes/change-span.ts";
import { checkpointPanel } from "./checkpoint-panel.ts";
import { findingsPanel } from "./findings-panel.ts";
import { agoText, lastSeals, sealsPanel } from "./seals-panel.ts";

export const auditPage: PageDefinition = {
  path: "/audit",
  place: "audit",
  title: () => "Audit",
  panels: (context) => ({
    headline: () => headline(context),
    checkpoint: () => checkpointPanel(context),
    seals: () => sealsPanel(context),
    findings: () => findingsPanel(context),
  }),
  layout: ({ headline: top, checkpoint, seals, findings }) =>
    html`${top}
      <div class="columns">${checkpoint} ${seals}</div>
      ${findings}`,
};

const ofAdmins = [
  ["/sources", "Sources"],
  ["/webhooks", "Webhooks"],
  ["/access", "Access"],
] as const;

async function headline(context: PageContext): Promise<Html> {
  const { clusters, reader } = context;
  const [seal] = await lastSeals(context);
  const changes = (from: number) =>
    context.link("/audit/changes", { "from-sequence": String(from) });
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>Audit</h1>
        <p class="sentence">${await sentence(context)}</p>
        ${await periodSwitch(context, clusters[0] ?? null)}
      </div>
      <nav class="links" aria-label="Audit">
        <a href="${context.link("/audit/events")}">Event log</a>
        <a href="${changes(aDayBefore(context))}">What changed in the last 24 hours</a>
        ${seal !== undefined && html`<a href="${changes(seal.sequence)}">What changed since the last seal</a>`}
        <a href="${context.link("/reports")}">Issued reports</a>
        ${ofAdmins.filter(([path]) => reader.may("GET", path)).map(([path, words]) => html`<a href="${context.link(path)}">${words}</a> `)}
      </nav>`,
  );
}

async function sentence(context: PageContext): Promise<string> {
  const { stand, audit } = context;
  const [seal] = await lastSeals(context);
  const all = counted(stand.sequence, "event");
  if (seal === undefined) {
    return audit.signer === null
      ? `${all}; nothing is sealed: the ledger is served without a key.`
      : `${all}; nothing is sealed yet.`;
  }
  const after = stand.sequence - seal.sequence;
  const age = stand.at === null ? "" : `, ${agoText(stand.at - seal.recordedAt)}`;
  return `${all}; sealed up to #${seal.size.toLocaleString("en-GB")}${age}; ${counted(after, "event")} since.`;
}
