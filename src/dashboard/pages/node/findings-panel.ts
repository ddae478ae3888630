/** Facts about a node that did not fit what the ledger knew. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";
import { nodeFacts } from "./node-facts.ts";

const shown = 100;

export async function findingsPanel(
  context: PageContext,
  cluster: string,
  node: string,
): Promise<Html> {
  const { findings } = (await nodeFacts(context, cluster, node)).timeline;
  const { zone, stand } = context;
  const title = "Facts that did not fit";
  if (findings.length === 0)
    return panel("findings", { title, body: empty("Every fact about it fits.") });
  const rows = findings
    .toReversed()
    .slice(0, shown)
    .map(
      ({ kind, at, factId }) =>
        html`<tr>
          <td>${timeHtml(at, minuteText(at, zone, stand.at))}</td>
          <th scope="row">${kind}</th>
          <td>
            <a class="mono" href="${context.link(`/events/${factId}`)}">${factId.slice(0, 8)}</a>
          </td>
        </tr>`,
    );
  return panel("findings", {
    title,
    note: counted(findings.length, "finding"),
    body: html`<div class="scroll" role="region" tabindex="0" aria-label="Table of findings">
      <table>
        <thead>
          <tr>
            <th scope="col">Occurred</th>
            <th scope="col">Finding</th>
            <th scope="col">Event</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`,
  });
}
