/** A set of hashes of 64 bits, each in two halves. Equal hashes of unequal things are one: its answer "new" is sure, its "known" is not. */
export class HashSet {
  /** Pairs; both 0 where there is none. */
  #halves = new Int32Array(2 * 1_024);
  #size = 0;

  /** Whether the hash was not there before. */
  add(high: number, low: number): boolean {
    if ((this.#size + 1) * 4 > this.#halves.length) this.#grow();
    // The pair of zeros is what an empty place looks like.
    return this.#put(high, low === 0 && high === 0 ? 1 : low);
  }

  #put(high: number, low: number): boolean {
    const halves = this.#halves;
    const last = halves.length / 2 - 1;
    for (let place = (Math.imul(high, 0x9e3779b1) ^ low) & last; ; place = (place + 1) & last) {
      const a = halves[2 * place] ?? 0;
      const b = halves[2 * place + 1] ?? 0;
      if (a === high && b === low) return false;
      if (a !== 0 || b !== 0) continue;
      halves[2 * place] = high;
      halves[2 * place + 1] = low;
      this.#size++;
      return true;
    }
  }

  #grow(): void {
    const before = this.#halves;
    this.#halves = new Int32Array(before.length * 2);
    this.#size = 0;
    for (let i = 0; i < before.length; i += 2) {
      const [high = 0, low = 0] = [before[i], before[i + 1]];
      if (high !== 0 || low !== 0) this.#put(high, low);
    }
  }
}
