/** Draws a grid one pixel a cell: hue is the worst state, depth how much of it. */
import type { Grid } from "./grid.ts";

/** The least depth, so that one node of many is seen at all. */
const least = 0.2;

export function drawGrid(canvas: HTMLCanvasElement, grid: Grid, probe: HTMLElement): void {
  canvas.width = grid.width;
  canvas.height = grid.height;
  const context = canvas.getContext("2d");
  if (context === null || grid.width === 0 || grid.height === 0) return;
  const palette = paletteOf(probe);
  const image = context.createImageData(grid.width, grid.height);
  const pixels = new Uint32Array(image.data.buffer);
  grid.cells.forEach((byte, i) => {
    pixels[i] = palette[byte] ?? 0;
  });
  context.putImageData(image, 0, 0);
}

/** A colour for each of the 256 bytes, as pixels have them. */
function paletteOf(probe: HTMLElement): Uint32Array {
  const [up, unknown, maintenance, down, absent] = [
    "--up",
    "--unknown",
    "--maint",
    "--down",
    "--absent",
  ].map((name) => colourOf(probe, name));
  const ground = up ?? [0, 0, 0];
  const hues = [ground, unknown ?? ground, maintenance ?? ground, down ?? ground, absent ?? ground];
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const state = Math.min(4, byte >> 5);
    const share = (byte & 31) / 31;
    const depth = state === 0 || state === 4 ? 1 : least + (1 - least) * share;
    const [red, green, blue] = (hues[state] ?? ground).map((part, i) =>
      Math.round((ground[i] ?? 0) + (part - (ground[i] ?? 0)) * depth),
    );
    return ((255 << 24) | ((blue ?? 0) << 16) | ((green ?? 0) << 8) | (red ?? 0)) >>> 0;
  });
}

function colourOf(probe: HTMLElement, name: string): readonly number[] {
  const element = document.createElement("i");
  element.style.color = `var(${name})`;
  probe.append(element);
  const parts = getComputedStyle(element).color.match(/[\d.]+/g) ?? [];
  element.remove();
  return parts.slice(0, 3).map(Number);
}
