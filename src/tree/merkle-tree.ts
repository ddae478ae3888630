/**
 * The append-only tree over all events. It keeps the hashes of complete subtrees of 256 leaves and more (a quarter of a
 * byte per event) and the leaves of the unfinished block; smaller subtrees are hashed again from the events when a
 * proof needs them.
 */
import {
  emptyRoot,
  hashChildren,
  hashSizeBytes,
  packedRoot,
  splitPoint,
} from "../events/canonical/merkle-hash.ts";

/** Leaves of a block: 2^8, as in the tiles of C2SP tlog-tiles. */
export const blockLeaves = 256;
const blockLevel = 8;

/** Returns the hashes of the leaves `[from, to)`, counted from 0, in one buffer. */
type LeafSource = (from: number, to: number) => Promise<Buffer>;

export class MerkleTree {
  #size = 0;
  readonly #leaves: LeafSource;
  /** `#levels[i]` holds the hashes of complete subtrees of 2^(8 + i) leaves, in order. */
  readonly #levels: HashColumn[] = [];
  /** Hashes of the unfinished block's leaves. */
  readonly #block = Buffer.alloc(blockLeaves * hashSizeBytes);
  #blockLength = 0;

  constructor(leaves: LeafSource) {
    this.#leaves = leaves;
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  append(leafHash: Buffer): void {
    this.appendAll(leafHash);
  }

  /** Appends leaf hashes, packed one after another. */
  appendAll(packed: Buffer): void {
    for (let at = 0; at < packed.length;) {
      const free = this.#block.length - this.#blockLength * hashSizeBytes;
      const end = Math.min(packed.length, at + free);
      packed.copy(this.#block, this.#blockLength * hashSizeBytes, at, end);
      const taken = (end - at) / hashSizeBytes;
      this.#blockLength += taken;
      this.#size += taken;
      if (this.#blockLength === blockLeaves) this.#closeBlock();
      at = end;
    }
  }

  /** Appends the root of a block of 256 leaves; there must be no unfinished block. */
  appendBlock(root: Buffer): void {
    if (this.#blockLength > 0) throw new Error("a block is unfinished");
    this.#size += blockLeaves;
    this.#carry(root);
  }

  #closeBlock(): void {
    this.#blockLength = 0;
    this.#carry(packedRoot(this.#block));
  }

  #carry(blockRoot: Buffer): void {
    let carried = blockRoot;
    for (let level = 0; ; level++) {
      const column = (this.#levels[level] ??= new HashColumn());
      column.push(carried);
      if (column.length % 2 === 1) return;
      carried = hashChildren(column.at(column.length - 2), column.at(column.length - 1));
    }
  }

  /** The root of the tree as it was at `size` leaves. */
  root(size: number = this.#size): Promise<Buffer> {
    this.#check(size);
    return size === 0 ? Promise.resolve(emptyRoot) : this.#range(0, size);
  }

  /** PATH(index, D[size]) of RFC 6962, section 2.1.1. */
  async inclusionProof(index: number, size: number): Promise<Buffer[]> {
    this.#check(size);
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
    }
    const proof: Buffer[] = [];
    let from = 0;
    let n = size;
    while (n > 1) {
      const k = splitPoint(n);
      if (index - from < k) {
        proof.push(await this.#range(from + k, from + n));
        n = k;
      } else {
        proof.push(await this.#range(from, from + k));
        from += k;
        n -= k;
      }
    }
    return proof.reverse();
  }

  /** PROOF(firstSize, D[secondSize]) of RFC 6962, section 2.1.2. */
  async consistencyProof(firstSize: number, secondSize: number): Promise<Buffer[]> {
    this.#check(secondSize);
    if (!Number.isSafeInteger(firstSize) || firstSize < 1 || firstSize > secondSize) {
      throw new RangeError(`no consistency proof leads from ${firstSize} to ${secondSize}`);
    }
    const proof: Buffer[] = [];
    let m = firstSize;
    let from = 0;
    let n = secondSize;
    let isWhole = true;
    while (m < n) {
      const k = splitPoint(n);
      if (m <= k) {
        proof.push(await this.#range(from + k, from + n));
        n = k;
      } else {
        proof.push(await this.#range(from, from + k));
        from += k;
        m -= k;
        n -= k;
        isWhole = false;
      }
    }
    if (!isWhole) proof.push(await this.#range(from, from + n));
    return proof.reverse();
  }

  #check(size: number): void {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.#size) {
      throw new RangeError(`a tree of ${this.#size} leaves has no state at ${size}`);
    }
  }

  async #range(from: number, to: number): Promise<Buffer> {
    const n = to - from;
    if (n < blockLeaves) return packedRoot(await this.#leafHashes(from, to));
    const level = Math.log2(n) - blockLevel;
    if (Number.isInteger(level) && from % n === 0) {
      const column = this.#levels[level];
      if (column !== undefined && from / n < column.length) return column.at(from / n);
    }
    const k = splitPoint(n);
    return hashChildren(await this.#range(from, from + k), await this.#range(from + k, to));
  }

  /** A copy: the caller may overwrite it. */
  async #leafHashes(from: number, to: number): Promise<Buffer> {
    const blockStart = this.#size - this.#blockLength;
    if (from >= blockStart) {
      const start = (from - blockStart) * hashSizeBytes;
      return Buffer.from(this.#block.subarray(start, start + (to - from) * hashSizeBytes));
    }
    return Buffer.from(await this.#leaves(from, to));
  }
}

/** A growing list of hashes in one piece of memory. */
class HashColumn {
  #bytes = Buffer.alloc(64 * hashSizeBytes);
  length = 0;

  push(value: Uint8Array): void {
    const end = (this.length + 1) * hashSizeBytes;
    if (end > this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(value, end - hashSizeBytes);
    this.length++;
  }

  at(index: number): Buffer {
    const start = index * hashSizeBytes;
    return Buffer.from(this.#bytes.subarray(start, start + hashSizeBytes));
  }
}
