/** A list of sequences, stored in a block of a shared store. */
import { wordAt } from "../../../projections/arithmetic/invariants.ts";
import { bitsFor, indexIn } from "./sequence-store.ts";
import type { SequenceStore } from "./sequence-store.ts";

export class Sequences {
  readonly #store: SequenceStore;
  /** Address of the block; -1 while there is none. */
  #address = -1;
  #bits = 0;
  #length = 0;

  constructor(store: SequenceStore) {
    this.#store = store;
  }

  get length(): number {
    return this.#length;
  }

  /** The sequence at an index; 0 if there is none. */
  at(index: number): number {
    if (index < 0 || index >= this.#length) return 0;
    return wordAt(this.#store.chunkOf(this.#address), indexIn(this.#address) + index);
  }

  /** Copies all of them into a list, from an index on. */
  copyInto(list: Uint32Array, index: number): void {
    if (this.#length === 0) return;
    const from = indexIn(this.#address);
    list.set(this.#store.chunkOf(this.#address).subarray(from, from + this.#length), index);
  }

  push(sequence: number): void {
    this.insert(this.#length, sequence);
  }

  /** Appends those of a list from one index to another. */
  pushAll(list: Uint32Array, begin: number, end: number): void {
    this.#makeRoom(end - begin);
    const chunk = this.#store.chunkOf(this.#address);
    const to = indexIn(this.#address) + this.#length;
    for (let i = begin; i < end; i++) chunk[to + i - begin] = wordAt(list, i);
    this.#length += end - begin;
  }

  insert(index: number, sequence: number): void {
    this.#makeRoom(1);
    const chunk = this.#store.chunkOf(this.#address);
    const begin = indexIn(this.#address);
    chunk.copyWithin(begin + index + 1, begin + index, begin + this.#length);
    chunk[begin + index] = sequence;
    this.#length++;
  }

  remove(index: number): void {
    const chunk = this.#store.chunkOf(this.#address);
    const begin = indexIn(this.#address);
    chunk.copyWithin(begin + index, begin + index + 1, begin + this.#length);
    this.#length--;
  }

  /** Keeps the first so many. */
  truncate(length: number): void {
    this.#length = Math.min(length, this.#length);
  }

  /** Index of the first sequence greater than `value`; the list must be ascending. */
  indexAfter(value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  copy(): Sequences {
    const copied = new Sequences(this.#store);
    for (let i = 0; i < this.#length; i++) copied.push(this.at(i));
    return copied;
  }

  /** Makes room for so many more sequences. */
  #makeRoom(more: number): void {
    if (this.#address >= 0 && this.#length + more <= 1 << this.#bits) return;
    const bits = bitsFor(this.#length + more);
    const address = this.#store.take(bits);
    if (this.#address >= 0) {
      const from = indexIn(this.#address);
      const old = this.#store.chunkOf(this.#address).subarray(from, from + this.#length);
      this.#store.chunkOf(address).set(old, indexIn(address));
      this.#store.give(this.#address, this.#bits);
    }
    this.#address = address;
    this.#bits = bits;
  }
}
