/** The interruptions of the window: when, for how long, by what, and what they cost. */
import type { Interruption } from "../../../../projections/jobs/timeline.ts";
import { maxJobEntries } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { causeSign } from "../../charts/causes.ts";
import { counted, countFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationHtml, secondText, timeHtml } from "../../frame/times.ts";
import { pathSegment } from "../../../path-segment.ts";
import type { ShownJob } from "./job-facts.ts";
import { jobSource, stripSource, windowOfJob } from "./job-facts.ts";
import { toWindow } from "./zoom.ts";
import { eventHref, nodeHref } from "../jobs/links.ts";
import { listTable } from "../../tables/list-table.ts";

interface Entry {
  readonly each: Interruption;
  /** Where the timeline has it. */
  readonly index: number;
  readonly lostNodeMs: number;
  readonly faultEvent: string | null;
  /** Whether facts name the rollout that it names. */
  readonly isRolloutKnown: boolean;
}

export async function interruptionsPanel(context: PageContext, job: ShownJob): Promise<Html> {
  const title = "Interruptions";
  const shown = windowOfJob(context, job);
  const window = shown?.window ?? { from: -Infinity, to: Infinity };
  const { interruptions } = job.timeline;
  const inside = interruptions.flatMap((each, index) =>
    each.from < window.to && each.to > window.from ? [{ each, index }] : [],
  );
  if (inside.length === 0) {
    const where = shown?.isWhole === false ? "in this window" : "of this job has been stated";
    return panel("interruptions", { title, body: empty(`No interruption ${where}.`) });
  }
  const entries = await costsOf(context, job, inside.slice(-maxJobEntries).toReversed());
  const left = inside.length - entries.length;
  return panel("interruptions", {
    title,
    note: "the latest first; lost is the running time that each undid",
    csv: stripSource(context, job, "csv"),
    body: html`${listTable({ title, caption: `Interruptions of ${job.timeline.job}, the latest first`, source: jobSource(context, job), isTall: true, heads: ["From", "Until", "Cause", "Node", "Fault, rollout or maintenance", { title: "Nodes held", kind: "number" }, { title: "Interrupted for", kind: "number" }, { title: "Lost, node-time", kind: "number" }, { title: "Interrupted, node-time", kind: "number" }, "Zoom"], rows: entries.map((entry) => row(context, job, entry)) })}
    ${left > 0 && html`<p class="more">The latest ${entries.length} of ${counted(inside.length, "interruption")}: zoom in to see the others.</p>`}`,
  });
}

/** What each lost, and the event of the fault that it names. */
function costsOf(
  context: PageContext,
  { cluster, timeline }: ShownJob,
  entries: readonly Pick<Entry, "each" | "index">[],
): Promise<readonly Entry[]> {
  const key = `interruptions ${timeline.job} ${entries[0]?.index} ${entries.length}`;
  return context.once(key, cluster, (view) =>
    oneStep(() => {
      const lost = new Map<number, number>();
      for (const { interruption, from, to, nodeCount } of timeline.lost)
        lost.set(interruption, (lost.get(interruption) ?? 0) + (to - from) * nodeCount);
      const rollouts = new Set(view.names("rollout"));
      return entries.map(({ each, index }) => {
        const faults =
          each.node === null || each.faultId === null
            ? []
            : (view.entity("node", each.node)?.faults ?? []);
        const fault = faults.find(({ faultId }) => faultId === each.faultId);
        return {
          each,
          index,
          lostNodeMs: lost.get(index) ?? 0,
          faultEvent: fault?.eventId ?? null,
          isRolloutKnown: each.rolloutId !== null && rollouts.has(each.rolloutId),
        };
      });
    }),
  );
}

function row(
  context: PageContext,
  { cluster, now }: ShownJob,
  { each, index, lostNodeMs, faultEvent, isRolloutKnown }: Entry,
): Html {
  const { from, to, kind, node, nodeCount, eventId } = each;
  const time = (ms: number) => timeHtml(ms, secondText(ms, context.zone, context.stand.at));
  const event = (id: string) => eventHref(context, id);
  const until = Math.min(to, Math.max(now, from));
  const around = Math.max(1_800_000, (until - from) * 2);
  const reference = each.faultId ?? each.rolloutId ?? each.maintenanceId;
  const cause =
    faultEvent !== null
      ? event(faultEvent)
      : isRolloutKnown && each.faultId === null && each.rolloutId !== null
        ? context.link(`/rollouts/${pathSegment(cluster)}/${pathSegment(each.rolloutId)}`)
        : null;
  return html`<tr>
    <th scope="row"><a href="${event(eventId)}">${time(from)}</a></th>
    <td>
      ${to === Infinity ? "still" : time(to)}${to !== Infinity && each.resumedAt === null && html` <span class="sub">ended</span>`}
    </td>
    <td class="cause">${causeSign(kind)}${kind}</td>
    <td>
      ${node === null ? html`<span class="none">–</span>` : html`<a href="${nodeHref(context, cluster, node)}">${node}</a>`}
    </td>
    <td class="mono">
      ${reference === null ? html`<span class="none">–</span>` : cause === null ? reference : html`<a href="${cause}">${reference}</a>`}
    </td>
    <td class="number">${countFigure(`interruptions.${index}.nodes`, nodeCount)}</td>
    <td class="number">${durationHtml(until - from)}</td>
    <td class="number">${durationHtml(lostNodeMs)}</td>
    <td class="number">${durationHtml((until - from) * nodeCount)}</td>
    <td>
      <a
        href="${toWindow(context, { from: from - around, to: until + around })}#p-strip"
        aria-label="Zoom to this interruption"
        >zoom</a
      >
    </td>
  </tr>`;
}
