/**
 * Makes the rows of full blocks from the events: for a file of the format before, whose index of streams they replace, and
 * where the rows are in doubt.
 */
import { packedRoot } from "../../../events/canonical/merkle-hash.ts";
import { leafHashBytes } from "../../../events/canonical/leaf-hash.ts";
import { isLedgerError } from "../../../errors.ts";
import { scanRowsPerTurn } from "../../../limits/store.ts";
import type { EventRows } from "../rows/event-rows.ts";
import type { LeafReader } from "../rows/leaf-reader.ts";
import { corrupt } from "../rows/row-codec.ts";
import { OpenBlock } from "./open-block.ts";
import type { LookedUp } from "../rows/looked-up.ts";
import type { BlockRow } from "./open-block.ts";
import type { Lookups } from "./lookups.ts";
import type { SeededHash } from "./seeded-hash.ts";

/** What blocks are made from. */
interface BlockSource {
  readonly rows: EventRows;
  readonly leaves: LeafReader;
  readonly hash: SeededHash;
  readonly blockEvents: number;
}

/** Of an event whose hash is not stored there is no root: one that equals no other is kept instead. */
const noRoot = Buffer.alloc(leafHashBytes);

export function hasRoot(root: Buffer): boolean {
  return !root.equals(noRoot);
}

/** RFC 6962 root over the stored hashes of a block's events. */
function rootOf({ leaves, blockEvents }: BlockSource, after: number): Buffer {
  try {
    return packedRoot(Buffer.from(leaves.hashes(after, after + blockEvents)));
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
    return noRoot;
  }
}

/** Stores the blocks that the present transaction has filled, so that lookups are never behind the events. */
export function storeFullBlocks(
  { index, rows: lookups, hash, blocks }: Lookups,
  rows: EventRows,
  leaves: LeafReader,
): void {
  const source = { rows, leaves, hash, blockEvents: blocks.blockEvents };
  for (const block of index.unstored) {
    for (const row of block.rows(hash, rootOf(source, block.after))) lookups.insert(row);
  }
}

/** The first clusters of streams: corrections belong to the cluster of the first event of their stream. */
type FirstClusters = Map<string, LookedUp["cluster"]>;

/** The rows of each full block from the first on, in turns. Throws `corrupt-event` at a gap. */
export async function* madeBlocks(source: BlockSource, upTo: number): AsyncGenerator<BlockRow[]> {
  const { blockEvents, hash, rows } = source;
  const firstClusters: FirstClusters = new Map();
  for (let index = 0; (index + 1) * blockEvents <= upTo; index++) {
    const block = new OpenBlock(index, index * blockEvents);
    while (block.count < blockEvents) {
      const position = block.after + block.count;
      const limit = Math.min(scanRowsPerTurn, blockEvents - block.count);
      const found = rows.lookedUp(position, limit);
      for (const [i, { sequence, event }] of found.entries()) {
        if (sequence !== position + i + 1) throw corrupt(position + i + 1, "is missing");
        block.add(asFirst(event, firstClusters), hash);
      }
      if (found.length < limit) throw corrupt(position + found.length + 1, "is missing");
      await new Promise((resume) => setImmediate(resume));
    }
    yield block.rows(hash, rootOf(source, block.after));
  }
}

function asFirst(
  { isCorrection, ...event }: LookedUp & { readonly isCorrection: boolean },
  firstClusters: FirstClusters,
): LookedUp {
  if (event.revision === 0 && !isCorrection) firstClusters.set(event.stream, event.cluster);
  return isCorrection ? { ...event, cluster: firstClusters.get(event.stream) ?? null } : event;
}
