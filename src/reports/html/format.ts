/** Formats figures and instants for people. */
import type { Html } from "./html.ts";
import { html } from "./html.ts";

export const noData = "no data";

/** A no-break space, between a number and its unit. */
const gap = "\u00a0";

/** A ratio as a percentage with three decimals; with more if rounding would hide that it misses the target. */
export function percent(ratio: number | null, target?: number): string {
  if (ratio === null) return noData;
  const rounded = (ratio * 100).toFixed(3);
  const hidesDifference =
    target !== undefined &&
    ratio !== target &&
    Number(rounded) === Number((target * 100).toFixed(3));
  return `${hidesDifference ? (ratio * 100).toFixed(7) : rounded}${gap}%`;
}

/** A target as a percentage, without trailing zeros. */
export function percentTarget(ratio: number): string {
  return `${Number((ratio * 100).toFixed(7))}${gap}%`;
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A duration by its two largest units, rounded down. */
export function duration(ms: number | null): string {
  if (ms === null) return noData;
  if (ms < 1_000) return `${ms}${gap}ms`;
  const first = units.findIndex(([, size]) => ms >= size);
  let rest = ms;
  const parts: string[] = [];
  for (const [unit, size] of units.slice(first, first + 2)) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount}${gap}${unit}`);
  }
  return parts.join(gap);
}

/** A whole number with separators. */
export function whole(value: number): string {
  return value.toLocaleString("en-GB");
}

/** A rate with four significant digits; a large one with one decimal. */
export function rate(value: number | null): string {
  if (value === null) return noData;
  if (Math.abs(value) < 1_000) return String(Number(value.toPrecision(4)));
  return (Math.round(value * 10) / 10).toLocaleString("en-GB");
}

/** An instant in UTC to the second, with its machine-readable form. */
export function instant(text: string): Html {
  return html`<time datetime="${text}">${text.slice(0, 19).replace("T", " ")} UTC</time>`;
}
