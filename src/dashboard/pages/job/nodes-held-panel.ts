/** Which nodes the job held, over time. */
import { clip } from "../../../../projections/arithmetic/intervals.ts";
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";
import { countNodes } from "../../../../projections/nodes/node-count.ts";
import { maxJobEntries } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { lane } from "../../charts/bars.ts";
import { spanAxis } from "../../charts/span-axis.ts";
import { counted, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { secondText, timeHtml } from "../../frame/times.ts";
import type { ShownJob } from "./job-facts.ts";
import { windowOfJob } from "./job-facts.ts";
import { listTable } from "../../tables/list-table.ts";

interface Held extends Interval {
  readonly nodes: readonly string[];
  readonly count: number;
}

/** Names and expressions of one holding that are shown before the rest is folded away. */
const shownNames = 12;

export async function nodesHeldPanel(context: PageContext, job: ShownJob): Promise<Html> {
  const title = "Nodes held";
  const shownWindow = windowOfJob(context, job);
  const window = shownWindow?.window ?? null;
  const held = window === null ? [] : heldIn(job, window, shownWindow?.knownUntil ?? window.to);
  if (window === null || held.length === 0) {
    const sentence =
      shownWindow?.isWhole === false
        ? "The job held no nodes in this window."
        : "The job has held no nodes.";
    return panel("nodes", { title, body: empty(sentence) });
  }
  const counts = held.map(({ count }) => count);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const pieces = held.map(({ from, to, count }) => ({
    kind: "held-nodes",
    from,
    to,
    title: `${counted(count, "node")} from ${secondText(from, context.zone, context.stand.at)}`,
    top: most === 0 ? 100 : 100 - (count / most) * 100,
    height: most === 0 ? 0 : (count / most) * 100,
  }));
  const shown = held.slice(-maxJobEntries).toReversed();
  const range =
    least === most ? counted(most, "node") : `${whole(least)} to ${counted(most, "node")}`;
  return panel("nodes", {
    title,
    note: `${range}; the height is the number of nodes, from 0 on`,
    png: true,
    body: html`<div class="held-lane tall-lane">
        ${lane(pieces, window, `Nodes held by ${job.timeline.job}: ${range}`)}
      </div>
      ${spanAxis(window, context.zone, context.stand.at)}
      ${listTable({ title, caption: "Nodes held, the latest first", isTall: true, heads: ["From", "Until", { title: "Nodes", kind: "number" }, "Names"], rows: shown.map((each) => row(context, each, job.now)) })}
      ${shown.length < held.length && html`<p class="more">The latest ${shown.length} of ${whole(held.length)}: zoom in to see the others.</p>`}`,
  });
}

/** What was held within the runs; one entry for each statement of nodes. */
function heldIn({ timeline }: ShownJob, window: Interval, knownUntil: number): Held[] {
  const { holds, runs } = timeline;
  const end = Math.min(window.to, knownUntil);
  return holds.flatMap(({ from, nodes }, i) => {
    const to = holds[i + 1]?.from ?? Infinity;
    const [first, ...others] = clip(runs, Math.max(from, window.from), Math.min(to, end));
    if (first === undefined) return [];
    return [
      { from: first.from, to: others.at(-1)?.to ?? first.to, nodes, count: countNodes(nodes) },
    ];
  });
}

function row({ zone, stand }: PageContext, { from, to, nodes, count }: Held, now: number): Html {
  const time = (ms: number) => timeHtml(ms, secondText(ms, zone, stand.at));
  const rest = nodes.slice(shownNames);
  return html`<tr>
    <th scope="row">${time(from)}</th>
    <td>${to >= now ? "still" : time(to)}</td>
    <td class="number">${whole(count)}</td>
    <td class="mono node-names">
      ${nodes.slice(0, shownNames).join(", ")}${
        rest.length > 0 &&
        html`<details>
          <summary>${whole(rest.length)} more</summary>
          ${rest.join(", ")}
        </details>`
      }
    </td>
  </tr>`;
}
