/** All rollouts of one column of the board, as a table. */
import { maxListRows } from "../../../limits/requests.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { bad, counted, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText } from "../../frame/times.ts";
import type { ColumnId, PlacedRow } from "./board-rows.ts";
import { boardOf, columns, deadlineOf } from "./board-rows.ts";
import { rolloutHref, stateWords, updatesWords, whenHtml, zoneLinks } from "./words.ts";
import { impactWords } from "../../cluster/declared-impact.ts";
import { listTable } from "../../tables/list-table.ts";

export async function listPanel(context: PageContext, column: ColumnId): Promise<Html> {
  const board = await boardOf(context);
  const rows = board.get(column) ?? [];
  const title = columns.find(({ id }) => id === column)?.title ?? column;
  const back = html`<a href="${context.here({ state: null })}">Back to the board</a>`;
  const links = html`<nav class="switch" aria-label="Column">
    ${columns.map(({ id, title: words }) => {
      const current = id === column ? { html: 'aria-current="true"' } : null;
      return html`<a href="${context.here({ state: id })}" ${current}
        >${words} ${whole(board.get(id)?.length ?? 0)}</a
      >`;
    })}
  </nav>`;
  if (rows.length === 0) {
    return panel("board", {
      title,
      tools: back,
      body: html`${links} ${empty("No rollout is in this column.")}`,
    });
  }
  const isCut = rows.length > maxListRows;
  return panel("board", {
    title,
    note: isCut
      ? `the first ${whole(maxListRows)} of ${counted(rows.length, "rollout")}: choose a cluster to see fewer`
      : counted(rows.length, "rollout"),
    tools: back,
    body: html`${links}
    ${listTable({ title, heads: ["Rollout", "Cluster", "Updates", "State", { title: "For", kind: "number" }, "Urgency", "Deadline", "Impact", "Held by"], rows: rows.slice(0, maxListRows).map((row) => line(context, row)) })}`,
  });
}

function line(context: PageContext, row: PlacedRow): Html {
  const { cluster, rollout, state, since, submission, held } = row;
  const at = context.stand.at ?? since;
  const deadline = deadlineOf(row);
  return html`<tr>
    <th scope="row"><a href="${rolloutHref(context, cluster, rollout)}">${rollout}</a></th>
    <td>${cluster}</td>
    <td>${submission === null ? "" : updatesWords(submission.data.updates)}</td>
    <td>${stateWords[state]} ${held?.releaseOverdue === true && bad("release overdue")}</td>
    <td class="number">${durationText(at - since)}</td>
    <td>${submission?.data.urgency}</td>
    <td>${deadline !== null && whenHtml(context, deadline)}</td>
    <td>${submission !== null && impactWords(submission.data.impact)}</td>
    <td>${held !== null && zoneLinks(context, cluster, held.nfzIds)}</td>
  </tr>`;
}
