/** Every figure in which the restated report differs from the issued one, with the events that made the difference. */
import type { RestatedJson } from "../../../reports/restated/restated.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted, figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText } from "../../frame/times.ts";
import { wordsOfFigure } from "./figure-titles.ts";
import { restatedOf, restatedSource } from "./restated-facts.ts";
import { listTable } from "../../tables/list-table.ts";

/** Rows of the page; the CSV has them all. */
const shown = 200;
const shownCauses = 6;

type Difference = RestatedJson["differences"][number];

export async function differencesPanel(context: PageContext): Promise<Html> {
  const { answer } = await restatedOf(context);
  const { differences, events, work, periodEnd } = answer;
  const title = "What differs";
  if (differences.length === 0) {
    return panel("differences", {
      title,
      body: empty("Nothing: every figure is as it was issued."),
    });
  }
  const ids = new Map(events.map(({ sequence, id }) => [sequence, id]));
  // Figures of the whole cluster first; those of single members of lists, such as one fault, after them.
  const order = differences
    .map((difference, index) => ({ difference, index }))
    .sort((a, b) => rank(a.difference) - rank(b.difference) || a.index - b.index);
  const rest = differences.length - shown;
  return panel("differences", {
    title,
    note: `${counted(differences.length, "figure")}, by ${counted(events.length, "event")}`,
    csv: restatedSource(context, { format: "csv" }),
    tools: html`<a href="${restatedSource(context)}" download="restated.json">JSON</a>`,
    body: html`${
      periodEnd.before !== periodEnd.after &&
      html`<p class="sub">
        The period was not over when the report was issued: its end has moved, and every figure over
        time has moved with it.
      </p>`
    }
    ${
      !work.complete &&
      html`<p class="sub">
        Not every event was told apart: the work is bounded at
        ${counted(work.documents, "document")}, and a range of sequences means that several events
        may have made a difference.
      </p>`
    }
    ${listTable({ title, caption: "Figures that differ, those of the whole cluster first", source: restatedSource(context), heads: ["Figure", { title: "As issued", kind: "number" }, { title: context.stand.isPast ? "Then" : "Now", kind: "number" }, { title: "Difference", kind: "number" }, "Made by"], rows: order.slice(0, shown).map(({ difference, index }) => differenceRow(context, difference, index, ids)) })}
    ${rest > 0 && html`<p class="more">${counted(rest, "further figure")} in the CSV and in the restatement to print</p>`}`,
  });
}

function rank({ figure: path, change }: Difference): number {
  if (path.includes("[")) return change === "changed" ? 1 : 2;
  return 0;
}

function differenceRow(
  context: PageContext,
  difference: Difference,
  index: number,
  ids: ReadonlyMap<number, string>,
): Html {
  const { figure: path, before, after } = difference;
  const { title, unit } = wordsOfFigure(path) ?? { title: null, unit: "" };
  return html`<tr>
    <th scope="row" class="path">
      ${title !== null && html`${title}<br />`}<code class="sub">${breakable(path)}</code>
    </th>
    <td class="number">${shownValue(`differences.${index}.before`, unit, before)}</td>
    <td class="number">${shownValue(`differences.${index}.after`, unit, after)}</td>
    <td class="number">${changeOf(unit, before, after)}</td>
    <td class="wrap">${causesHtml(context, difference, ids)}</td>
  </tr>`;
}

/** A figure's path, which may break into the next line after each of its parts. */
function breakable(path: string): Html {
  const parts = path.split(/(?<=[.,[])/);
  return html`${parts.map((part, i) => html`${i > 0 && html`<wbr />`}${part}`)}`;
}

function shownValue(place: string, unit: string, value: unknown): Html {
  if (value === null) return html`<span class="none">–</span>`;
  if (typeof value === "object") return html`<span class="member sub">${membersOf(value)}</span>`;
  if (typeof value === "number") return figure(place, value, numberText(unit, value));
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return figure(place, text, html`<span class="member">${text}</span>`);
}

function numberText(unit: string, value: number, ofRatio = "%"): string {
  if (unit === "ms" || unit === "node-ms") return durationText(value);
  if (unit === "ratio") return `${(value * 100).toFixed(4)} ${ofRatio}`;
  const text = Number.isInteger(value) ? whole(value) : String(Number(value.toPrecision(5)));
  return unit === "" ? text : `${text} ${unit}`;
}

/** What a list member that appeared or disappeared says, in short. */
function membersOf(value: object): string {
  const texts = Object.values(value).filter((each) => typeof each === "string");
  return texts.slice(0, 3).join(", ");
}

function changeOf(unit: string, before: unknown, after: unknown): Html | string {
  if (typeof before === "number" && typeof after === "number") {
    const text = numberText(unit, Math.abs(after - before), "pt");
    return `${after < before ? "−" : "+"}${text}`;
  }
  if (before === null) return "new";
  return after === null ? "gone" : "";
}

/** The events by sequence; what each says is in the table below. */
function causesHtml(
  context: PageContext,
  { sequences, ranges, byLedgerTime }: Difference,
  ids: ReadonlyMap<number, string>,
): Html {
  const single = sequences.slice(0, shownCauses).map((sequence) => {
    const id = ids.get(sequence);
    const words = `#${whole(sequence)}`;
    return id === undefined
      ? html`${words}`
      : html`<a href="${context.link(`/events/${id}`)}">${words}</a>`;
  });
  const more = sequences.length - shownCauses;
  const between = ranges.map(({ after, upTo }) => {
    const parameters = { "from-sequence": String(after), asOf: String(upTo) };
    const href = context.link("/audit/changes", parameters);
    return html`<a href="${href}">#${whole(after + 1)} – #${whole(upTo)}</a>`;
  });
  const all = [
    ...single,
    ...(more > 0 ? [html`${counted(more, "further event")} in the CSV`] : []),
    ...between,
    ...(byLedgerTime ? [html`time passing`] : []),
  ];
  return html`${all.map((each, n) => html`${n > 0 && ", "}${each}`)}`;
}
