/** Numbers the names within a piece of memory, comparing their bytes without making texts of them. */

/** At least half of the slots are empty, which keeps probes short. */
const slotsAName = 2;

export class ByteNames {
  readonly #bytes: Buffer;
  /** A name's number plus one; 0 is an empty slot. A block has few names, so names chosen to collide cost little. */
  readonly #slots: Int32Array;
  readonly #begins: number[] = [];
  readonly #ends: number[] = [];

  /** For at most `most` different names. */
  constructor(bytes: Buffer, most: number) {
    this.#bytes = bytes;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(slotsAName * most + 1)));
  }

  /** The number of the name between two offsets; names are numbered from 0 in the order in which they are first met. */
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

  /** A name's bytes, one character per byte, so that different names stay different. */
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
