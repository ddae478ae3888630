/** What a rollout did, held against what it declared, and the events that say so. */
import { instantMs } from "../../../../../projections/time/instant.ts";
import { powerWords, ratioWords, reasonWords } from "../../../../answers/rollouts/impact-words.ts";
import { type ImpactAnswer, impactAnswer } from "../../../../answers/rollouts/impact.ts";
import { listedEvents } from "../../../../limits/pages.ts";
import { pathSegment } from "../../../../path-segment.ts";
import { maxListRows } from "../../../../limits/requests.ts";
import type { Html } from "../../../../reports/html/html.ts";
import { html } from "../../../../reports/html/html.ts";
import {
  bad,
  countFigure,
  counted,
  durationFigure,
  figure,
  good,
  whole,
} from "../../../frame/figures.ts";
import type { PageContext } from "../../../frame/page.ts";
import { empty, panel } from "../../../frame/panel.ts";
import { familiesHref, rolloutHref, whenHtml } from "../words.ts";
import { impactWords } from "../../../cluster/declared-impact.ts";
import { namesOf } from "./one-rollout.ts";
import { listTable } from "../../../tables/list-table.ts";

/** As `/v1/rollouts/{id}/impact` answers. */
function measured(context: PageContext): Promise<ImpactAnswer> {
  const { ledger, stand } = context;
  const { cluster, rollout } = namesOf(context);
  const { sequence, at } = stand;
  return context.shared(`impact ${cluster} ${rollout}`, () =>
    impactAnswer(ledger, { rollout, cluster, sequence, at }, { limit: maxListRows }),
  );
}

function source(context: PageContext, format?: "csv"): string {
  const { cluster, rollout } = namesOf(context);
  const path = `/v1/rollouts/${pathSegment(rollout)}/impact`;
  return context.api(path, { cluster, ...(format === undefined ? {} : { format }) }, "at");
}

const title = "Impact, declared and measured";

export async function impactPanel(context: PageContext): Promise<Html> {
  const answer = await measured(context);
  const { declared, startedAt } = answer;
  if (startedAt === null) {
    const words = `It has not started, so nothing is measured; ${impactWords(declared)}.`;
    return panel("impact", { title, body: html`${empty(words)} ${families(context, answer)}` });
  }
  const { windowMs, treated, nodes } = answer;
  return panel("impact", {
    title,
    note: html`<span data-source="${source(context)}"
      >${impactWords(declared)}; windows of ${durationFigure("windowMs", windowMs)} before and
      after</span
    >`,
    body: html`<dl class="facts" data-source="${source(context)}">
        <dt>Verdict</dt>
        <dd>${verdictWords(answer)}</dd>
        <dt>Nodes done</dt>
        <dd>${countFigure("treated", treated)} of ${countFigure("nodes", nodes)}</dd>
        <dt>Out of service</dt>
        <dd>
          ${durationFigure("outOfServiceNodeMs", answer.outOfServiceNodeMs)} of node-time,
          ${durationFigure("outOfServiceMeanMs", answer.outOfServiceMeanMs)} a node
        </dd>
        <dt>Jobs interrupted</dt>
        <dd>
          ${countFigure("jobs", answer.jobs)} ${answer.jobs === 1 ? "job" : "jobs"},
          ${countFigure("interruptions", answer.interruptions)} times;
          ${durationFigure("interruptedNodeMs", answer.interruptedNodeMs)} of node-time interrupted,
          ${durationFigure("lostNodeMs", answer.lostNodeMs)} lost
        </dd>
        <dt>Faults before</dt>
        <dd>
          ${countFigure("before.faults", answer.before.faults)} in
          ${durationFigure("before.nodeMs", answer.before.nodeMs)} of node-time
        </dd>
        <dt>Faults after</dt>
        <dd>
          ${countFigure("after.faults", answer.after.faults)} in
          ${durationFigure("after.nodeMs", answer.after.nodeMs)} of node-time
        </dd>
        <dt>Failure rate</dt>
        <dd>${rateWords(answer)}</dd>
      </dl>
      ${families(context, answer)} ${confounders(context, answer)}`,
  });
}

function verdictWords({ verdict, reasons }: ImpactAnswer): Html {
  const why = reasons.map((reason) => reasonWords[reason]).join("; ");
  const words =
    verdict === "missed" ? bad("missed") : verdict === "pending" ? "pending" : good("as declared");
  return html`${figure("verdict", verdict, html`${words}`)}${why !== "" && ` ${why}`}`;
}

