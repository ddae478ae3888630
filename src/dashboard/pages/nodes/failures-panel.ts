/** Faults of the window by cause, component, rack and SKU. */
import type { FaultGroup } from "../../../answers/lists/faults.ts";
import { maxListRows } from "../../../limits/requests.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { stackedBar } from "../../charts/bars.ts";
import { countFigure, counted, durationFigure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import type { Sorting } from "./table-links.ts";
import { sortedBy, sortHead, sortingOf } from "./table-links.ts";
import type { Grouping } from "./window-facts.ts";
import { faultsIn, groupsIn, windowIn } from "./window-facts.ts";
import { windowWords } from "./window-words.ts";

export const failureSorts = ["faults", "name", "open", "over", "mean", "median", "p90"] as const;
type FailureSort = (typeof failureSorts)[number];

const groupings = [
  ["cause", "By cause"],
  ["component", "By component"],
  ["rack", "By rack"],
  ["sku", "By SKU"],
] as const satisfies readonly (readonly [Grouping, string])[];

/** A group with its place in the answer of the interface. */
interface Row {
  readonly group: FaultGroup;
  readonly i: number;
}

const missingLast = (value: number | null) => value ?? -1;

const orders: Readonly<Record<FailureSort, (a: FaultGroup, b: FaultGroup) => number>> = {
  faults: (a, b) => b.faults - a.faults,
  name: (a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : 0),
  open: (a, b) => b.open - a.open,
  over: (a, b) => b.overTarget - a.overTarget,
  mean: (a, b) => missingLast(b.meanMs) - missingLast(a.meanMs),
  median: (a, b) => missingLast(b.medianMs) - missingLast(a.medianMs),
  p90: (a, b) => missingLast(b.p90Ms) - missingLast(a.p90Ms),
};

/** Rows shown at once; more are in a fold. */
const shown = 8;
const most = 200;

export async function failuresPanel(context: PageContext, cluster: string): Promise<Html> {
  const title = "Failures";
  const rows = await faultsIn(context, cluster);
  const window = await windowIn(context, cluster);
  const { label } = window;
  const words = windowWords(context, window);
  if (rows.length === 0)
    return panel("failures", { title, body: empty(`No fault was open or ended in ${words}.`) });
  const sorting = sortingOf(context.filters["sort"], "faults");
  const parts: Html[] = [];
  for (const [grouping, heading] of groupings) {
    const groups = await groupsIn(context, cluster, grouping);
    const source = { cluster, period: label, group: grouping, limit: String(maxListRows) };
    parts.push(
      html`<section aria-labelledby="h-by-${grouping}">
        <h3 id="h-by-${grouping}">
          ${heading}
          <a
            class="csv"
            href="${context.api("/v1/faults", { ...source, format: "csv" })}"
            download
            aria-label="Faults ${heading.toLowerCase()} as CSV"
            >CSV</a
          >
        </h3>
        ${groupTables(context, groups, sorting, {
          grouping,
          heading,
          source: context.api("/v1/faults", source),
        })}
      </section>`,
    );
  }
  return panel("failures", {
    title,
    note: `${counted(rows.length, "fault")} that ended in ${words} or are open at its end`,
    png: true,
    body: html`<div class="failure-tables">${parts}</div>
      <ul class="legend" aria-label="Bars">
        <li><i class="swatch spent"></i>ended</li>
        <li><i class="swatch down"></i>open</li>
      </ul>`,
  });
}

interface GroupTable {
  readonly grouping: Grouping;
  readonly heading: string;
  readonly source: string;
}

function groupTables(
  context: PageContext,
  groups: readonly FaultGroup[],
  sorting: Sorting,
  table: GroupTable,
): Html {
  const order = orders[sorting.column as FailureSort];
  const rows = sortedBy(
    groups.slice(0, maxListRows).map((group, i): Row => ({ group, i })),
    (a, b) => order(a.group, b.group),
    sorting.isReversed,
  );
  const largest = Math.max(...groups.map(({ faults }) => faults));
  const rest = rows.length - shown;
  const part = (some: readonly Row[], hasHead: boolean) =>
    html`<div
      class="scroll"
      role="region"
      tabindex="0"
      aria-label="Faults ${table.heading.toLowerCase()}${hasHead ? "" : ", further ones"}"
    >
      <table class="groups" data-source="${table.source}">
        ${heads(context, sorting, table, hasHead)}
        <tbody>
          ${some.map((row) => line(context, row, largest, table.grouping))}
        </tbody>
      </table>
    </div>`;
  return html`${part(rows.slice(0, shown), true)}
  ${
    rest > 0 &&
    html`<details>
      <summary>${counted(rest, "more", "more")}</summary>
      ${part(rows.slice(shown, most), false)}
      ${rows.length > most && html`<p class="more">The first ${whole(most)}; the CSV has all.</p>`}
    </details>`
  }`;
}

function heads(
  context: PageContext,
  sorting: Sorting,
  { grouping }: GroupTable,
  isSortable: boolean,
): Html {
  const numbers = [
    ["faults", "Faults"],
    ["open", "Open"],
    ["over", "Over target"],
    ["mean", "Mean"],
    ["median", "Median"],
    ["p90", "90 % within"],
  ] as const;
  const name =
    grouping === "sku" ? "SKU" : `${grouping.charAt(0).toUpperCase()}${grouping.slice(1)}`;
  if (!isSortable)
    return html`<thead class="hidden">
      <tr>
        <th scope="col">${name}</th>
        <th scope="col">Share</th>
        ${numbers.map(([, words]) => html`<th scope="col">${words}</th>`)}
      </tr>
    </thead>`;
  const head = { parameter: "sort", panel: "failures", sorting } as const;
  return html`<thead>
    <tr>
      ${sortHead(context, { ...head, column: "name", words: name, first: "ascending" })}
      <th scope="col"><span class="hidden">Share</span></th>
      ${numbers.map(([column, words]) => sortHead(context, { ...head, column, words, first: "descending", isNumber: true }))}
    </tr>
  </thead>`;
}

function line(context: PageContext, { group, i }: Row, largest: number, grouping: Grouping): Html {
  const { faults, open, overTarget, meanMs, medianMs, p90Ms } = group;
  const path = (name: keyof FaultGroup) => `groups.${i}.${name}`;
  const bar = stackedBar(
    [
      {
        kind: "spent",
        part: (faults - open) / largest,
        title: `${whole(faults - open)} ended`,
      },
      { kind: "down", part: open / largest, title: `${whole(open)} open` },
    ],
    `${whole(faults)} faults, ${whole(open)} of them open`,
  );
  const isPlace = (grouping === "rack" || grouping === "sku") && group.group !== "unknown";
  const name = isPlace
    ? html`<a href="${context.here({ [grouping]: group.group, page: null })}#p-nodes"
        >${group.group}</a
      >`
    : html`${group.group}`;
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="group-bar">${bar}</td>
    <td class="number">${countFigure(path("faults"), faults)}</td>
    <td class="number">${countFigure(path("open"), open)}</td>
    <td class="number">${countFigure(path("overTarget"), overTarget)}</td>
    <td class="number">${durationFigure(path("meanMs"), meanMs)}</td>
    <td class="number">${durationFigure(path("medianMs"), medianMs)}</td>
    <td class="number">${durationFigure(path("p90Ms"), p90Ms)}</td>
  </tr>`;
}
