/** Ids by sequence, to find out whether an id occurred before. */
import { idWords } from "./leaf-id.ts";

const firstSlots = 1 << 12;
/** The table grows when more than this fraction of its slots is in use, which keeps probes short. */
const maxLoad = 0.5;
/** Large, because each growth inserts all ids again. */
const growth = 4;

/** Ids by sequence, four words each, with an open-addressing table over them. */
export class IdTable {
  /** The number of ids so far. */
  length = 0;
  #words = new Int32Array(firstSlots * idWords);
  /** Sequences; 0 marks an empty slot. */
  #slots = new Uint32Array(firstSlots);
  readonly #absent = new Set<number>();
  // Seeded, so that nobody can choose ids that collide.
  readonly #seeds = crypto.getRandomValues(new Int32Array(2));

  /** Appends ids, except the absent ones; reports each id that occurred before, with its index and the earlier sequence. */
  add(
    ids: Int32Array,
    absent: ReadonlySet<number>,
    onSame: (at: number, sequence: number) => void,
  ): void {
    this.#reserve(this.length + ids.length / idWords);
    this.#words.set(ids, this.length * idWords);
    for (let at = 0; at < ids.length / idWords; at++) {
      this.length++;
      if (absent.size > 0 && absent.has(at)) {
        this.#absent.add(this.length);
        continue;
      }
      const other = this.#put(this.length);
      if (other !== 0) onSame(at, other);
    }
  }

  textOf(sequence: number): string {
    const base = (sequence - 1) * idWords;
    const hex = Array.from(this.#words.subarray(base, base + idWords), (word) =>
      (word >>> 0).toString(16).padStart(8, "0"),
    ).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /** The first sequence with this id (lower case); 0 if there is none. */
  find(id: string): number {
    const bytes = Buffer.from(id.replaceAll("-", ""), "hex");
    if (bytes.length !== idWords * 4) return 0;
    const words = new Int32Array(idWords);
    for (let i = 0; i < idWords; i++) words[i] = bytes.readInt32BE(i * 4);
    return this.#slots[this.#slotOf(words, 0)] ?? 0;
  }

  /** The sequence that already has the id of `sequence`; if there is none, adds the id and returns 0. */
  #put(sequence: number): number {
    const slot = this.#slotOf(this.#words, (sequence - 1) * idWords);
    const other = this.#slots[slot] ?? 0;
    if (other === 0) this.#slots[slot] = sequence;
    return other;
  }

  /** The slot of the id whose words begin at `base`, or the empty slot where it would go. */
  #slotOf(id: Int32Array, base: number): number {
    const slots = this.#slots;
    const words = this.#words;
    const mask = slots.length - 1;
    const a = id[base] ?? 0;
    const b = id[base + 1] ?? 0;
    const c = id[base + 2] ?? 0;
    const d = id[base + 3] ?? 0;
    let mixed = Math.imul((this.#seeds[0] ?? 0) ^ a, 0x9e3779b1);
    mixed = Math.imul(mixed ^ (mixed >>> 15) ^ b, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13) ^ c, 0xc2b2ae35);
    mixed = Math.imul(mixed ^ (mixed >>> 16) ^ d ^ (this.#seeds[1] ?? 0), 0x27d4eb2f);
    mixed ^= mixed >>> 15;
    for (let slot = mixed & mask; ; slot = (slot + 1) & mask) {
      const other = slots[slot] ?? 0;
      if (other === 0) return slot;
      const at = (other - 1) * idWords;
      const isSame =
        words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d;
      if (isSame) return slot;
    }
  }

  #reserve(count: number): void {
    if (count * idWords > this.#words.length) {
      const larger = new Int32Array(Math.max(count * idWords, this.#words.length * 2));
      larger.set(this.#words.subarray(0, this.length * idWords));
      this.#words = larger;
    }
    if (count <= this.#slots.length * maxLoad) return;
    let slots = this.#slots.length;
    while (count > slots * maxLoad) slots *= growth;
    this.#slots = new Uint32Array(slots);
    for (let sequence = 1; sequence <= this.length; sequence++) {
      if (!this.#absent.has(sequence)) this.#put(sequence);
    }
  }
}