/** With what the comparison could have found: an interval that contains 1 proves nothing by itself. */
function rateWords({ rateRatio, power }: ImpactAnswer): Html {
  return html`${figure("rateRatio.ratio", rateRatio.ratio, ratioWords(rateRatio))}
    <span class="sub">${powerWords(power)}</span>`;
}

function families(context: PageContext, answer: ImpactAnswer): Html | null {
  if (answer.families.length === 0) return null;
  const { cluster } = namesOf(context);
  return html`<h3 class="sub-title">Families</h3>
    <ul class="plain" data-source="${source(context)}">
      ${answer.families.map(
        ({ family, fastPath, marked }, i) =>
          html`<li>
            <a href="${familiesHref(context, cluster)}">${family}</a>
            ${figure(`families.${i}.fastPath`, fastPath, fastPath ? "has the fast path" : "has lost the fast path")}${marked && "; a version of this rollout missed before"}
          </li>`,
      )}
    </ul>`;
}

function confounders(context: PageContext, answer: ImpactAnswer): Html | null {
  if (answer.confounders.length === 0) return null;
  const { cluster } = namesOf(context);
  const lines = answer.confounders.map(
    ({ rollout, startedAt, nodes }, i) =>
      html`<li>
        <a href="${rolloutHref(context, cluster, rollout)}">${rollout}</a> started
        ${whenHtml(context, instantMs(startedAt))} on
        ${countFigure(`confounders.${i}.nodes`, nodes)} of its nodes
      </li>`,
  );
  const [first, rest] = [lines.slice(0, openConfounders), lines.slice(openConfounders)];
  const list = (some: readonly Html[]) =>
    html`<ul class="plain" data-source="${source(context)}">
      ${some}
    </ul>`;
  return html`<h3 class="sub-title">Others in its windows</h3>
    ${list(first)}
    ${
      rest.length > 0 &&
      html`<details>
        <summary>${whole(rest.length)} more</summary>
        ${list(rest)}
      </details>`
    }`;
}

/** The others are folded. */
const openConfounders = 10;

const kindWords: Readonly<Record<ImpactAnswer["evidence"][number]["kind"], string>> = {
  maintenance: "maintenance for it",
  interruption: "interruption by it",
  "fault-before": "fault before",
  "fault-after": "fault after",
};

export async function evidencePanel(context: PageContext): Promise<Html> {
  const { evidence, next } = await measured(context);
  const name = "Evidence of its impact";
  if (evidence.length === 0) {
    const none = "No maintenance, interruption or fault belongs to it.";
    return panel("evidence", { title: name, body: empty(none) });
  }
  const shown = evidence.slice(0, listedEvents);
  return panel("evidence", {
    title: name,
    note: `${next === null ? "" : "more than "}${counted(evidence.length, "line")}, by kind`,
    csv: source(context, "csv"),
    body: html`${listTable({ title: name, source: source(context), isTall: true, heads: ["What", "When", "Where", { title: "Interrupted", kind: "number" }, { title: "Lost", kind: "number" }, "Events"], rows: shown.map((each, i) => line(context, each, i)) })}
    ${evidence.length > shown.length && html`<p class="more">${whole(evidence.length - shown.length)} more in the CSV</p>`}`,
  });
}

function line(context: PageContext, each: ImpactAnswer["evidence"][number], index: number): Html {
  const { kind, at, node, job, eventIds, interruptedNodeMs, lostNodeMs } = each;
  const { cluster } = namesOf(context);
  const named = pathSegment(cluster);
  const where =
    job === null
      ? context.link(`/clusters/${named}/nodes/${pathSegment(node ?? "")}`)
      : context.link(`/clusters/${named}/jobs/${pathSegment(job)}`);
  const cost = (path: string, ms: number) =>
    kind === "interruption" ? durationFigure(`evidence.${index}.${path}`, ms) : "";
  return html`<tr>
    <th scope="row">${kindWords[kind]}</th>
    <td>${whenHtml(context, instantMs(at))}</td>
    <td><a class="mono" href="${where}">${job ?? node}</a></td>
    <td class="number">${cost("interruptedNodeMs", interruptedNodeMs)}</td>
    <td class="number">${cost("lostNodeMs", lostNodeMs)}</td>
    <td>
      ${eventIds.map((id, i) => html`<a href="${context.link(`/events/${id}`)}">${i === 0 ? "begin" : "end"}</a> `)}
    </td>
  </tr>`;
}
