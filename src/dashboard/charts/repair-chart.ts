/** How long repairs took, on a logarithmic axis: columns of closed faults, and of open ones at their age, hollow, on top. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { durationText } from "../frame/times.ts";
import type { Span } from "./scale.ts";
import { pc, share } from "./scale.ts";

interface RepairMark {
  /** A class of the style sheet. */
  readonly kind: string;
  readonly atMs: number | null;
  readonly words: string;
}

interface RepairChart {
  readonly closedMs: readonly number[];
  readonly openMs: readonly number[];
  readonly targetMs: number;
  readonly marks: readonly RepairMark[];
  readonly label: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const ticks = [
  minuteMs,
  10 * minuteMs,
  hourMs,
  6 * hourMs,
  dayMs,
  4 * dayMs,
  16 * dayMs,
  64 * dayMs,
];

/** Columns of the whole axis. */
const columns = 56;

/** Height of the highest column, in percent. */
const highest = 94;

export function repairChart({ closedMs, openMs, targetMs, marks, label }: RepairChart): Html {
  const shownMarks = marks.flatMap(({ atMs, ...mark }) =>
    atMs === null ? [] : [{ ...mark, atMs }],
  );
  const all = [...closedMs, ...openMs, targetMs, ...shownMarks.map(({ atMs }) => atMs)];
  const span = axisOf(all);
  const x = (ms: number) => share(Math.log(Math.max(ms, 1)), span);
  const columnOf = (ms: number) => Math.min(columns - 1, Math.floor((x(ms) / 100) * columns));
  const [closed, open] = [closedMs, openMs].map((list) => {
    const counts = Array.from({ length: columns }, () => 0);
    for (const ms of list) counts[columnOf(ms)] = (counts[columnOf(ms)] ?? 0) + 1;
    return counts;
  });
  const most = Math.max(
    ...Array.from({ length: columns }, (_, i) => (closed?.[i] ?? 0) + (open?.[i] ?? 0)),
  );
  const rects = Array.from({ length: columns }, (_, i) =>
    column({ i, span, most, closed: closed?.[i] ?? 0, open: open?.[i] ?? 0 }),
  );
  const upright = (kind: string, ms: number, words: string) =>
    html`<line class="mark ${kind}" x1="${pc(x(ms))}" x2="${pc(x(ms))}" y1="0" y2="100%"
      ><title>${words}: ${durationText(ms)}</title></line
    >`;
  return html`<div class="repair-chart">
    <svg class="bar-chart" role="img" aria-label="${label}" width="100%" height="100%">
      ${rects} ${topLine(most)} ${upright("target", targetMs, "target")}
      ${shownMarks.map(({ kind, atMs, words }) => upright(kind, atMs, words))}
    </svg>
    <svg class="axis" width="100%" height="14" aria-hidden="true">${axisLabels(x)}</svg>
  </div>`;
}

/** What the highest column stands for: the axis begins at 0. */
function topLine(most: number): Html {
  const y = pc(100 - highest);
  return html`<line class="top" x1="0" x2="100%" y1="${y}" y2="${y}" />
    <text class="top" x="0" y="${y}" dy="12">${most} ${most === 1 ? "fault" : "faults"}</text>`;
}

/** From a little below the shortest to a little above the longest, in logarithms. */
function axisOf(all: readonly number[]): Span {
  const least = all.reduce((a, b) => Math.min(a, b), Infinity);
  const most = all.reduce((a, b) => Math.max(a, b), 0);
  return {
    from: Math.log(Math.max(1_000, least / 1.4)),
    to: Math.log(Math.max(2_000, most * 1.4)),
  };
}

interface Column {
  readonly i: number;
  readonly span: Span;
  readonly most: number;
  readonly closed: number;
  readonly open: number;
}

function column({ i, span, most, closed, open }: Column): Html | null {
  if (closed + open === 0) return null;
  const width = 100 / columns;
  const edge = (k: number) =>
    durationText(Math.round(Math.exp(span.from + (k / columns) * (span.to - span.from))));
  const heightOf = (count: number) => (count / most) * highest;
  const rect = (kind: string, from: number, count: number, words: string) =>
    count > 0 &&
    html`<rect
      class="${kind}"
      x="${pc(i * width + width * 0.08)}"
      width="${pc(width * 0.84)}"
      y="${pc(100 - heightOf(from + count))}"
      height="${pc(heightOf(count))}"
      ><title>${count} ${words}, ${edge(i)} to ${edge(i + 1)}</title></rect
    >`;
  return html`${rect("spent", 0, closed, "closed")} ${rect("hollow", closed, open, "open")}`;
}

function axisLabels(x: (ms: number) => number): Html[] {
  let last = -Infinity;
  return ticks.flatMap((ms) => {
    const left = x(ms);
    if (left <= 2 || left >= 98 || left - last < 9) return [];
    last = left;
    return [html`<text x="${pc(left)}" y="11" text-anchor="middle">${durationText(ms)}</text>`];
  });
}
