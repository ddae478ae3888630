/** A figure by buckets, as steps: never a smoothed curve, a gap where there is no data. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { Span } from "./scale.ts";
import { pc, share } from "./scale.ts";

interface StepChart {
  /** Edges of the buckets: one more than values. */
  readonly edges: readonly number[];
  readonly values: readonly (number | null)[];
  /** Values below it are drawn as missed. */
  readonly target: number | null;
  readonly window: Span;
  /** The range of the axis, the same for all charts of a page. */
  readonly range: Span;
  /** Zones that are shaded; `depth` from 0 to 1 says how much of the cluster they freeze. */
  readonly bands: readonly (Span & { readonly depth: number })[];
  readonly label: string;
  /** A series drawn behind, thinner. */
  readonly behind?: readonly (number | null)[];
  /** Of each bucket, whether it is whole; others are drawn lighter. Left out: all are. */
  readonly complete?: readonly boolean[];
}

/** Drawn in a box of 1,000 by 100 that stretches: lines keep their width. */
const width = 1_000;
const height = 100;

export function stepChart(chart: StepChart): Html {
  const { bands, window, target, label } = chart;
  const y = (value: number) => height - (share(value, chart.range) / 100) * height;
  const shading = bands.map(({ from, to, depth }) => {
    const left = share(from, window);
    return html`<rect
      class="band"
      x="${pc(left)}"
      width="${pc(share(to, window) - left)}"
      y="0"
      height="100%"
      opacity="${0.4 + 0.6 * depth}"
    />`;
  });
  const targetLine =
    target === null
      ? null
      : html`<line class="target" x1="0" x2="${width}" y1="${y(target)}" y2="${y(target)}" />`;
  return html`<svg class="steps" role="img" aria-label="${label}" width="100%" height="100%">
    ${shading}
    <svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" width="100%" height="100%">
      ${targetLine}
      ${chart.behind !== undefined && html`<path class="behind" d="${path(chart, chart.behind, y)}" />`}
      ${target !== null && html`<path class="shortfall" d="${shortfall(chart, target, y)}" />`}
      ${lines(chart, target, y)}
    </svg>
  </svg>`;
}

/** The line, with what misses the target in its colour; buckets that are not whole are drawn apart. */
function lines(chart: StepChart, target: number | null, y: (value: number) => number): Html[] {
  const { values, complete } = chart;
  const drawn = (kind: string, part: readonly (number | null)[]) =>
    html`<path class="line ${kind}" d="${path(chart, part, y)}" />
      ${target !== null && html`<path class="line missed ${kind}" d="${path(chart, below(part, target), y)}" />`}`;
  if (complete === undefined || complete.every((each) => each)) return [drawn("", values)];
  const only = (isWhole: boolean) =>
    values.map((value, i) => ((complete[i] ?? true) === isWhole ? value : null));
  return [drawn("", only(true)), drawn("cut", only(false))];
}

function below(values: readonly (number | null)[], target: number): (number | null)[] {
  return values.map((value) => (value !== null && value < target ? value : null));
}

/** Steps over the buckets that have a value; neighbours are joined by an upright line. */
function path(
  { edges, window }: StepChart,
  values: readonly (number | null)[],
  y: (value: number) => number,
): string {
  let text = "";
  let isOpen = false;
  values.forEach((value, i) => {
    if (value === null) {
      isOpen = false;
      return;
    }
    const [left, right] = [x(edges[i], window), x(edges[i + 1], window)];
    text += `${isOpen ? "L" : "M"}${left} ${round(y(value))}L${right} ${round(y(value))}`;
    isOpen = true;
  });
  return text;
}

/** The area between the target and the buckets that miss it. */
function shortfall(
  { edges, values, window }: StepChart,
  target: number,
  y: (value: number) => number,
): string {
  const top = round(y(target));
  return values
    .map((value, i) => {
      if (value === null || value >= target) return "";
      const [left, right] = [x(edges[i], window), x(edges[i + 1], window)];
      return `M${left} ${top}L${right} ${top}L${right} ${round(y(value))}L${left} ${round(y(value))}Z`;
    })
    .join("");
}

function x(ms: number | undefined, window: Span): number {
  return round((share(ms ?? window.from, window) / 100) * width);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
