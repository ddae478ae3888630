/** The overview's main table: one row per cluster, with each figure against its target. */
import { catalogue } from "../../../projections/document/catalogue.ts";
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import type { Field } from "../../../projections/document/entry/field.ts";
import {
  duration,
  instant,
  percent,
  percentTarget,
  rate,
  whole,
} from "../../reports/html/format.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { ClusterRow } from "./overview-model.ts";

interface Column {
  readonly head: string;
  /** Explains the figure to those who do not know it. */
  readonly hint: string;
  readonly cell: (document: SlaDocument, row: ClusterRow) => Html;
}

/** The fields whose meanings explain the cells. */
const nisFields = catalogue.nis.field.fields;
const mttrFields = catalogue.mttr.field.fields;
const jobFields = catalogue.jobUptime.field.fields;
const rolloutFields = catalogue.rollouts.field.fields;

/** The meanings of the figures in one cell, one after the other. */
const meaningOf = (...fields: readonly Pick<Field, "title" | "meaning">[]) =>
  fields.map(({ title, meaning }) => `${title}: ${meaning}`).join(" ");

const columns: readonly Column[] = [
  {
    head: "NIS",
    hint: meaningOf(nisFields.contractual),
    cell: ({ nis }) =>
      html`${figure(percent(nis.contractual, nis.target), nis.met)}
        <span class="sub">target ≥ ${percentTarget(nis.target)}</span>
        <span class="sub">raw ${percent(nis.raw)}</span>`,
  },
  {
    head: "Error budget",
    hint: meaningOf(nisFields.budgetNodeMs, nisFields.budgetSpentNodeMs),
    cell: ({ nis }) =>
      html`<span class="value">${duration(nis.budgetSpentNodeMs)}</span>
        <span class="sub">spent of ${duration(nis.budgetNodeMs)} node-time</span>`,
  },
  {
    head: "Job uptime",
    hint: meaningOf(jobFields.contractual),
    cell: ({ jobUptime }) =>
      html`${figure(percent(jobUptime.contractual, jobUptime.target), jobUptime.met)}
        <span class="sub">target ≥ ${percentTarget(jobUptime.target)}</span>
        <span class="sub">raw ${percent(jobUptime.uptime)}</span>`,
  },
  {
    head: "ETTR",
    hint: meaningOf(jobFields.ettr),
    cell: ({ jobUptime }) => html`<span class="value">${percent(jobUptime.ettr)}</span>`,
  },
  {
    head: "MTTR",
    hint: meaningOf(mttrFields.meanMs),
    cell: ({ mttr }) =>
      html`${figure(duration(mttr.meanMs), mttr.met)}
        <span class="sub">target ≤ ${duration(mttr.targetMs)}</span>
        <span class="sub">with open faults ${duration(mttr.restrictedMeanMs)}</span>`,
  },
  {
    head: "Faults",
    hint: meaningOf(mttrFields.faultsClosed, mttrFields.open),
    cell: ({ mttr }) => {
      const over = mttr.open.filter((fault) => fault.overTarget).length;
      return html`<span class="value">${whole(mttr.faultsClosed)} closed</span>
        <span class="sub">${whole(mttr.open.length)} open at the end</span>
        <span class="sub">${whole(over)} of these beyond target</span>`;
    },
  },
  {
    head: "Crashes a day",
    hint: meaningOf(jobFields.crashesPerDay),
    cell: ({ jobUptime }) =>
      html`<span class="value">${rate(jobUptime.crashesPerDay)}</span>
        <span class="sub">mean ${duration(jobUptime.crashMeanMs)}</span>`,
  },
  {
    head: "Rollouts",
    hint: meaningOf(rolloutFields.blocked, rolloutFields.refusals, rolloutFields.overrides),
    cell: ({ rollouts }) =>
      html`<span class="value">${whole(rollouts.blocked.length)} blocked</span>
        <span class="sub">${whole(rollouts.refusals)} refusals</span>
        <span class="sub">${whole(rollouts.overrides)} overrides</span>`,
  },
  {
    head: "Nodes now",
    hint: "Members by their state at the newest position",
    cell: (_document, { states }) =>
      html`<span class="value">${whole(states["in-service"])} in service</span>
        <span class="sub"
          >${whole(states.down)} down, ${whole(states.maintenance)} maintenance</span
        >
        ${states.unknown > 0 && html`<span class="sub">${whole(states.unknown)} unknown</span>`}`,
  },
];

export function clusterTable(rows: readonly ClusterRow[], asOf: number | null): Html {
  const heads = columns.map(
    ({ head, hint }) =>
      html`<th scope="col" role="columnheader"><abbr title="${hint}">${head}</abbr></th>`,
  );
  return html`<div class="scroll" role="region" aria-label="SLA figures per cluster" tabindex="0">
    <table class="cards" role="table">
      <caption>
        SLA figures per cluster, for its last full calendar month (or the running one, where it has
        no full one yet)
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">Cluster</th>
          ${heads}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map((row) => clusterLine(row, asOf))}
      </tbody>
    </table>
  </div>`;
}

function clusterLine(row: ClusterRow, asOf: number | null): Html {
  const { cluster, name, document } = row;
  return html`<tr role="row">
    <th scope="row" role="rowheader">
      <a class="name" href="/v1/nodes?${nodesQuery(cluster, asOf)}">${cluster}</a>
      ${name !== null && name !== cluster && html`<span class="sub">${name}</span>`}
      ${periodLines(row, asOf)}
    </th>
    ${
      typeof document === "string"
        ? html`<td role="cell" colspan="${columns.length}">No figures: ${document}.</td>`
        : columns.map(
            ({ head, cell }) =>
              html`<td role="cell" data-label="${head}">${cell(document, row)}</td>`,
          )
    }
  </tr>`;
}

/** Query of the cluster's list of nodes, those out of service first. */
function nodesQuery(cluster: string, asOf: number | null): string {
  const position = asOf === null ? {} : { asOf: String(asOf) };
  return new URLSearchParams({ cluster, sort: "state", ...position }).toString();
}

/** Which month the row shows, and a link to its complete report. */
function periodLines(
  { cluster, period, zone, isFull, document }: ClusterRow,
  asOf: number | null,
): Html {
  const month = html`<span class="sub"
    ><strong>${period}</strong>, ${isFull ? "last full month" : "current month"}</span
  >`;
  if (typeof document === "string") return html`${month}<span class="sub">${zone}</span>`;
  const position = asOf === null ? {} : { asOf: String(asOf) };
  const query = new URLSearchParams({ cluster, period, zone, ...position }).toString();
  const findings = Object.values(document.dataQuality.findings).reduce((sum, n) => sum + n, 0);
  const { complete, to } = document.period;
  return html`${month}
    <span class="sub">${zone}${!complete && html`, up to ${instant(to)}`}</span>
    <span class="sub"
      ><a href="/v1/sla?${query}">report</a> · <a href="/v1/sla?${query}&amp;format=csv">CSV</a> ·
      <a href="/v1/jobs?${query}">jobs</a> ·
      <a href="/v1/faults?${query}">faults</a
      >${findings > 0 && html` · <a href="/v1/data-quality?${query}">${whole(findings)} findings</a>`}</span
    >`;
}

/** A figure and whether it meets its target, in words as well as in colour. */
function figure(text: string, met: boolean | null): Html {
  const badge =
    met === null
      ? null
      : met
        ? html` <span class="badge met">✓ met</span>`
        : html` <span class="badge missed">✗ missed</span>`;
  return html`<span class="value">${text}</span>${badge}`;
}
