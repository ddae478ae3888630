/**
 * Where the lists of sequences of all entities lie: blocks of a few large arrays. A fleet has hundreds of thousands of
 * short jobs, and an array of its own for each would take more than what is in it.
 */
const chunkBits = 18;
const chunkWords = 1 << chunkBits;
const leastBits = 2;

export class SequenceStore {
  readonly #chunks: Uint32Array[] = [];
  #used = chunkWords;
  /** Blocks that are free, by their size. */
  readonly #free: number[][] = [];

  /** An address for so many words, at least; what is there may be anything. */
  take(bits: number): number {
    const free = this.#free[bits]?.pop();
    if (free !== undefined) return free;
    const words = 1 << bits;
    if (words >= chunkWords) {
      // A chunk of its own. What is left of the one that was being filled is not filled any more.
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

/** Where an address lies within its chunk. */
export function indexIn(address: number): number {
  return address & (chunkWords - 1);
}

/** The smallest size of a block for so many words. */
export function bitsFor(words: number): number {
  let bits = leastBits;
  while (1 << bits < words) bits++;
  return bits;
}
