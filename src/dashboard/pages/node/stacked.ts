/** Where pieces of one lane lie that overlap in time: on as few lines as will do. */
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";

interface Stacked {
  /** In percent of the lane's height. */
  readonly places: readonly { readonly top: number; readonly height: number }[];
  readonly lines: number;
}

/** Lines that a lane has room for; what overlaps still more shares the last one. */
const mostLines = 6;

/** The pieces are sorted by start. */
export function stacked(pieces: readonly Interval[]): Stacked {
  const ends: number[] = [];
  const lineOf = pieces.map(({ from, to }) => {
    const free = ends.findIndex((end) => end <= from);
    const line = Math.min(free === -1 ? ends.length : free, mostLines - 1);
    ends[line] = Math.max(to, ends[line] ?? -Infinity);
    return line;
  });
  const lines = Math.max(1, ends.length);
  const height = 100 / lines;
  const gap = lines === 1 ? 0 : height * 0.12;
  return {
    places: lineOf.map((line) => ({ top: line * height, height: height - gap })),
    lines,
  };
}
