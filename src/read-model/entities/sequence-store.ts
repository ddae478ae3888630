/**
 * Stores the sequence lists of all entities, as blocks within a few large arrays. A fleet has hundreds of thousands of
 * short jobs, and an array for each would take more memory than its content.
 */
const chunkBits = 18;
const chunkWords = 1 << chunkBits;
const leastBits = 2;

export class SequenceStore {
  readonly #chunks: Uint32Array[] = [];
  #used = chunkWords;
  /** Addresses of free blocks, by size. */
  readonly #free: number[][] = [];

  /** The address of a block of `2 ** bits` words; its content is undefined. */
  take(bits: number): number {
    const free = this.#free[bits]?.pop();
    if (free !== undefined) return free;
    const words = 1 << bits;
    if (words >= chunkWords) {
      // The block gets a chunk of its own; what is left of the current chunk stays unused.
      this.#chunks.push(new Uint32Array(words));
      this.#used = chunkWords;
      return (this.#chunks.length - 1) * chunkWords;
    }
    if (this.#used + words > chunkWords) {
      this.#chunks.push(new Uint32Array(chunkWords));
      this.#used = 0;
    }
    const address = (this.#chunks.length - 1) * chunkWords + this.#used;
    this.#used += words;
    return address;
  }

  give(address: number, bits: number): void {
    (this.#free[bits] ??= []).push(address);
  }

  chunkOf(address: number): Uint32Array {
    const chunk = this.#chunks[address >>> chunkBits];
    if (chunk === undefined) throw new RangeError(`there is no chunk at address ${address}`);
    return chunk;
  }
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
