/**
 * Sums of time per piece of a window, over many intervals. Adding an interval costs the same however many pieces there
 * are.
 */
import { doubleAt } from "./invariants.ts";
import { exact } from "./ratio.ts";

export class BucketSums {
  readonly #edges: Float64Array;
  /** Per piece: time of the intervals that cover only part of it. */
  readonly #parts: Float64Array;
  /** Per piece: how many more intervals cover it whole than cover the piece before it. */
  readonly #steps: Float64Array;
  /** The piece that was added to last: the next interval is often near. */
  #last = 0;

  /** `edges` ascend: the start of each piece, then the end of the last one. The sums are kept in `row`, two numbers an edge. */
  constructor(edges: readonly number[], row: Float64Array = new Float64Array(2 * edges.length)) {
    this.#edges = Float64Array.from(edges);
    this.#parts = row.subarray(0, edges.length);
    this.#steps = row.subarray(edges.length, 2 * edges.length);
  }

  /** Adds `[from, to)`, counted `times` times. What lies outside the window does not count. */
  add(from: number, to: number, times = 1): void {
    const edges = this.#edges;
    const begin = Math.max(from, doubleAt(edges, 0));
    const end = Math.min(to, doubleAt(edges, edges.length - 1));
    if (begin >= end) return;
    const first = pieceOf(edges, begin, this.#last);
    const last = pieceOf(edges, end - 1, first);
    this.#last = last;
    if (first === last) {
      this.#addTo(this.#parts, first, (end - begin) * times);
      return;
    }
    this.#addTo(this.#parts, first, (doubleAt(edges, first + 1) - begin) * times);
    this.#addTo(this.#parts, last, (end - doubleAt(edges, last)) * times);
    this.#addTo(this.#steps, first + 1, times);
    this.#addTo(this.#steps, last, -times);
  }

  /** The sum of each piece. Throws FigureTooLarge past 2^53 - 1. */
  values(figure: string): number[] {
    const values: number[] = [];
    let filling = 0;
    for (let i = 0; i + 1 < this.#edges.length; i++) {
      filling += doubleAt(this.#steps, i);
      const length = doubleAt(this.#edges, i + 1) - doubleAt(this.#edges, i);
      values.push(exact(exact(filling * length, figure) + doubleAt(this.#parts, i), figure));
    }
    return values;
  }

  #addTo(list: Float64Array, i: number, value: number): void {
    list[i] = doubleAt(list, i) + value;
  }
}

/**
 * Index of the piece that contains an instant of the window; `guess` is looked at first. Most pieces are as long as the
 * others, so the search begins where it would be then.
 */
export function pieceOf(edges: Float64Array, instant: number, guess: number): number {
  if (doubleAt(edges, guess) <= instant && instant < doubleAt(edges, guess + 1)) return guess;
  const last = edges.length - 2;
  const from = doubleAt(edges, 0);
  const length = doubleAt(edges, last + 1) - from;
  let piece = Math.min(last, Math.floor(((instant - from) / length) * (last + 1)));
  while (piece > 0 && doubleAt(edges, piece) > instant) piece--;
  while (piece < last && doubleAt(edges, piece + 1) <= instant) piece++;
  return piece;
}
