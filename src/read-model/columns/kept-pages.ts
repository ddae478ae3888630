/**
 * Pages of files that are kept in memory, in a bounded number of slots. Slots lie behind each other in a few large
 * buffers, and what is known of each is a number in an array: a buffer and an object for every page cost more than
 * reading it. Eviction is second chance (the clock algorithm): a page goes if it was not used since the hand last
 * passed it, so a use costs one write and no list is kept in order.
 */
import { at, byteAt, intAt } from "../../../projections/arithmetic/invariants.ts";

/**
 * A fold of all history reads a few facts of an entity in every segment, and what lies around them is wasted; a fold of
 * many entities reads what lies around them next. A page of 4 KiB takes nearly as long to read as one of 16.
 */
export const pageBytes = 16_384;

const slotsPerSlab = 64;

/** Whoever has pages in memory. */
export interface PageOwner {
  /** Called when a page of it is no longer there. */
  forget(page: number): void;
}

export class KeptPages {
  readonly #maxSlots: number;
  readonly #slabs: Buffer[] = [];
  readonly #owners: (PageOwner | null)[] = [];
  readonly #pages: Int32Array;
  readonly #used: Uint8Array;
  #hand = 0;
  #held = -1;

  /** There is always room for two pages: one that is being read, and one that is looked at meanwhile. */
  constructor(maxBytes: number) {
    this.#maxSlots = Math.max(2, Math.floor(maxBytes / pageBytes));
    this.#pages = new Int32Array(this.#maxSlots);
    this.#used = new Uint8Array(this.#maxSlots);
  }

  /** A slot whose content may be overwritten. Nobody owns it until `own` is called. */
  take(): number {
    return this.#owners.length < this.#maxSlots ? this.#added() : this.#evicted();
  }

  /** Says whose page the slot has now. */
  own(slot: number, owner: PageOwner, page: number): void {
    this.#owners[slot] = owner;
    this.#pages[slot] = page;
    this.#used[slot] = 1;
  }

  /** Called at each use of a page. */
  use(slot: number): void {
    this.#used[slot] = 1;
  }

  /** The page in this slot stays until another is held. */
  hold(slot: number): void {
    this.#held = slot;
  }

  /** The buffer in which the slot lies. */
  slabOf(slot: number): Buffer {
    return at(this.#slabs, Math.floor(slot / slotsPerSlab));
  }

  /** Where the slot begins in its buffer. */
  offsetOf(slot: number): number {
    return (slot % slotsPerSlab) * pageBytes;
  }

  #added(): number {
    const slot = this.#owners.push(null) - 1;
    const slab = Math.floor(slot / slotsPerSlab);
    if (slab === this.#slabs.length) {
      const slots = Math.min(slotsPerSlab, this.#maxSlots - slot);
      this.#slabs.push(Buffer.allocUnsafeSlow(slots * pageBytes));
    }
    return slot;
  }

  #evicted(): number {
    for (;;) {
      const slot = this.#hand;
      this.#hand = (this.#hand + 1) % this.#maxSlots;
      if (slot === this.#held) continue;
      const owner = this.#owners[slot] ?? null;
      if (owner !== null && byteAt(this.#used, slot) === 1) {
        this.#used[slot] = 0;
        continue;
      }
      this.#owners[slot] = null;
      owner?.forget(intAt(this.#pages, slot));
      return slot;
    }
  }
}
