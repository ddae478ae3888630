/** A chart with two axes that stretches with the page: lines and dots keep their size. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { pc } from "./scale.ts";

/** A label of an axis; `at` is in percent from the left or from the bottom. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

interface Plot {
  readonly label: string;
  /** In pixels. */
  readonly height?: number;
  readonly yTicks: readonly Tick[];
  readonly xTicks: readonly Tick[];
  /** Paths in a box of 1,000 by 1,000, from the top left, that stretches. */
  readonly stretched?: Html | null;
  /** What is placed by percentages and does not stretch. */
  readonly over?: Html | null;
}

/** The width and the height of the box that stretches. */
const boxSize = 1_000;

export function plot({ label, height = 180, yTicks, xTicks, stretched, over }: Plot): Html {
  const lines = yTicks.map(
    ({ at }) =>
      html`<line class="grid" x1="0" x2="100%" y1="${pc(100 - at)}" y2="${pc(100 - at)}" />`,
  );
  const yLabels = yTicks.map(
    (tick) =>
      html`<text
        x="100%"
        y="${pc(100 - tick.at)}"
        dy="${tick.at >= 95 ? "0.8em" : tick.at <= 5 ? "0" : "0.35em"}"
        text-anchor="end"
        >${tick.label}</text
      >`,
  );
  const xLabels = xTicks.map(
    (tick) =>
      html`<text
        x="${pc(tick.at)}"
        y="11"
        text-anchor="${tick.at < 4 ? "start" : tick.at > 96 ? "end" : "middle"}"
        >${tick.label}</text
      >`,
  );
  return html`<div class="plot-frame">
    <svg class="axis plot-y" width="52" height="${height}" aria-hidden="true">${yLabels}</svg>
    <div class="plot">
      <svg class="plot-area" role="img" aria-label="${label}" width="100%" height="${height}">
        ${lines}
        ${stretched !== undefined && stretched !== null && html`<svg viewBox="0 0 ${boxSize} ${boxSize}" preserveAspectRatio="none" width="100%" height="100%">${stretched}</svg>`}
        ${over}
      </svg>
      <svg class="axis" width="100%" height="14" aria-hidden="true">${xLabels}</svg>
    </div>
  </div>`;
}

/** A point in the box that stretches, from percentages from the left and from the bottom. */
export function boxPoint(left: number, bottom: number): string {
  const short = (percent: number) => Math.round(percent * (boxSize / 10)) / 10;
  return `${short(left)} ${short(100 - bottom)}`;
}

/** Steps that people count durations in, milliseconds. */
const durationSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
  172_800, 604_800, 1_209_600,
].map((seconds) => seconds * 1_000);

/** Even ticks from 0 to at least `most`, five or six of them; the last is where the axis ends. */
export function durationTicks(mostMs: number): number[] {
  const step =
    durationSteps.find((each) => each * 5 >= mostMs) ??
    Math.ceil(mostMs / 5 / 604_800_000) * 604_800_000;
  return evenTicks(step, mostMs);
}

/** As `durationTicks`, of whole numbers. */
export function countTicks(most: number): number[] {
  let step = 1;
  for (let scale = 1; step * 5 < most; scale *= 10) {
    step = [scale, 2 * scale, 5 * scale].find((each) => each * 5 >= most) ?? 10 * scale;
  }
  return evenTicks(step, most);
}

function evenTicks(step: number, most: number): number[] {
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

/** Durations between which an axis with a logarithmic scale is labelled. */
export function durationsBetween(fromMs: number, toMs: number): number[] {
  return durationSteps.filter((each) => each > fromMs && each < toMs);
}
