/** One job in a sentence: whether it runs, since when, and what stopped it. */
import type { Interruption, JobTimeline } from "../../../../projections/jobs/timeline.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { PageContext } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { durationText, minuteText, timeHtml } from "../../frame/times.ts";
import type { ShownJob } from "./job-facts.ts";
import { nodeHref } from "../jobs/links.ts";
import { pathSegment } from "../../../path-segment.ts";

export async function jobHeadline(context: PageContext, shown: ShownJob): Promise<Html> {
  const { cluster, timeline } = shown;
  const jobs = context.link(`/clusters/${pathSegment(cluster)}/jobs`);
  return bare(
    "headline",
    html`<div class="title-line">
      <h1>${timeline.job}</h1>
      <p class="sentence">${sentence(context, shown)}</p>
      <p class="sub"><a href="${jobs}">Jobs of ${cluster}</a></p>
    </div>`,
    context.stand.isPast ? "past" : "",
  );
}

const isNow = (now: number) => (each: { readonly from: number; readonly to: number }) =>
  each.from <= now && now < each.to;

function sentence(context: PageContext, { timeline, now }: ShownJob): Html {
  const time = (ms: number) => timeHtml(ms, minuteText(ms, context.zone, context.stand.at));
  const run = timeline.runs.findLast(({ from }) => from <= now);
  if (run === undefined) return html`No run of it has been stated: no start fits what is known.`;
  const interruption = timeline.interruptions.find(isNow(now));
  if (interruption !== undefined) {
    return html`Interrupted ${causeWords(context, interruption)} since ${time(interruption.from)},
    for ${durationText(now - interruption.from)} so far.`;
  }
  const paused = timeline.paused.find(isNow(now));
  if (paused !== undefined) return html`Paused by its owner since ${time(paused.from)}.`;
  if (timeline.running.some(isNow(now))) {
    return html`Running since ${time(run.from)}${lastBreak(context, timeline)}`;
  }
  return html`${endWords(run.outcome)} ${time(run.to)}, after ${durationText(run.to - run.from)}.`;
}

function lastBreak(context: PageContext, { interruptions }: JobTimeline): Html {
  const last = interruptions.findLast(({ resumedAt }) => resumedAt !== null);
  if (last === undefined || last.resumedAt === null) return html`, never interrupted.`;
  const at = timeHtml(last.resumedAt, minuteText(last.resumedAt, context.zone, context.stand.at));
  return html`, last interrupted ${causeWords(context, last)} and back at ${at}.`;
}

function endWords(outcome: JobTimeline["runs"][number]["outcome"]): string {
  if (outcome === "failed") return "Failed";
  return outcome === "cancelled" ? "Cancelled" : "Completed";
}

/** `by a fault on gpu0001`, with a link to the node. */
function causeWords(context: PageContext, { kind, node, rolloutId }: Interruption): Html {
  if (kind === "fault" && node !== null) {
    const href = nodeHref(context, context.params["cluster"] ?? "", node);
    return html`by a fault on <a href="${href}">${node}</a>`;
  }
  if (kind === "rollout" && rolloutId !== null) return html`by rollout ${rolloutId}`;
  return html`${{ fault: "by a fault", rollout: "by a rollout", maintenance: "by maintenance", software: "by software", user: "by the user", unknown: "for an unknown cause" }[kind]}`;
}
