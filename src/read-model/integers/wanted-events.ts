/** Which events of a segment are wanted, and the place of the fact of each; they are given back in the order of the ledger. */
import { wordAt } from "../../../projections/arithmetic/invariants.ts";

const bitsPerWord = 32;

export class WantedEvents {
  /** A bit for each event. */
  #bits = new Uint32Array(0);
  #places = new Uint32Array(0);

  /** Makes room for a segment of so many events. */
  reserve(events: number): void {
    if (this.#places.length >= events) return;
    this.#bits = new Uint32Array(Math.ceil(events / bitsPerWord));
    this.#places = new Uint32Array(events);
  }

  add(index: number, place: number): void {
    const word = index >>> 5;
    this.#bits[word] = wordAt(this.#bits, word) | (1 << (index & 31));
    this.#places[index] = place;
  }

  placeOf(index: number): number {
    return wordAt(this.#places, index);
  }

  /** The first index at or after `from` that is wanted, which is not wanted from then on; -1 if there is none. */
  next(from: number): number {
    for (let word = from >>> 5; word < this.#bits.length; word++) {
      const bits = wordAt(this.#bits, word);
      if (bits === 0) continue;
      this.#bits[word] = bits & (bits - 1);
      return bitsPerWord * word + 31 - Math.clz32(bits & -bits);
    }
    return -1;
  }
}
