/** Each cluster's main figures of its last full month, at both positions, with the difference. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import { defaultPeriod } from "../../../reports/default-period.ts";
import { documentOf } from "../../../reports/restated/restate.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { isRefusedFigure } from "../../cluster/cluster-facts.ts";
import { periodWords } from "../../cluster/period-switch.ts";
import type { MainFigure } from "../reports/main-figures.ts";
import { changeText, mainFigures, mainText } from "../reports/main-figures.ts";
import { spanOf } from "./change-span.ts";
import { pathSegment } from "../../../path-segment.ts";
import { listTable } from "../../tables/list-table.ts";

interface Compared {
  readonly period: string;
  /** `null` if there was no report of the period yet. */
  readonly before: SlaDocument | null;
  readonly after: SlaDocument | null;
}

export async function figuresPanel(context: PageContext): Promise<Html> {
  const { from, to } = spanOf(context);
  const title = "Figures of the last full month";
  const parts: Html[] = [];
  for (const cluster of context.clusters) parts.push(await clusterPart(context, cluster));
  if (parts.length === 0)
    return panel("figures", { title, body: empty("No cluster is known at the later position.") });
  const diff = context.api("/v1/audit/diff", { from: String(from), to: String(to) });
  return panel("figures", {
    title,
    note: `at #${whole(from)} and at #${whole(to)}`,
    tools: html`<a href="${diff}" download="changes.json">Every figure with its events (JSON)</a>`,
    body: html`<div class="compared">${parts}</div>`,
  });
}

async function clusterPart(context: PageContext, cluster: string): Promise<Html> {
  const name = html`<h3>
    <a href="${context.link(`/clusters/${pathSegment(cluster)}`)}">${cluster}</a>
  </h3>`;
  let compared: Compared | null;
  try {
    compared = await comparedOf(context, cluster);
  } catch (error) {
    if (!isRefusedFigure(error)) throw error;
    return html`<section>
      ${name}
      <p class="problem">No figures: ${error.message}</p>
    </section>`;
  }
  if (compared === null)
    return html`<section>
      ${name}
      <p class="sub">no figures yet</p>
    </section>`;
  const { period, before, after } = compared;
  const source = context.api("/v1/sla", { cluster, period });
  const { from, to } = spanOf(context);
  return html`<section>
    ${name}
    ${listTable({ title: `Figures of ${cluster}`, caption: `Figures of ${cluster}`, source, heads: [after === null ? period : periodWords(after.period), { title: `#${whole(from)}`, kind: "number" }, { title: `#${whole(to)}`, kind: "number" }, { title: "Difference", kind: "number" }], rows: mainFigures.map((main) => comparedRow(main, before, after)) })}
  </section>`;
}

function comparedRow(
  main: MainFigure,
  before: SlaDocument | null,
  after: SlaDocument | null,
): Html {
  const was = before === null ? null : main.of(before);
  const is = after === null ? null : main.of(after);
  return html`<tr class="${was === is ? "" : "differs"}">
    <th scope="row">${main.title}</th>
    <td class="number">${before === null ? "–" : mainText(main, was)}</td>
    <td class="number">${after === null ? "–" : figure(main.path, is, mainText(main, is))}</td>
    <td class="number">${changeText(main, was, is)}</td>
  </tr>`;
}

async function comparedOf(context: PageContext, cluster: string): Promise<Compared | null> {
  const { from, to } = spanOf(context);
  const period = await context.once("last full month", cluster, (view) =>
    oneStep(() => defaultPeriod(view)?.label ?? null),
  );
  if (period === null) return null;
  return await context.shared(`${cluster} ${period} since ${from}`, async () => {
    const compared = { cluster, period, from, to };
    return {
      period,
      before: await documentOf(context.ledger, compared, from),
      after: await documentOf(context.ledger, compared, to),
    };
  });
}
