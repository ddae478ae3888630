/** Time in each of the pieces that a window is cut into, summed over many intervals at a cost that does not grow with the pieces. */
import { at } from "./invariants.ts";
import { exact } from "./ratio.ts";

export class BucketSums {
  readonly #edges: readonly number[];
  /** Time of intervals in pieces that they do not fill. */
  readonly #parts: Float64Array;
  /** How many intervals more fill a piece than fill the one before it. */
  readonly #steps: Float64Array;

  /** `edges` rise: the start of each piece, and the end of the last one. */
  constructor(edges: readonly number[]) {
    this.#edges = edges;
    this.#parts = new Float64Array(edges.length);
    this.#steps = new Float64Array(edges.length);
  }

  /** Adds `[from, to)`, counted `times` times. What lies outside the window does not count. */
  add(from: number, to: number, times = 1): void {
    const edges = this.#edges;
    const begin = Math.max(from, at(edges, 0));
    const end = Math.min(to, at(edges, edges.length - 1));
    if (begin >= end) return;
    const first = pieceOf(edges, begin);
    const last = pieceOf(edges, end - 1);
    if (first === last) {
      this.#addTo(this.#parts, first, (end - begin) * times);
      return;
    }
    this.#addTo(this.#parts, first, (at(edges, first + 1) - begin) * times);
    this.#addTo(this.#parts, last, (end - at(edges, last)) * times);
    this.#addTo(this.#steps, first + 1, times);
    this.#addTo(this.#steps, last, -times);
  }

  /** The sum of each piece. Throws FigureTooLarge past 2^53 - 1. */
  values(figure: string): number[] {
    const values: number[] = [];
    let filling = 0;
    for (let i = 0; i + 1 < this.#edges.length; i++) {
      filling += at(this.#steps, i);
      const length = at(this.#edges, i + 1) - at(this.#edges, i);
      values.push(exact(exact(filling * length, figure) + at(this.#parts, i), figure));
    }
    return values;
  }

  #addTo(list: Float64Array, i: number, value: number): void {
    list[i] = at(list, i) + value;
  }
}

/** The piece that an instant of the window lies in. */
export function pieceOf(edges: readonly number[], instant: number): number {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(edges, middle) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}
