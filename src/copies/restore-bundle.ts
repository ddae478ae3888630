/**
 * Restores a ledger from a bundle: the same events at the same sequences, with the same recorded times and the same
 * tree head. Only seals and issued reports say that an import preserved recorded times; a ledger from a bundle without
 * any does not know it.
 */
import { LedgerError } from "../errors.ts";
import { PackedHashes } from "../events/canonical/leaf-hash.ts";
import { copyBatchEvents } from "../limits/store.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import { readBundle } from "../verify/bundle.ts";
import type { TreeHead } from "../tree/checkpoint.ts";
import { appendLeaves, recordedTimesMark } from "./copy-ledger.ts";
import { openLedgerTree } from "../tree/ledger-tree.ts";
import { MerkleTree } from "../tree/merkle-tree.ts";
import { hashSizeBytes } from "../events/canonical/merkle-hash.ts";

interface RestoreBundleOptions {
  /** The head that the bundle was verified to have. */
  readonly head: TreeHead;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Fills an empty store from a verified bundle, and reads it back. Throws `corrupt-event` if the stored events do not
 * have the bundle's tree head, and what the store throws.
 */
export async function restoreBundle(
  path: string,
  to: LeafStore,
  { head, onProgress }: RestoreBundleOptions,
): Promise<void> {
  const total = Number(head.size);
  let isKept = false;
  let done = 0;
  for await (const read of readBundle(path).leaves()) {
    for (let from = 0; from < read.length; from += copyBatchEvents) {
      const leaves = read.slice(from, from + copyBatchEvents);
      isKept ||= leaves.some(saysRecordedTimesKept);
      await appendLeaves(to, leaves, done + 1);
      done += leaves.length;
      onProgress(done, total);
    }
  }
  if (isKept) await to.setMark(recordedTimesMark, "kept");
  const tree = await openLedgerTree(to);
  const stored = await tree.root(total);
  tree.close();
  if (done === total && stored.equals(head.root) && (await rootOfTexts(to)).equals(head.root)) {
    return;
  }
  throw new LedgerError("corrupt-event", "the restored events do not match the bundle's tree head");
}

/** By system events: no sender's data can hold that name. */
function saysRecordedTimesKept(leaf: string): boolean {
  return (
    leaf.includes('"recordedAtKept":true') && /"type":"(LedgerSealed|ReportIssued)"\}$/.test(leaf)
  );
}

/** The root over the texts of the events as they are read back, regardless of stored hashes. */
async function rootOfTexts(store: LeafStore): Promise<Buffer> {
  const hashes = new PackedHashes();
  for await (const leaves of store.readLeaves(0)) for (const leaf of leaves) hashes.add(leaf);
  const all = hashes.bytes();
  const tree = new MerkleTree(async (from, to) =>
    all.subarray(from * hashSizeBytes, to * hashSizeBytes),
  );
  tree.appendAll(all);
  return await tree.root();
}
