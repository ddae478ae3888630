/** Looks at blocks of leaves in several threads, and yields the results in the order of the blocks. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { maxVerifyThreads } from "../../limits/seals.ts";
import { rememberingFailure } from "./block-source.ts";
import type { LeafBlock, LeafBlockLook } from "./leaf-block.ts";
import { lookAtBlock } from "./leaf-block.ts";
import { isCertain } from "./leaf-certain.ts";
import { typesToNote } from "./types-to-note.ts";

/** Blocks handed to each thread: the one it works on, and the next. */
const blocksAThread = 2;

/** The number of threads worth starting for so many bytes; 0 means that the calling thread does the work. */
export function threadsFor(sizeBytes: number, leastBytes: number): number {
  return sizeBytes < leastBytes ? 0 : Math.min(maxVerifyThreads, availableParallelism());
}

/** The answer of a thread to one block. */
export interface BlockAnswer {
  readonly look: LeafBlockLook;
  /** The block's memory, to be reused. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Looks at blocks in order; `reuse` gets the memory of each back. With `threads` 0, the calling thread does the work.
 */
export async function* lookAtBlocks(
  blocks: AsyncIterable<LeafBlock>,
  threads: number,
  reuse: (bytes: Uint8Array<ArrayBuffer>) => void,
): AsyncGenerator<LeafBlockLook> {
  if (threads === 0) {
    for await (const block of blocks) {
      yield lookAtBlock(block, typesToNote, isCertain);
      reuse(block.bytes);
    }
    return;
  }
  const pool = Array.from({ length: threads }, () => new BlockThread());
  try {
    const underWay: Promise<BlockAnswer>[] = [];
    let next = 0;
    const readUp = rememberingFailure(blocks);
    for await (const block of readUp) {
      const thread = pool[next++ % threads];
      if (thread !== undefined) underWay.push(thread.look(block));
      if (underWay.length < threads * blocksAThread) continue;
      yield* answered(underWay, reuse);
    }
    while (underWay.length > 0) yield* answered(underWay, reuse);
    readUp.rethrow();
  } finally {
    await Promise.all(pool.map((thread) => thread.stop()));
  }
}

async function* answered(
  underWay: Promise<BlockAnswer>[],
  reuse: (bytes: Uint8Array<ArrayBuffer>) => void,
): AsyncGenerator<LeafBlockLook> {
  const answer = await underWay.shift();
  if (answer === undefined) return;
  reuse(answer.bytes);
  yield answer.look;
}

interface Waiting {
  readonly resolve: (answer: BlockAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread answers in the order in which it was asked. */
class BlockThread {
  readonly #worker = new Worker(new URL("./leaf-worker.ts", import.meta.url), {
    workerData: typesToNote,
  });
  readonly #waiting: Waiting[] = [];
  #failure: unknown = null;

  constructor() {
    this.#worker.on("message", (answer: BlockAnswer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on("error", (error) => {
      this.#failure = error;
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  look(block: LeafBlock): Promise<BlockAnswer> {
    const answer = new Promise<BlockAnswer>((resolve, reject) => {
      if (this.#failure !== null) reject(this.#failure);
      else this.#waiting.push({ resolve, reject });
    });
    // Errors are handled where the answer is awaited; until then they must not count as unhandled rejections.
    answer.catch(() => undefined);
    this.#worker.postMessage(block, [block.bytes.buffer, block.ends.buffer]);
    return answer;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
