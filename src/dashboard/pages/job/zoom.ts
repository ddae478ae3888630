/** Links that change the window of a job's page: closer, farther, earlier, later, whole. Keys follow them. */
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { PageContext } from "../../frame/page.ts";
import type { ShownJob, ShownWindow } from "./job-facts.ts";

/** Nothing is told apart within a second. */
const leastMs = 1_000;

/** This page with another window. */
export function toWindow(context: PageContext, { from, to }: Interval): string {
  return context.here({
    period: null,
    from: formatInstant(Math.round(from)),
    to: formatInstant(Math.round(to)),
  });
}

export function zoomLinks(
  context: PageContext,
  { life }: ShownJob,
  { window, isWhole }: ShownWindow,
): Html {
  const { from, to } = window;
  const quarter = (to - from) / 4;
  const whole = context.here({ period: null, from: null, to: null });
  const closer =
    quarter * 2 >= leastMs ? toWindow(context, { from: from + quarter, to: to - quarter }) : null;
  const wider = { from: from - 2 * quarter, to: to + 2 * quarter };
  const isAll = life !== null && wider.from <= life.from && wider.to >= life.to;
  const farther = isWhole ? null : isAll ? whole : toWindow(context, cutTo(wider, life));
  const isBefore = life !== null && from > life.from;
  const isAfter = life !== null && to < life.to;
  const moved = (by: number) => toWindow(context, { from: from + by, to: to + by });
  const link = (href: string | null, words: string, marks: Html) =>
    href === null
      ? html`<span class="none">${words}</span>`
      : html`<a href="${href}#p-strip" ${marks}>${words}</a>`;
  return html`<nav class="strip-tools" aria-label="Window">
    ${link(isBefore ? moved(-2 * quarter) : null, "earlier", { html: 'rel="prev"' })}
    ${link(isAfter ? moved(2 * quarter) : null, "later", { html: 'rel="next"' })}
    ${link(closer, "zoom in", { html: 'data-key="+"' })}
    ${link(farther, "zoom out", { html: 'data-key="-"' })}
    ${link(isWhole ? null : whole, "whole life", { html: "" })}
  </nav>`;
}

/** A window that goes no farther than the job's life on the side where it would. */
function cutTo({ from, to }: Interval, life: Interval | null): Interval {
  if (life === null || to <= life.from || from >= life.to) return { from, to };
  return { from: Math.max(from, life.from), to: Math.min(to, life.to) };
}
