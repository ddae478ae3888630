/** The pieces of a window, each of which has a value of a figure; `edges` are where the window begins, is cut, and ends. */
import { at, doubleAt } from "../../arithmetic/invariants.ts";
import { pieceOf } from "../../arithmetic/bucket-sums.ts";
import type { Interval } from "../../arithmetic/intervals.ts";

/** One figure per piece. */
export type Values = readonly number[];

/** Nodes and jobs between two pauses. */
export const perStep = 64;

export function windowOf(edges: readonly number[]): Interval {
  return { from: at(edges, 0), to: at(edges, edges.length - 1) };
}

/** What is counted at instants, per piece. */
export class PieceCounts {
  readonly values: number[];
  readonly #ends: Float64Array;
  /** The piece that was added to last. */
  #last = 0;

  constructor(edges: readonly number[]) {
    this.#ends = Float64Array.from(edges);
    this.values = edges.slice(1).map(() => 0);
  }

  /** Adds to the piece of an instant; what lies outside the window does not count. */
  add(instant: number, count = 1): void {
    const ends = this.#ends;
    if (instant < doubleAt(ends, 0) || instant >= doubleAt(ends, ends.length - 1)) return;
    const piece = pieceOf(ends, instant, this.#last);
    this.#last = piece;
    this.values[piece] = at(this.values, piece) + count;
  }
}
