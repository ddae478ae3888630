/** The events of a bundle as blocks of bytes, read from its file once, front to back. */
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { leafBlockBytes, leafBlockLeaves } from "../limits/seals.ts";
import type { BlockMemory } from "./leaves/block-source.ts";
import {
  type BundleFormat,
  assertFormat,
  bundleFormats,
  cutOff,
  decisionBegin,
  maxCheckpointBytes,
  maxLineBytes,
  notABundle,
  unknownFormat,
} from "./bundle.ts";
import type { LeafBlock } from "./leaves/leaf-block.ts";

const newline = 0x0a;
/** Bytes read at once. */
const readBytes = 1 << 20;

/**
 * Yields the blocks; `onCheckpoint` is called with the text after the empty line that ends the events. Throws `invalid-
 * request` for what is not a bundle.
 */
export async function* bundleBlocks(
  path: string,
  memory: BlockMemory,
  onCheckpoint: (text: string) => void,
): AsyncGenerator<LeafBlock> {
  const file = await open(path);
  try {
    const reader = new BlockReader(file, memory);
    await reader.readFormat();
    for (;;) {
      const block = await reader.next();
      if (block === null) break;
      yield block;
    }
    onCheckpoint(await reader.readRest());
  } finally {
    await file.close();
  }
}

class BlockReader {
  readonly #file: FileHandle;
  readonly #memory: BlockMemory;
  #buffer: Buffer<ArrayBuffer>;
  /** Number of filled bytes of the buffer; the first byte is not part of a leaf. */
  #filled = 1;
  /** Where the next line begins, and where the search for its end continues. */
  #line = 1;
  #searched = 1;
  #first = 0;
  #isAtEnd = false;
  #format: BundleFormat | null = null;
  #holdsDecisions = false;
  /** The empty line was met. */
  #isOver = false;

  constructor(file: FileHandle, memory: BlockMemory) {
    this.#file = file;
    this.#memory = memory;
    this.#buffer = memory.take(memory.blockBytes);
  }

  /** Reads the first line. */
  async readFormat(): Promise<void> {
    const longest = Math.max(...bundleFormats.map((format) => format.length + 1));
    while (this.#filled <= longest && (await this.#fill()));
    const begin = this.#buffer.subarray(1, this.#filled).subarray(0, longest).toString("latin1");
    const format = bundleFormats.find((each) => begin.startsWith(`${each}\n`));
    if (format === undefined) throw unknownFormat();
    this.#format = format;
    this.#buffer.copyWithin(1, 1 + format.length + 1, this.#filled);
    this.#filled -= format.length + 1;
  }

  /** The next block; `null` after the last event. */
  async next(): Promise<LeafBlock | null> {
    if (this.#isOver) return null;
    const ends = new Uint32Array(leafBlockLeaves);
    let count = 0;
    while (count < leafBlockLeaves && this.#line < leafBlockBytes) {
      const end = await this.#lineEnd();
      if (end < 0) throw notABundle(this.#first + count + 2, cutOff);
      this.#isOver = end === this.#line;
      const begin = this.#line;
      this.#line = end + 1;
      this.#searched = this.#line;
      if (end === begin) break;
      ends[count++] = end;
    }
    return count === 0 ? null : this.#cut(ends.slice(0, count));
  }

  /**
   * Everything after the empty line, as text. Throws `invalid-request` if it is longer than any checkpoint, or not
   * UTF-8.
   */
  async readRest(): Promise<string> {
    if (this.#format !== null) assertFormat(this.#format, this.#holdsDecisions);
    while (this.#filled - this.#line <= maxCheckpointBytes && (await this.#fill()));
    const rest = this.#buffer.subarray(this.#line, this.#filled);
    if (rest.length > maxCheckpointBytes) throw notABundle(null, "its checkpoint is too long");
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(rest);
    } catch (error) {
      throw notABundle(null, "it is not UTF-8", error);
    }
  }

  /** The end of the line that begins at `#line`; -1 if the file ends before it. */
  async #lineEnd(): Promise<number> {
    for (;;) {
      // The rest of the buffer contains bytes of an earlier block.
      const end = this.#buffer.indexOf(newline, this.#searched);
      if (end >= 0 && end < this.#filled) return end;
      this.#searched = this.#filled;
      if (this.#filled - this.#line > maxLineBytes) throw notABundle(null, "a line is too long");
      if (!(await this.#fill())) return -1;
    }
  }

  /** Returns what was read up to `#line` as a block; the rest moves to another buffer. */
  #cut(ends: Uint32Array<ArrayBuffer>): LeafBlock {
    const block = { bytes: this.#buffer, ends, first: this.#first };
    this.#holdsDecisions ||= this.#buffer.subarray(1, this.#line).includes(decisionBegin);
    const left = this.#filled - this.#line;
    const next = this.#memory.take(Math.max(left + 1, this.#memory.blockBytes));
    this.#buffer.copy(next, 1, this.#line, this.#filled);
    this.#buffer = next;
    this.#filled = left + 1;
    this.#line = 1;
    this.#searched = 1;
    this.#first += ends.length;
    return block;
  }

  /** Reads on; `false` at the end of the file. */
  async #fill(): Promise<boolean> {
    if (this.#isAtEnd) return false;
    if (this.#filled === this.#buffer.length) {
      const larger = this.#memory.take(2 * this.#buffer.length);
      this.#buffer.copy(larger, 0, 0, this.#filled);
      this.#memory.give(this.#buffer);
      this.#buffer = larger;
    }
    const length = Math.min(readBytes, this.#buffer.length - this.#filled);
    const { bytesRead } = await this.#file.read(this.#buffer, this.#filled, length);
    this.#filled += bytesRead;
    this.#isAtEnd = bytesRead === 0;
    return bytesRead > 0;
  }
}
