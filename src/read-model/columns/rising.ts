/** Lists of rising numbers. */

/** Place of the first number of a rising list that is greater than `value`. */
export function placeAfter(rising: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The largest of the numbers so far, after each of them. */
export class RisingNumbers {
  #values = new Float64Array(1_024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    const last = this.at(this.#length - 1) ?? -Infinity;
    this.#values[this.#length++] = Math.max(value, last);
  }

  /** `null` where there is none. */
  at(place: number): number | null {
    return place >= 0 && place < this.#length ? (this.#values[place] ?? null) : null;
  }

  placeAfter(value: number): number {
    return placeAfter(this.#values.subarray(0, this.#length), value);
  }
}
