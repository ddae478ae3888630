/** Formats figures for people, with units and thousands separators. The exact values are in the JSON. */
import { shownText } from "../../shown-text.ts";

const hourMs = 3_600_000;

/** A whole number with thousands separators. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 rollout`, `2 rollouts`; the other form where it takes more than an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** A decimal number with `digits` digits after the point. */
function decimalText(value: number, digits: number): string {
  const [whole = "0", fraction] = Math.abs(value).toFixed(digits).split(".");
  const sign = value < 0 ? "-" : "";
  const text = `${sign}${number(Number(whole))}`;
  return fraction === undefined ? text : `${text}.${fraction}`;
}

/** A ratio in percent with six decimals; a dash if there is nothing to measure. */
export function percent(ratio: number | null): string {
  return ratio === null ? "-" : `${(ratio * 100).toFixed(6)} %`;
}

/** A target in percent, without trailing zeros. */
export function percentTarget(ratio: number): string {
  return `${Number((ratio * 100).toFixed(7))} %`;
}

/** A rate with four significant digits; a large one with one decimal. */
export function rate(value: number): string {
  if (Math.abs(value) >= 1_000) return decimalText(value, 1);
  return String(Number(value.toPrecision(4)));
}

/** Node-time in node-hours. */
export function nodeHours(ms: number): string {
  return `${decimalText(ms / hourMs, 1)} node-h`;
}

/** A duration in its two largest units, such as `2 d 03 h`; a dash if there is nothing to measure. */
export function duration(ms: number | null): string {
  if (ms === null) return "-";
  if (ms > 0 && ms < 1_000) return `${ms} ms`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${two(minutes % 60)} min`;
  return `${number(Math.floor(hours / 24))} d ${two(hours % 24)} h`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Whether a target was met. */
export function metText(met: boolean | null): string {
  return met === null ? "nothing to measure" : met ? "met" : "MISSED";
}

/** An instant to the minute, in UTC. */
export function instantShort(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

/** Rows in columns: the first and the last column aligned left, the others right. */
export function table(rows: readonly (readonly string[])[], indent = "  "): string[] {
  return columns(rows, indent, (i, count) => i === 0 || (i === count - 1 && count > 2));
}

/** Rows in columns, some aligned left and the others right. */
export function columns(
  texts: readonly (readonly string[])[],
  indent: string,
  isLeft: (column: number, count: number) => boolean,
): string[] {
  // Before the widths are measured, because a mark that is made visible takes up width.
  const rows = texts.map((row) => row.map(shownText));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows.map((row) => {
    const cells = row.map((cell, i) => {
      const width = widths[i] ?? 0;
      return isLeft(i, row.length) ? cell.padEnd(width) : cell.padStart(width);
    });
    return `${indent}${cells.join("  ")}`.trimEnd();
  });
}
