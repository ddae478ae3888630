/** Marking intervals of time, plainly. */
import type { Interval } from "../../setting/history.ts";

/** Milliseconds that two intervals share. */
export function sharedMs(a: Interval, b: Interval): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}

/** What two intervals share, or `null`. */
export function sharedPart(a: Interval, b: Interval): Interval | null {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : null;
}

/** What is left of an interval without the others. */
export function without(interval: Interval, others: readonly Interval[]): Interval[] {
  let left = [interval];
  for (const other of others) {
    left = left.flatMap((piece) => {
      const before = { from: piece.from, to: Math.min(piece.to, other.from) };
      const after = { from: Math.max(piece.from, other.to), to: piece.to };
      return [before, after].filter(({ from, to }) => from < to);
    });
  }
  return left;
}

/** The interval cut wherever one of the instants lies inside it. */
export function cutAt(interval: Interval, instants: readonly number[]): Interval[] {
  const inside = instants.filter((at) => interval.from < at && at < interval.to);
  const cuts = [...new Set(inside)].sort((a, b) => a - b);
  const starts = [interval.from, ...cuts];
  return starts.map((from, i) => ({ from, to: cuts[i] ?? interval.to }));
}
