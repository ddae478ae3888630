/** What no-fly zones cost in the weeks that the calendar looks back. */
import { type NfzCostAnswer, nfzCostAnswer } from "../../../answers/nfz/cost.ts";
import { calendarWeeks } from "../../../limits/pages.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { weeksAround } from "../../charts/week-calendar.ts";
import { countFigure, durationFigure, figure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { shownClusters } from "./board-rows.ts";
import { whenHtml, zoneHref } from "./words.ts";
import { listTable } from "../../tables/list-table.ts";

interface ClusterCost {
  readonly cluster: string;
  readonly cost: NfzCostAnswer;
  /** The address of the same cost. */
  readonly source: string;
}

/** From the calendar's first week up to what the ledger knows; `null` where it knows nothing of that time. */
async function costOf(context: PageContext, cluster: string): Promise<ClusterCost | null> {
  const { ledger, stand, zone } = context;
  const { sequence, at } = stand;
  const head = ledger.view(cluster, sequence).headRecordedAt;
  const [first] = weeksAround(at ?? 0, zone.offsets, calendarWeeks);
  if (at === null || head === null || first === undefined) return null;
  const window = { from: first.from, to: Math.min(at, head) };
  if (window.from >= window.to) return null;
  const cost = await context.shared(`nfz cost ${cluster} ${window.from} ${window.to}`, () =>
    nfzCostAnswer(ledger, { cluster, sequence, ...window }),
  );
  const asked = { cluster, from: formatInstant(window.from), to: formatInstant(window.to) };
  return { cluster, cost, source: context.api("/v1/nfz/cost", asked) };
}

const title = "What zones cost";

export async function costsPanel(context: PageContext): Promise<Html> {
  const found = await Promise.all(shownClusters(context).map((each) => costOf(context, each)));
  const costs = found.flatMap((each) => each ?? []).filter(({ cost }) => cost.nfzs.length > 0);
  const note = `in the last ${calendarWeeks.past} weeks and this one`;
  if (costs.length === 0)
    return panel("costs", { title, note, body: empty("No zone was in force in this time.") });
  const [only] = costs;
  return panel("costs", {
    title,
    note,
    ...(costs.length === 1 && only !== undefined ? { csv: `${only.source}&format=csv` } : {}),
    body: html`<div class="scroll tall" role="region" tabindex="0" aria-label="${title}, table">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Zone</th>
            <th scope="col">Cluster</th>
            <th scope="col" class="number">In force</th>
            <th scope="col" class="number">Rollouts blocked for</th>
            <th scope="col" class="number">By it alone</th>
          </tr>
        </thead>
        ${costs.map((each) => rowsOf(context, each))}
      </table>
    </div>`,
  });
}

function rowsOf(context: PageContext, { cluster, cost, source }: ClusterCost): Html {
  return html`<tbody data-source="${source}">
    ${cost.nfzs.map(({ nfz, ...sums }, i) => costRow(context, { cluster, nfz, index: i, ...sums }))}
    <tr>
      <th scope="row">any zone</th>
      <td>${cluster}</td>
      <td class="number">${durationFigure("inForceMs", cost.inForceMs)}</td>
      <td class="number">${durationFigure("blockedMs", cost.blockedMs)}</td>
      <td></td>
    </tr>
  </tbody>`;
}

interface CostRow {
  readonly cluster: string;
  readonly nfz: string;
  readonly index: number;
  readonly inForceMs: number;
  readonly blockedMs: number;
  readonly aloneMs: number;
}

function costRow(context: PageContext, row: CostRow): Html {
  const { cluster, nfz, index } = row;
  const duration = (name: "inForceMs" | "blockedMs" | "aloneMs") =>
    html`<td class="number">${durationFigure(`nfzs.${index}.${name}`, row[name])}</td>`;
  return html`<tr>
    <th scope="row"><a class="mono" href="${zoneHref(context, cluster, nfz)}">${nfz}</a></th>
    <td>${cluster}</td>
    ${duration("inForceMs")} ${duration("blockedMs")} ${duration("aloneMs")}
  </tr>`;
}

/** Of one zone: what it cost, and what came when the zones of its cluster ended. */
export async function zoneCostPanel(
  context: PageContext,
  { cluster, nfz }: { readonly cluster: string; readonly nfz: string },
): Promise<Html> {
  const found = await costOf(context, cluster);
  const name = "What it cost";
  const note = `in the last ${calendarWeeks.past} weeks and this one`;
  const index = found?.cost.nfzs.findIndex((each) => each.nfz === nfz) ?? -1;
  const own = found?.cost.nfzs[index];
  if (found === null || own === undefined)
    return panel("cost", { title: name, note, body: empty("It was not in force in this time.") });
  const { cost, source } = found;
  const duration = (path: "inForceMs" | "blockedMs" | "aloneMs") =>
    durationFigure(`nfzs.${index}.${path}`, own[path]);
  return panel("cost", {
    title: name,
    note,
    csv: `${source}&format=csv`,
    body: html`<dl class="facts" data-source="${source}">
        <dt>In force</dt>
        <dd>${duration("inForceMs")}</dd>
        <dt>Rollouts blocked for</dt>
        <dd>${duration("blockedMs")}, ${duration("aloneMs")} of it by this zone alone</dd>
        <dt>Fixes late</dt>
        <dd>
          ${figure("deadlinesMissed.length", cost.deadlinesMissed.length, String(cost.deadlinesMissed.length))}
          security or emergency updates were blocked at their deadline, by any zone
        </dd>
        <dt>Passed</dt>
        <dd>
          ${countFigure("overrides", cost.overrides)} overrides,
          ${countFigure("fastPathStarts", cost.fastPathStarts)} fast-path starts,
          ${countFigure("violations", cost.violations)} violations, of any zone
        </dd>
      </dl>
      ${thaws(context, found)}`,
  });
}

function thaws(context: PageContext, { cost, source }: ClusterCost): Html | null {
  if (cost.thaws.length === 0) return null;
  const last = cost.thaws.length - 1;
  return html`<h3 class="sub-title">
      When zones ended: in the day after, and in the day before they began
    </h3>
    ${listTable({ title: "Thaws of the cluster", source, heads: ["Ended", { title: "Released", kind: "number" }, { title: "Started", kind: "number" }, { title: "Interruptions", kind: "number" }, { title: "Faults on their nodes", kind: "number" }], rows: cost.thaws.toReversed().map((each, i) => thawRow(context, each, last - i)) })}`;
}

function thawRow(context: PageContext, thaw: NfzCostAnswer["thaws"][number], i: number): Html {
  const pair = (name: "released" | "started" | "interruptions" | "faults") =>
    html`<td class="number">
      ${countFigure(`thaws.${i}.after.${name}`, thaw.after[name])}
      <span class="sub"
        >(${countFigure(`thaws.${i}.before.${name}`, thaw.before[name])} before)</span
      >
    </td>`;
  return html`<tr>
    <th scope="row">${whenHtml(context, Date.parse(thaw.at))}</th>
    ${pair("released")} ${pair("started")} ${pair("interruptions")} ${pair("faults")}
  </tr>`;
}
