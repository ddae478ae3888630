/** Searches in lists of ascending numbers, and running maxima. */
import { doubleAt } from "../../../projections/arithmetic/invariants.ts";

/** Index of the first number in an ascending list that is greater than `value`. */
export function indexAfter(rising: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One maximum in this many is stored. */
const step = 256;

/**
 * The running maximum of a list of numbers. One value in 256 is stored; for those in between, the numbers
 * themselves are read again.
 */
export class RisingMaximum {
  readonly #numberAt: (index: number) => number;
  /** The maximum of all numbers before each step. */
  readonly #before: number[] = [];
  #last = -Infinity;
  #length = 0;

  constructor(numberAt: (index: number) => number) {
    this.#numberAt = numberAt;
  }

  push(value: number): void {
    if (this.#length % step === 0) this.#before.push(this.#last);
    this.#last = Math.max(this.#last, value);
    this.#length++;
  }

  pushAll(values: Float64Array): void {
    for (let i = 0; i < values.length; i++) this.push(doubleAt(values, i));
  }

  /** The maximum up to `index`; `null` if there is none. */
  at(index: number): number | null {
    if (index < 0 || index >= this.#length) return null;
    if (index === this.#length - 1) return this.#last;
    const first = index - (index % step);
    let max = this.#before[first / step] ?? -Infinity;
    for (let i = first; i <= index; i++) max = Math.max(max, this.#numberAt(i));
    return max;
  }

  /** Index of the first maximum greater than `value`; the length if there is none. */
  indexAfter(value: number): number {
    if (this.#last <= value) return this.#length;
    // No maximum before this step is greater.
    let index = Math.max(0, indexAfter(this.#before, value) - 1) * step;
    while (index < this.#length && this.#numberAt(index) <= value) index++;
    return index;
  }
}
