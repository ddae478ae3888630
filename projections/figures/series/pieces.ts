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
  readonly #counts: Float64Array;
  readonly #ends: Float64Array;
  /** The piece that was added to last. */
  #last = 0;

  /** The counts are kept in `row`, one number an edge; the last edge has none. */
  constructor(edges: readonly number[], row: Float64Array = new Float64Array(edges.length)) {
    this.#ends = Float64Array.from(edges);
    this.#counts = row;
  }

  get values(): number[] {
    return [...this.#counts.subarray(0, -1)];
  }

  /** Adds to the piece of an instant; what lies outside the window does not count. */
  add(instant: number, count = 1): void {
    const ends = this.#ends;
    if (instant < doubleAt(ends, 0) || instant >= doubleAt(ends, ends.length - 1)) return;
    const piece = pieceOf(ends, instant, this.#last);
    this.#last = piece;
    this.#counts[piece] = doubleAt(this.#counts, piece) + count;
  }
}
