/**
 * Compares events with their stored hashes, before a tree over these hashes is signed or a leaf is shown: a signature
 * over hashes alone would not notice an event that was edited in the file.
 */
import { leafHashBytes } from "../events/canonical/leaf-hash.ts";
import { LedgerError } from "../errors.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import { hashLeaf } from "../events/canonical/merkle-hash.ts";

/** Reads the events with `after` < sequence ≤ `upTo`. Throws `corrupt-event`, naming the first that is not what was stored. */
export async function assertLeavesHold(
  store: LeafStore,
  after: number,
  upTo: number,
): Promise<void> {
  let at = after;
  for await (const leaves of store.readLeaves(after, { upTo })) {
    const hashes = await store.leafHashes(at, at + leaves.length);
    for (const [i, leaf] of leaves.entries()) {
      const stored = hashes.subarray(i * leafHashBytes, (i + 1) * leafHashBytes);
      assertLeafHolds(leaf, stored, at + i + 1);
    }
    at += leaves.length;
    // Waiting requests get their turn between two batches.
    await new Promise((resume) => setImmediate(resume));
  }
  if (at < upTo) throw notAsStored(at + 1, "it is missing");
}

/** The exact text of an event that is hashed, compared with its stored hash. Throws `corrupt-event`. */
export async function heldLeaf(
  store: LeafStore,
  sequence: number,
  stored: Buffer,
): Promise<string> {
  for await (const [leaf] of store.readLeaves(sequence - 1, { upTo: sequence })) {
    if (leaf === undefined) continue;
    assertLeafHolds(leaf, stored, sequence);
    return leaf;
  }
  throw notAsStored(sequence, "it is missing");
}

/** Throws `corrupt-event` where the text is not what the hash was stored for. */
function assertLeafHolds(leaf: string, stored: Buffer, sequence: number): void {
  if (hashLeaf(leaf).equals(stored)) return;
  throw notAsStored(sequence, "its hash is not the one stored with it");
}

function notAsStored(sequence: number, why: string): LedgerError {
  return new LedgerError(
    "corrupt-event",
    `event ${sequence} is not what was stored: ${why}. It is neither signed nor proven; other answers show it as it is in the file now. \`verify\` finds what else is wrong, and a backup has the original event`,
    { extra: { sequence } },
  );
}
