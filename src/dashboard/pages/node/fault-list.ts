/** The faults of one node, the latest first: cause, how it came back, how long, and how the time was spent. */
import type { CountedFault } from "../../../../projections/nodes/timeline.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { PageContext } from "../../frame/page.ts";
import { durationHtml, minuteText, timeHtml } from "../../frame/times.ts";
import type { NodeFacts } from "./node-facts.ts";
import { repairBar } from "./repair-bar.ts";

/** Faults that touch the window, the latest first. */
export function faultsOf({ timeline, window }: NodeFacts): readonly CountedFault[] {
  return timeline.faults
    .filter(({ from, to }) => from <= window.to && to >= window.from)
    .toReversed();
}

/** Faults that began in the window. */
export function begunIn({ timeline, window }: NodeFacts): number {
  return timeline.faults.filter(({ from }) => from >= window.from && from < window.to).length;
}

export function causeWords({ category, component }: CountedFault): string {
  return component === null ? category : `${category}, ${component}`;
}

export function faultItem(context: PageContext, fault: CountedFault, now: number): Html {
  const { zone, stand } = context;
  const { from, to, how, outcome, eventId, endedBy } = fault;
  const isOpen = to > now;
  const time = (ms: number) => timeHtml(ms, minuteText(ms, zone, stand.at));
  const end =
    isOpen || endedBy === null
      ? html`open`
      : html`<a href="${context.link(`/events/${endedBy}`)}">${time(to)}</a>`;
  const came = isOpen ? "open" : outcome === "censored" ? "the node left" : how;
  return html`<li class="fault">
    <p class="fault-head">
      <b>${causeWords(fault)}</b> ${came !== null && html`<span class="sub">${came}</span>`}
      <b class="fault-time">${durationHtml(Math.min(to, now) - from)}</b>
    </p>
    <p class="sub"><a href="${context.link(`/events/${eventId}`)}">${time(from)}</a> – ${end}</p>
    <div class="repair-bar">${repairBar(fault, now)}</div>
  </li>`;
}
