/** Facts that did not fit: kept, without an effect on any figure, and to be mended by whoever sent them. */
import { findingName, fixOf } from "../../../answers/finding-fixes.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { countFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";
import { listTable } from "../../tables/list-table.ts";
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
    note: html`in the running month; they are kept, and change no figure. All of them: ${counts}`,
    body: listTable({
      title,
      heads: ["Finding", "Of", "Cluster", "Occurred", { title: "How to fix it", kind: "fix" }],
      rows: all.slice(0, shown).map((each) => line(context, each)),
    }),
  });
}

function line(
  context: PageContext,
  each: ClusterFindings["found"][number] & { readonly cluster: string },
): Html {
  const { zone, stand } = context;
  return html`<tr>
    <th scope="row">
      <a href="${context.link(`/events/${each.factId}`)}">${findingName(each.kind)}</a>
    </th>
    <td class="member">${each.subject} ${each.name}</td>
    <td class="member">${each.cluster}</td>
    <td>${timeHtml(each.at, minuteText(each.at, zone, stand.at))}</td>
    <td class="fix sub">${fixOf(each.kind)}</td>
  </tr>`;
}

function count(context: PageContext, { cluster, found, period }: ClusterFindings): Html {
  const source = context.api("/v1/data-quality", { cluster, period });
  return html`<a href="${source}" data-source="${source}"
    >${cluster} ${countFigure("total", found.length)}</a
  > `;
}
