/** Sums of time per cell, over many intervals: `BucketSums` for many rows, which are added up one after another. */
import { doubleAt } from "../../arithmetic/invariants.ts";
import type { EvenCells } from "../../arithmetic/even-cells.ts";

export class CellSums {
  readonly #cells: EvenCells;
  /** Per cell: time of the intervals that cover only part of it. */
  readonly #parts: Float64Array;
  /** Per cell: how many more intervals cover it whole than cover the cell before it. */
  readonly #steps: Float64Array;
  #totalMs = 0;

  constructor(cells: EvenCells) {
    this.#cells = cells;
    this.#parts = new Float64Array(cells.count + 1);
    this.#steps = new Float64Array(cells.count + 1);
  }

  /** The sum over all cells. */
  get totalMs(): number {
    return this.#totalMs;
  }

  /** Adds `[from, to)`; what lies outside the cells, or after `end`, does not count. */
  add(from: number, to: number, end: number): void {
    const cells = this.#cells;
    const begin = from > cells.from ? from : cells.from;
    const last = to < end ? to : end;
    if (begin >= last) return;
    this.#totalMs += last - begin;
    const first = cells.indexOf(begin);
    const final = cells.indexOf(last - 1);
    const parts = this.#parts;
    const steps = this.#steps;
    if (first === final) {
      parts[first] = doubleAt(parts, first) + (last - begin);
      return;
    }
    parts[first] = doubleAt(parts, first) + (doubleAt(cells.edges, first + 1) - begin);
    parts[final] = doubleAt(parts, final) + (last - doubleAt(cells.edges, final));
    steps[first + 1] = doubleAt(steps, first + 1) + 1;
    steps[final] = doubleAt(steps, final) - 1;
  }

  /** Writes the sum of each cell to a list, and begins anew. */
  takeInto(sumsMs: Float64Array): void {
    const { edges, count } = this.#cells;
    let covering = 0;
    for (let i = 0; i < count; i++) {
      covering += doubleAt(this.#steps, i);
      sumsMs[i] =
        covering * (doubleAt(edges, i + 1) - doubleAt(edges, i)) + doubleAt(this.#parts, i);
    }
    this.#parts.fill(0);
    this.#steps.fill(0);
    this.#totalMs = 0;
  }
}
