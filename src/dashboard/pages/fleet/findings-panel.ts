/** Facts that did not fit: kept, without an effect on any figure, and to be mended by whoever sent them. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { countFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { findingTable } from "../../tables/finding-table.ts";
import type { ClusterFindings } from "./findings.ts";
import { findingsOf } from "./findings.ts";

const shown = 10;

export async function findingsPanel(context: PageContext): Promise<Html> {
  const { at } = context.stand;
  const title = "Facts that did not fit";
  const parts: ClusterFindings[] = [];
  if (at !== null) {
    for (const cluster of context.clusters)
      parts.push(await context.once("findings", cluster, (view) => findingsOf(view, at)));
  }
  const all = parts
    .flatMap(({ cluster, found }) => found.map((each) => ({ cluster, ...each })))
    .sort((a, b) => b.at - a.at);
  if (all.length === 0) {
    return panel("findings", { title, body: empty("Every fact of the running month fits.") });
  }
  const counts = parts.filter(({ found }) => found.length > 0).map((part) => count(context, part));
  return panel("findings", {
    title,
    note: html`in the running month; they are kept, and change no figure. All of them:
    ${counts.map((each, i) => html`${i > 0 && ", "}${each}`)}`,
    body: findingTable(context, {
      title,
      findings: all
        .slice(0, shown)
        .map(({ kind, at: occurredAt, factId, subject, name, cluster }) => ({
          kind,
          at: occurredAt,
          factId,
          of: { name: `${subject} ${name}`, cluster },
        })),
    }),
  });
}

function count(context: PageContext, { cluster, found, period }: ClusterFindings): Html {
  const source = context.api("/v1/data-quality", { cluster, period });
  return html`<a href="${source}" data-source="${source}"
    >${cluster} ${countFigure("total", found.length)}</a
  >`;
}
