/** Draws figures by bucket as steps on a uPlot canvas: gaps stay gaps, and buckets that are cut are lighter. */
import type uPlot from "uplot";
import type { Series } from "./series.ts";

export interface Colours {
  readonly series: string;
  readonly behind: string;
  readonly missed: string;
  readonly target: string;
  readonly zone: string;
  readonly grid: string;
  readonly axis: string;
}

const names = {
  series: "--series",
  behind: "--series-2",
  missed: "--down",
  target: "--ink-3",
  zone: "--nfz",
  grid: "--grid",
  axis: "--ink-3",
} as const satisfies Readonly<Record<keyof Colours, string>>;

/** The theme's colours, as a canvas takes them. */
export function coloursOf(host: HTMLElement): Colours {
  const probe = document.createElement("i");
  host.append(probe);
  const entries = Object.entries(names).map(([name, token]) => {
    probe.style.color = `var(${token})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Record<keyof Colours, string>;
}

/** A no-fly zone: from, to, and how strongly it is drawn. */
export type Band = readonly [from: number, to: number, depth: number];

/** Zones behind everything. */
export function drawBands(plot: uPlot, bands: readonly Band[], { zone }: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = zone;
  for (const [from, to, depth] of bands) {
    const [left, right] = [from, to].map((at) => within(plot, at));
    if (left === undefined || right === undefined || right <= left) continue;
    ctx.globalAlpha = 0.09 * depth;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

/** The target, the raw figure, the contractual one, and how far it stays below the target. */
export function drawSeries(plot: uPlot, series: Series, target: number, colours: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  dashed(plot, target, colours.target);
  steps(plot, series, { values: series.raw, colour: colours.behind, width: 1 });
  shortfall(plot, series, target, colours.missed);
  steps(plot, series, { values: series.contractual, colour: colours.series, width: 1.6 });
  const missed = series.contractual.map((value) =>
    value !== null && value < target ? value : null,
  );
  steps(plot, series, { values: missed, colour: colours.missed, width: 1.6 });
  ctx.restore();
}

/** The place of an instant on the canvas, cut to the plot. */
function within(plot: uPlot, at: number): number {
  const { left, width } = plot.bbox;
  return Math.min(left + width, Math.max(left, plot.valToPos(at, "x", true)));
}

function dashed(plot: uPlot, value: number, colour: string): void {
  const { ctx, bbox } = plot;
  const y = plot.valToPos(value, "y", true);
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.setLineDash([]);
}

interface Line {
  readonly values: readonly (number | null)[];
  readonly colour: string;
  readonly width: number;
}

/** Neighbours that are both whole, or both cut, are joined by an upright line. */
function steps(plot: uPlot, { edges, complete }: Series, { values, colour, width }: Line): void {
  const { ctx } = plot;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width * devicePixelRatio;
  for (const isWhole of [true, false]) {
    ctx.globalAlpha = isWhole ? 1 : 0.45;
    ctx.beginPath();
    let isOpen = false;
    values.forEach((value, i) => {
      const [from, to] = [edges[i], edges[i + 1]];
      if (
        value === null ||
        from === undefined ||
        to === undefined ||
        (complete[i] ?? true) !== isWhole
      ) {
        isOpen = false;
        return;
      }
      const y = plot.valToPos(value, "y", true);
      const left = plot.valToPos(from, "x", true);
      if (isOpen) ctx.lineTo(left, y);
      else ctx.moveTo(left, y);
      ctx.lineTo(plot.valToPos(to, "x", true), y);
      isOpen = true;
    });
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

function shortfall(
  plot: uPlot,
  { edges, contractual }: Series,
  target: number,
  colour: string,
): void {
  const { ctx } = plot;
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.16;
  const top = plot.valToPos(target, "y", true);
  contractual.forEach((value, i) => {
    const [from, to] = [edges[i], edges[i + 1]];
    if (value === null || value >= target || from === undefined || to === undefined) return;
    const left = plot.valToPos(from, "x", true);
    ctx.fillRect(
      left,
      top,
      plot.valToPos(to, "x", true) - left,
      plot.valToPos(value, "y", true) - top,
    );
  });
  ctx.globalAlpha = 1;
}
