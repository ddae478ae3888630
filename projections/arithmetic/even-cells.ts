/** Cuts a window into cells of equal length, to the millisecond, so that each is one column of a picture. */
import { doubleAt } from "./invariants.ts";
import type { Interval } from "./intervals.ts";

export class EvenCells {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The mean length: cells differ by a millisecond at most, as their edges are whole milliseconds. */
  readonly cellMs: number;
  /** The start of each cell, then the end of the last one. */
  readonly edges: Float64Array;

  /** At most `most` cells; fewer only in a window of fewer milliseconds. The window must not be empty. */
  constructor({ from, to }: Interval, most: number) {
    const lengthMs = to - from;
    this.from = from;
    this.to = to;
    this.count = Math.min(most, lengthMs);
    this.cellMs = lengthMs / this.count;
    // Whole part and rest are multiplied apart, so that no product is rounded.
    const wholeMs = Math.floor(this.cellMs);
    const restMs = lengthMs - wholeMs * this.count;
    this.edges = Float64Array.from(
      { length: this.count + 1 },
      (_, i) => from + wholeMs * i + Math.floor((restMs * i) / this.count),
    );
  }

  /** Index of the cell that contains an instant of the window. */
  indexOf(instant: number): number {
    // The estimate may be one off where it is rounded.
    let index = Math.min(Math.floor((instant - this.from) / this.cellMs), this.count - 1);
    while (doubleAt(this.edges, index) > instant) index--;
    while (doubleAt(this.edges, index + 1) <= instant) index++;
    return index;
  }
}
