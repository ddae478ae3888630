/**
 * Stores the sequence lists of all entities, as blocks within a few large arrays. A fleet has hundreds of thousands of
 * short jobs, and an array for each would take more memory than its content.
 *
 * A block that is given back joins its free neighbour, so that lists that all grow find room where they were: each block
 * begins at a multiple of its size, and its neighbour is the other half of the block of twice that size.
 */
import { at } from "../../../projections/arithmetic/invariants.ts";

const chunkBits = 18;
const chunkWords = 1 << chunkBits;
const leastBits = 2;

interface Chunk {
  readonly words: Uint32Array;
  /** For each place where a block may begin: its size in bits if it is free, else 0. */
  readonly free: Uint8Array;
}

export class SequenceStore {
  readonly #chunks: Chunk[] = [];
  /** Addresses of blocks that were given back, by size; one that has joined its neighbour since is passed over. */
  readonly #given: number[][] = Array.from({ length: 32 }, () => []);

  /** The address of a block of `2 ** bits` words; its content is undefined. */
  take(bits: number): number {
    // A block larger than a chunk has one of its own.
    const largest = Math.max(bits, chunkBits);
    for (let size = bits; size <= largest; size++) {
      const address = this.#takeFree(size);
      if (address !== null) return this.#firstPart(address, size, bits);
    }
    const words = new Uint32Array(1 << largest);
    const free = new Uint8Array(chunkWords >>> leastBits);
    const address = (this.#chunks.push({ words, free }) - 1) * chunkWords;
    return this.#firstPart(address, largest, bits);
  }

  give(address: number, bits: number): void {
    let joined = address;
    let size = bits;
    for (; size < chunkBits; size++) {
      const neighbour = neighbourOf(joined, size);
      if (!this.#isFree(neighbour, size)) break;
      this.#mark(neighbour, 0);
      joined = Math.min(joined, neighbour);
    }
    this.#setFree(joined, size);
  }

  chunkOf(address: number): Uint32Array {
    return this.#chunkAt(address).words;
  }

  #takeFree(size: number): number | null {
    const given = at(this.#given, size);
    for (let address = given.pop(); address !== undefined; address = given.pop()) {
      if (!this.#isFree(address, size)) continue;
      this.#mark(address, 0);
      return address;
    }
    return null;
  }

  /** The first part of a block; the other halves stay free. */
  #firstPart(address: number, size: number, bits: number): number {
    for (let half = size - 1; half >= bits; half--) this.#setFree(address + (1 << half), half);
    return address;
  }

  #setFree(address: number, size: number): void {
    this.#mark(address, size);
    at(this.#given, size).push(address);
  }

  #isFree(address: number, size: number): boolean {
    return this.#chunkAt(address).free[indexIn(address) >>> leastBits] === size;
  }

  #mark(address: number, size: number): void {
    this.#chunkAt(address).free[indexIn(address) >>> leastBits] = size;
  }

  #chunkAt(address: number): Chunk {
    const chunk = this.#chunks[address >>> chunkBits];
    if (chunk === undefined) throw new RangeError(`there is no chunk at address ${address}`);
    return chunk;
  }
}

/** The other half of the block of twice the size. */
function neighbourOf(address: number, bits: number): number {
  return (address ^ (1 << bits)) >>> 0;
}

/** The index of an address within its chunk. */
export function indexIn(address: number): number {
  return address & (chunkWords - 1);
}

/** The smallest block size, in bits, that holds so many words. */
export function bitsFor(words: number): number {
  let bits = leastBits;
  while (1 << bits < words) bits++;
  return bits;
}
