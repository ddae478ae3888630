/** The thread that looks at blocks of leaves for `block-pool.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import type { BlockAnswer } from "./block-pool.ts";
import type { LeafBlock, TypesToNote } from "./leaf-block.ts";
import { lookAtBlock } from "./leaf-block.ts";
import { isCertain } from "./leaf-certain.ts";

const types = workerData as TypesToNote;

parentPort?.on("message", (block: LeafBlock) => {
  const answer: BlockAnswer = { look: lookAtBlock(block, types, isCertain), bytes: block.bytes };
  const { hashes, roots, ids, streams, streamOf, typeOf, recordedAt } = answer.look;
  parentPort?.postMessage(answer, [
    hashes.buffer,
    roots.buffer,
    ids.buffer,
    streams.numbers.buffer,
    streamOf.buffer,
    typeOf.buffer,
    recordedAt.buffer,
    block.bytes.buffer,
  ]);
});
