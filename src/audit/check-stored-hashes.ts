/** The hashes that a store keeps beside its events, against those of the events as they stand now. */
import { leafHashBytes } from "../events/leaf-hash.ts";
import { isLedgerError } from "../errors.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import type { Flaw, HistoryCheck } from "./check-history.ts";

/** Leaves compared at once. */
const leavesPerTurn = 1 << 16;
/** Flaws that are told one by one. */
const maxFlaws = 100;

export interface StoredHashCheck {
  /** Events whose hash is stored; 0 in a ledger from before there were any. */
  readonly compared: number;
  readonly flaws: readonly Flaw[];
}

/**
 * Names each event whose stored hash is not that of its text. Where a good seal covers the event as it
 * stands, it is the stored hash that was changed, and the words say so.
 */
export async function checkStoredHashes(
  store: LeafStore,
  check: Pick<HistoryCheck, "events" | "leafHashes" | "sealedEvents">,
): Promise<StoredHashCheck> {
  const { events, leafHashes, sealedEvents } = check;
  const flaws: Flaw[] = [];
  let compared = 0;
  const flaw = (sequence: number, message: string): void => {
    if (flaws.length < maxFlaws) flaws.push({ sequence, message });
  };
  const compare = (sequence: number, stored: Buffer): void => {
    const at = (sequence - 1) * leafHashBytes;
    if (stored.equals(leafHashes.subarray(at, at + leafHashBytes))) return;
    const what =
      sequence <= sealedEvents
        ? "the hash stored beside it was changed; the event stands as it was sealed"
        : "it is not what was stored: its hash is another";
    flaw(sequence, what);
  };
  try {
    for (let from = 0; from < events; from += leavesPerTurn) {
      const to = Math.min(events, from + leavesPerTurn);
      let next = from;
      for (const { first, hashes } of await store.storedLeafHashes(from, to)) {
        if (first - 1 > next && compared > 0) flaw(next + 1, "no hash is stored beside it");
        for (let at = 0; at < hashes.length; at += leafHashBytes) {
          compare(first + at / leafHashBytes, hashes.subarray(at, at + leafHashBytes));
          compared++;
        }
        next = first - 1 + hashes.length / leafHashBytes;
      }
      if (next < to && compared > 0) flaw(next + 1, "no hash is stored beside it");
    }
    const beyond = await store.storedLeafHashes(events, Number.MAX_SAFE_INTEGER - 1);
    if (beyond.length > 0 && !(await isThere(store, events + 1)))
      flaw(events + 1, "it is missing: its hash is stored");
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
    flaws.push({ sequence: null, message: error.message });
  }
  return { compared, flaws };
}

/** Another event may have been appended meanwhile. */
async function isThere(store: LeafStore, sequence: number): Promise<boolean> {
  try {
    return (await store.readAt(sequence)) !== null;
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
    return false;
  }
}
