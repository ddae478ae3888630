/** Numbers for names that lie in a piece of memory: a name is known again by its bytes, and no text is made of it. */

/** Half of the slots are empty at least: probes stay short. */
const slotsAName = 2;

export class ByteNames {
  readonly #bytes: Buffer;
  /** One more than a name's number; 0 is an empty slot. A block has few names: names chosen to collide cost little. */
  readonly #slots: Int32Array;
  readonly #begins: number[] = [];
  readonly #ends: number[] = [];

  /** For at most `most` different names. */
  constructor(bytes: Buffer, most: number) {
    this.#bytes = bytes;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(slotsAName * most + 1)));
  }

  /** The number of the name between two offsets: from 0 on, in the order in which names are first met. */
  numberOf(begin: number, end: number): number {
    const bytes = this.#bytes;
    let mixed = end - begin;
    for (let at = begin; at < end; at++) mixed = Math.imul(mixed ^ (bytes[at] ?? 0), 0x01000193);
    mixed ^= mixed >>> 15;
    const mask = this.#slots.length - 1;
    for (let slot = mixed & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0) {
        this.#slots[slot] = this.#begins.push(begin);
        this.#ends.push(end);
        return this.#begins.length - 1;
      }
      if (this.#isSame(number, begin, end)) return number;
    }
  }

  /** A name's bytes, one character each: names that differ stay different. */
  text(number: number): string {
    return this.#bytes.toString("latin1", this.#begins[number], this.#ends[number]);
  }

  #isSame(number: number, begin: number, end: number): boolean {
    const other = this.#begins[number] ?? 0;
    const length = end - begin;
    if ((this.#ends[number] ?? 0) - other !== length) return false;
    for (let i = 0; i < length; i++) {
      if (this.#bytes[other + i] !== this.#bytes[begin + i]) return false;
    }
    return true;
  }
}
