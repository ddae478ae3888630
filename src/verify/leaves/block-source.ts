/** Packs leaves into blocks of bytes, in memory that is reused. */
import { leafBlockBytes, leafBlockLeaves } from "../../limits/seals.ts";
import type { LeafBlock } from "./leaf-block.ts";

/** Bytes that a block has room for, except for a longer leaf. */
const roomBytes = 2 * leafBlockBytes;

/** Memory of blocks that are finished. */
export class BlockMemory {
  /** Bytes of a block, if no leaf is longer. */
  readonly blockBytes: number;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];

  /** `allBytes` are those of all leaves, as far as they are known: few need little memory, which has to be cleared. */
  constructor(allBytes: number = Infinity) {
    this.blockBytes = Math.min(roomBytes, allBytes);
  }

  /** Memory of at least so many bytes. */
  take(sizeBytes: number): Buffer<ArrayBuffer> {
    const found = this.#free.findIndex((bytes) => bytes.buffer.byteLength >= sizeBytes);
    // Where none is large enough, one that is too small makes way.
    const [bytes] = found < 0 ? [] : this.#free.splice(found, 1);
    if (found < 0) this.#free.shift();
    const memory = bytes?.buffer ?? new ArrayBuffer(Math.max(sizeBytes, this.blockBytes));
    return Buffer.from(memory);
  }

  give(bytes: Uint8Array<ArrayBuffer>): void {
    // A single very long line needs a larger block once; that memory is not kept.
    if (bytes.buffer.byteLength <= roomBytes) this.#free.push(bytes);
  }
}

/** Packs leaves that are given as texts. */
export async function* blocksOfTexts(
  leaves: AsyncIterable<readonly string[]>,
  memory: BlockMemory,
): AsyncGenerator<LeafBlock> {
  let texts: string[] = [];
  let length = 0;
  let first = 0;
  const made = (): LeafBlock => {
    const block = blockOf(texts, length, first, memory);
    first += texts.length;
    texts = [];
    length = 0;
    return block;
  };
  const readUp = rememberingFailure(leaves);
  for await (const batch of readUp) {
    for (const leaf of batch) {
      texts.push(leaf);
      length += leaf.length;
      if (texts.length >= leafBlockLeaves || length >= leafBlockBytes) yield made();
    }
  }
  if (texts.length > 0) yield made();
  readUp.rethrow();
}

/** Yields what is read until reading fails; the failure is kept until everything before it has been handled. */
export function rememberingFailure<T>(
  source: AsyncIterable<T>,
): AsyncIterable<T> & { rethrow(): void } {
  let failure: { readonly error: unknown } | null = null;
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* source;
      } catch (error) {
        failure = { error };
      }
    },
    rethrow() {
      if (failure !== null) throw failure.error;
    },
  };
}

/** Bytes that are enough for the texts, which have `length` code units in all. */
function bytesOf(texts: readonly string[], length: number): number {
  // A code unit takes at most three bytes. For long texts they are counted, since nearly all are ASCII.
  if (3 * length <= leafBlockBytes) return 3 * length;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function blockOf(
  texts: readonly string[],
  length: number,
  first: number,
  memory: BlockMemory,
): LeafBlock {
  const bytes = memory.take(bytesOf(texts, length) + texts.length + 1);
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (const [at, text] of texts.entries()) {
    end += 1 + bytes.write(text, end + 1);
    ends[at] = end;
  }
  return { bytes, ends, first };
}
