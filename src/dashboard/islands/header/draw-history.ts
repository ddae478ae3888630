/** Draws the rail's histogram: events as bars, corrections as ticks below, seals as ticks above. */
import type { History } from "./history.ts";

export function drawHistory(canvas: HTMLCanvasElement, history: History, box: HTMLElement): void {
  const width = Math.round(box.clientWidth * devicePixelRatio);
  const height = Math.round(box.clientHeight * devicePixelRatio);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const style = getComputedStyle(box);
  const colour = (name: string) => {
    box.style.color = `var(${name})`;
    const value = style.color;
    box.style.color = "";
    return value;
  };
  const { events, corrections, seals } = history;
  const step = width / events.length;
  // The few largest bins would flatten all others.
  const tall = [...events].sort((a, b) => a - b)[Math.floor(events.length * 0.98)] ?? 1;
  const bar = Math.max(0.5, step - 0.5);
  context.fillStyle = colour("--line-2");
  events.forEach((count, i) => {
    const high = Math.min(1, count / Math.max(1, tall)) * height * 0.8;
    context.fillRect(i * step, height - high, bar, high);
  });
  context.fillStyle = colour("--warn-ink");
  corrections.forEach((count, i) => {
    if (count > 0)
      context.fillRect(i * step, height - 2 * devicePixelRatio, bar, 2 * devicePixelRatio);
  });
  context.fillStyle = colour("--nfz");
  seals.forEach((count, i) => {
    if (count > 0) context.fillRect(i * step, 0, Math.max(1, bar), 4 * devicePixelRatio);
  });
}
