/** Lists of rising numbers. */

/** Index of the first number of a rising list that is greater than `value`. */
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

/** Numbers between two that are kept. */
const step = 256;

/**
 * The largest of a list of numbers up to each of them. One in 256 is kept; between them the numbers
 * themselves are asked for.
 */
export class RisingMaximum {
  readonly #numberAt: (index: number) => number;
  /** The maximum over the numbers before each step. */
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

  /** `null` where there is none. */
  at(index: number): number | null {
    if (index < 0 || index >= this.#length) return null;
    if (index === this.#length - 1) return this.#last;
    const first = index - (index % step);
    let max = this.#before[first / step] ?? -Infinity;
    for (let i = first; i <= index; i++) max = Math.max(max, this.#numberAt(i));
    return max;
  }

  /** Index of the first maximum that is greater than `value`; the length if there is none. */
  indexAfter(value: number): number {
    if (this.#last <= value) return this.#length;
    // The steps up to this one begin with no greater maximum.
    let index = Math.max(0, indexAfter(this.#before, value) - 1) * step;
    while (index < this.#length && this.#numberAt(index) <= value) index++;
    return index;
  }
}
