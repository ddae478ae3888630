/** How many events of each type and cluster were recorded between two positions. */
import { maxCountedChanges } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { spanOf } from "./change-span.ts";
import { countedChanges, noCluster } from "./counted-changes.ts";

export async function countsPanel(context: PageContext): Promise<Html> {
  const { from, to } = spanOf(context);
  const title = "Events by type";
  const changes = await countedChanges(context);
  if (changes === null) return panel("counts", { title, body: tooMany(to - from) });
  if (changes.counts.size === 0)
    return panel("counts", { title, body: empty("Nothing was recorded between the two.") });
  const rows = [...changes.counts].map(([type, byCluster]) => {
    const sum = [...byCluster.values()].reduce((a, b) => a + b, 0);
    return { type, byCluster, sum };
  });
  rows.sort((a, b) => b.sum - a.sum);
  const names = changes.clusters.map((cluster) => (cluster === noCluster ? "no cluster" : cluster));
  return panel("counts", {
    title,
    body: html`<div class="scroll" role="region" aria-label="${title}, as a table" tabindex="0">
      <table>
        <caption class="hidden">
          Events between the two positions, by type and cluster
        </caption>
        <thead>
          <tr>
            <th scope="col">Type</th>
            ${names.map((name) => html`<th scope="col" class="number">${name}</th>`)}
            <th scope="col" class="number">All</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ type, byCluster, sum }) =>
              html`<tr>
                <th scope="row">
                  <a href="${context.link("/audit/events", { type })}">${type}</a>
                </th>
                ${changes.clusters.map((cluster) => html`<td class="number">${whole(byCluster.get(cluster) ?? 0)}</td>`)}
                <td class="number"><b>${whole(sum)}</b></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`,
  });
}

function tooMany(events: number): Html {
  return empty(
    `There are ${whole(events)} events between the two: more than the ${whole(maxCountedChanges)} that are counted here. Choose positions that are nearer to each other.`,
  );
}
