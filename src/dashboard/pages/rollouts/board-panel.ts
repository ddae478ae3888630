/** The board: a column for each stage of a rollout's way, a card for each rollout. */
import { boardCards, doneDays, endedCards } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { stackedBar } from "../../charts/bars.ts";
import { bad, countFigure, durationFigure, good, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { holdEndWords } from "../../cluster/hold-end.ts";
import { durationText } from "../../frame/times.ts";
import type { PlacedRow } from "./board-rows.ts";
import { boardOf, columns, deadlineOf, queueSource, shownClusters } from "./board-rows.ts";
import { rolloutHref, stateWords, updatesWords, urgencyTag, whenHtml, zoneLinks } from "./words.ts";
import { impactWords } from "../../cluster/declared-impact.ts";
import { pathSegment } from "../../../path-segment.ts";

type Column = (typeof columns)[number];

export async function boardPanel(context: PageContext): Promise<Html> {
  const board = await boardOf(context);
  const shown = columns.filter(({ id, none }) => none !== null || board.get(id)?.length !== 0);
  const total = [...board.values()].reduce((sum, rows) => sum + rows.length, 0);
  const csv = context.api("/v1/rollouts", { cluster: context.filters["cluster"], format: "csv" });
  if (total === 0) {
    return panel("board", {
      title: "Board",
      body: empty(
        `No rollout is under way, and none has ended in ${doneDays} days. One comes here when it is submitted:`,
        `curl ${context.origin}/v1/rollouts -H 'content-type: application/json' -d '{"rollout": "nic-fw-28.39", "cluster": "${shownClusters(context)[0] ?? "alpha"}", "updates": [{"component": "nic-firmware", "version": "28.39"}], "impact": {"kind": "impactless"}, "urgency": "routine", "actor": "YOU"}'`,
      ),
    });
  }
  return panel("board", {
    title: "Board",
    note: "the most urgent first; what has ended, the newest first",
    csv,
    body: html`<div class="board">
      ${shown.map((column) => columnHtml(context, column, board.get(column.id) ?? []))}
    </div>`,
  });
}

function columnHtml(context: PageContext, column: Column, rows: readonly PlacedRow[]): Html {
  const { id, title, none } = column;
  const cards = id === "done" ? endedCards : boardCards;
  const rest = rows.length - cards;
  const list = context.here({ state: id });
  return html`<section class="column ${id}" aria-labelledby="column-${id}">
    <h3 id="column-${id}">
      <a href="${list}">${title}</a> <span class="number">${whole(rows.length)}</span>
    </h3>
    ${
      rows.length === 0
        ? html`<p class="empty">${none}</p>`
        : html`<ul>
            ${rows.slice(0, cards).map((row) => (id === "done" ? endedCard(context, row) : card(context, row)))}
          </ul>`
    }
    ${rest > 0 && html`<p class="more"><a href="${list}">${whole(rest)} more</a></p>`}
  </section>`;
}

function card(context: PageContext, row: PlacedRow): Html {
  const { cluster, rollout, state, submission, held } = row;
  const many = shownClusters(context).length > 1;
  const updates = submission === null ? "" : updatesWords(submission.data.updates);
  const isOdd = !["submitted", "blocked", "in-progress", "verifying", "completed"].includes(state);
  const isOverdue = held?.releaseOverdue === true;
  return html`<li class="card" data-rollout="${rollout}">
    <p class="card-head">
      <a href="${rolloutHref(context, cluster, rollout)}"><b>${rollout}</b></a>
      <span class="card-age">${age(context, row)}</span>
    </p>
    <p class="sub">
      ${updates}${many && html`<span class="card-cluster">${updates !== "" && " · "}${cluster}</span>`}
    </p>
    <p class="tags">
      ${urgencyTag(submission?.data.urgency ?? null)}
      ${isOdd && html`<span class="tag ${state}">${stateWords[state]}</span>`}
      ${isOverdue && bad("release overdue")} ${deadlineTag(context, row)}
    </p>
    ${progress(context, row)} ${waits(context, row)}
    ${submission !== null && html`<p class="sub">${impactWords(submission.data.impact)}${measuredWords(row)}</p>`}
  </li>`;
}

/** Of what has ended: what it was, how it ended and when. */
function endedCard(context: PageContext, row: PlacedRow): Html {
  const { cluster, rollout, state, submission, since } = row;
  return html`<li class="card" data-rollout="${rollout}">
    <p class="card-head">
      <a href="${rolloutHref(context, cluster, rollout)}"><b>${rollout}</b></a>
      <span class="card-age">${whenHtml(context, since)}</span>
    </p>
    <p class="sub">
      ${submission !== null && `${updatesWords(submission.data.updates)} · `}${stateWords[state]}
    </p>
    ${submission !== null && html`<p class="sub">${impactWords(submission.data.impact)}${measuredWords(row)}</p>`}
  </li>`;
}

/** What it did so far; of one that waits, what its families did before. */
function measuredWords({ measured, held }: PlacedRow): Html | null {
  if (measured !== null && measured.verdict !== null) {
    if (measured.verdict === "missed") return html`, measured: ${bad("missed")}`;
    return html`, measured: ${measured.verdict === "pending" ? "pending" : good("as declared")}`;
  }
  const lost = (held?.measured ?? []).filter(({ fastPath, marked }) => !fastPath || marked);
  if (lost.length === 0) return null;
  return html`; ${lost.map(({ family }) => family).join(", ")} missed before`;
}

/** How long it is in its state; of what waits, as the interface says. */
function age(context: PageContext, { held, state, since }: PlacedRow): Html {
  if (held !== null && state === "blocked") {
    return html`<span data-source="${queueSource(context)}"
      >${durationFigure(`blocked.${held.index}.ageMs`, held.ageMs)}</span
    >`;
  }
  const at = context.stand.at ?? since;
  return html`<span title="${at - since} ms">${durationText(at - since)}</span>`;
}

function deadlineTag(context: PageContext, row: PlacedRow): Html | null {
  const deadline = deadlineOf(row);
  const isDone = ["completed", "failed", "rolled-back", "cancelled", "superseded"].includes(
    row.state,
  );
  if (deadline === null || isDone) return null;
  const when = whenHtml(context, deadline);
  if (deadline <= (context.stand.at ?? deadline)) return html`${bad("overdue")} since ${when}`;
  return html`<span class="sub">due ${when}</span>`;
}

function progress(context: PageContext, row: PlacedRow): Html | null {
  const { cluster, rollout, nodesDone, nodesTotal, state } = row;
  const isShown = ["in-progress", "paused", "rolling-back", "verifying", "blocked"].includes(state);
  if (nodesDone === null || nodesTotal === null || !isShown) return null;
  const part = nodesTotal === 0 ? 0 : nodesDone / nodesTotal;
  const source = context.api(`/v1/rollouts/${pathSegment(rollout)}`, { cluster });
  return html`<div class="card-progress">
      ${stackedBar(
        [
          { kind: "c-rollout", part, title: `${whole(nodesDone)} nodes done` },
          { kind: "left", part: 1 - part, title: `${whole(nodesTotal - nodesDone)} nodes left` },
        ],
        `${whole(nodesDone)} of ${whole(nodesTotal)} nodes done`,
      )}
    </div>
    <p class="sub" data-source="${source}">
      ${countFigure("nodesDone", nodesDone)} of ${countFigure("nodesTotal", nodesTotal)} nodes
    </p>`;
}

/** What it waits for, and until when. */
function waits(context: PageContext, { held, cluster }: PlacedRow): Html | null {
  if (held === null) return null;
  const zones = zoneLinks(context, cluster, held.nfzIds);
  if (held.releaseOverdue) {
    return html`<p class="sub">
      refused by ${zones}; no zone of these is in force, and nobody released it
    </p>`;
  }
  const covered =
    held.covered.length === 0
      ? null
      : html`; an override lets it pass ${held.covered.map(({ nfz }) => nfz).join(", ")}`;
  return html`<p class="sub">held by ${zones}, ${holdEndWords(context, held)}${covered}</p>`;
}
