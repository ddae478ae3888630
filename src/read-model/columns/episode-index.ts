/**
 * Which events state facts about an id: a table from the hash of the id to the events' sequences. A hit is only
 * possible, because hashes collide; the caller checks the facts.
 */
import { wordAt } from "../../../projections/arithmetic/invariants.ts";

const firstSlots = 1_024;

export class EpisodeIndex {
  readonly #hashOf: (sequence: number) => number;
  /** Open addressing; 0 marks an empty slot, since sequences begin at 1. */
  #sequences = new Uint32Array(firstSlots);
  #count = 0;
  /** Sequences of events with corrected versions, by the hash of the version's id; they are few. */
  readonly #corrected = new Map<number, Set<number>>();

  /** `hashOf` returns the hash of the id in an event as first stated; 0 for none. */
  constructor(hashOf: (sequence: number) => number) {
    this.#hashOf = hashOf;
  }

  add(hash: number, sequence: number): void {
    if (hash === 0) return;
    if (2 * (this.#count + 1) > this.#sequences.length) this.#growTo(2 * this.#sequences.length);
    this.#put(this.#sequences, hash, sequence);
    this.#count++;
  }

  /** Adds events from the sequence `first` on; `hashes` are those of their ids, 0 for none. */
  addAll(hashes: Uint32Array, first: number): void {
    for (let i = 0; i < hashes.length; i++) this.add(wordAt(hashes, i), first + i);
  }

  /** Makes room for the ids of so many events: growing step by step would place each of them anew several times. */
  reserve(ids: number): void {
    let slots = this.#sequences.length;
    while (slots < 2 * ids) slots *= 2;
    if (slots > this.#sequences.length) this.#growTo(slots);
  }

  /** Adds the event at `sequence`, because one of its versions states a fact about another id. */
  addCorrected(hash: number, sequence: number): void {
    const known = this.#corrected.get(hash);
    if (known === undefined) this.#corrected.set(hash, new Set([sequence]));
    else known.add(sequence);
  }

  /** Sequences of the events with a version that has this hash; a sequence may come twice. */
  *find(hash: number): Iterable<number> {
    yield* this.#corrected.get(hash) ?? [];
    const mask = this.#sequences.length - 1;
    for (let slot = scattered(hash) & mask; ; slot = (slot + 1) & mask) {
      const sequence = wordAt(this.#sequences, slot);
      if (sequence === 0) return;
      if (this.#hashOf(sequence) === hash) yield sequence;
    }
  }

  #growTo(slots: number): void {
    const larger = new Uint32Array(slots);
    for (const sequence of this.#sequences)
      if (sequence !== 0) this.#put(larger, this.#hashOf(sequence), sequence);
    this.#sequences = larger;
  }

  #put(table: Uint32Array, hash: number, sequence: number): void {
    const mask = table.length - 1;
    let slot = scattered(hash) & mask;
    while (table[slot] !== 0) slot = (slot + 1) & mask;
    table[slot] = sequence;
  }
}

/** Spreads out the hashes of consecutive ids, which are close to each other. */
function scattered(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 12)) >>> 0;
}
