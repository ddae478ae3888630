/** Time in each of the pieces that a window is cut into, summed over many intervals at a cost that does not grow with the pieces. */
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
    const begin = Math.max(from, edges[0] ?? 0);
    const end = Math.min(to, edges.at(-1) ?? 0);
    if (begin >= end) return;
    const first = pieceOf(edges, begin);
    const last = pieceOf(edges, end - 1);
    if (first === last) {
      this.#addTo(this.#parts, first, (end - begin) * times);
      return;
    }
    this.#addTo(this.#parts, first, ((edges[first + 1] ?? end) - begin) * times);
    this.#addTo(this.#parts, last, (end - (edges[last] ?? end)) * times);
    this.#addTo(this.#steps, first + 1, times);
    this.#addTo(this.#steps, last, -times);
  }

  /** The sum of each piece. Throws FigureTooLarge past 2^53 - 1. */
  values(figure: string): number[] {
    const values: number[] = [];
    let filling = 0;
    for (let i = 0; i + 1 < this.#edges.length; i++) {
      filling += this.#steps[i] ?? 0;
      const length = (this.#edges[i + 1] ?? 0) - (this.#edges[i] ?? 0);
      values.push(exact(exact(filling * length, figure) + (this.#parts[i] ?? 0), figure));
    }
    return values;
  }

  #addTo(list: Float64Array, i: number, value: number): void {
    list[i] = (list[i] ?? 0) + value;
  }
}

/** The piece that an instant of the window lies in. */
export function pieceOf(edges: readonly number[], instant: number): number {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] ?? 0) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}
