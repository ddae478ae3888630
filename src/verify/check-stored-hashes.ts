/**
 * Checks the hashes that a store keeps beside its events: that there is exactly one per event, and that it is the hash
 * of the present event.
 */
import { leafHashBytes } from "../events/canonical/leaf-hash.ts";
import { isLedgerError } from "../errors.ts";
import type { LeafStore, StoredLeaves } from "../store/leaf-store.ts";
import type { Finding, HistoryCheck } from "./check-history.ts";

/** Leaves compared at once. */
const leavesPerTurn = 1 << 16;
/** Rows of hashes looked at at once. */
const rowsPerTurn = 1 << 12;
/** Findings that are told one by one. */
const maxFindings = 100;

export interface StoredHashCheck {
  /** Events whose hash is stored. */
  readonly compared: number;
  readonly findings: readonly Finding[];
}

type HashesToCompare = Pick<HistoryCheck, "events" | "leafHashes" | "sealedEvents">;

/**
 * Names each event whose stored hash is not that of its text, is missing, or is not the only one. If a valid seal
 * covers the present event, the message says that the stored hash was changed.
 */
export async function checkStoredHashes(
  store: LeafStore,
  check: HashesToCompare,
): Promise<StoredHashCheck> {
  const work = new StoredHashChecker(check);
  try {
    const stored = await store.storedLeaves();
    work.checkStray(stored);
    work.checkRows(stored);
    await work.compareAll(stored);
    await work.checkBeyond(stored, store);
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
    work.tell(null, error.message);
  }
  return { compared: work.compared, findings: work.findings };
}

/** Whether what finds events by stream, type and cluster is what the events say. */
export async function checkLookups(
  store: LeafStore,
  { events }: Pick<HistoryCheck, "events">,
): Promise<readonly Finding[]> {
  try {
    const leaves = await store.storedLeaves();
    const found = await leaves.lookupDifference(events);
    return found === null ? [] : [found];
  } catch (error) {
    // Events that cannot be read are told elsewhere.
    if (!isLedgerError(error, "corrupt-event")) throw error;
    return [];
  }
}

class StoredHashChecker {
  readonly findings: Finding[] = [];
  compared = 0;
  readonly #check: HashesToCompare;

  constructor(check: HashesToCompare) {
    this.#check = check;
  }

  tell(sequence: number | null, message: string): void {
    if (this.findings.length < maxFindings) this.findings.push({ sequence, message });
  }

  checkStray({ strayEvent }: StoredLeaves): void {
    if (strayEvent === null) return;
    this.tell(strayEvent, "it is before the first event, where the ledger writes none");
  }

  /** Whether the rows of hashes go from the first event to the last without a gap or an overlap. */
  checkRows(stored: StoredLeaves): void {
    const { events } = this.#check;
    let next = 1;
    let after = -1;
    for (let isMore = true; isMore;) {
      const rows = stored.positions(after, rowsPerTurn);
      for (const { first, sizeBytes } of rows) {
        if (first > events) break;
        next = this.#checkRow(first, sizeBytes, next);
      }
      after = rows.at(-1)?.first ?? after;
      isMore = rows.length === rowsPerTurn && after <= events;
    }
    this.#checkGap(next, events + 1);
  }

  /** Gives the sequence at which the next row must begin. */
  #checkRow(first: number, sizeBytes: number, next: number): number {
    if (first === 0) {
      this.tell(1, "other hashes are stored before those of the first events");
      return next;
    }
    const count = Math.floor(sizeBytes / leafHashBytes);
    if (count === 0 || sizeBytes % leafHashBytes !== 0) {
      this.tell(first, "from here on, what is stored beside the events are not complete hashes");
    }
    this.#checkGap(next, first);
    if (first < next) this.tell(first, "more than one hash is stored for it");
    return Math.max(next, first + count);
  }

  #checkGap(from: number, to: number): void {
    if (from >= to) return;
    const more = to - from - 1;
    const others = more === 0 ? "" : `, nor for the ${more} after it`;
    this.tell(from, `no hash is stored for it${others}`);
  }

  async compareAll(stored: StoredLeaves): Promise<void> {
    const { events } = this.#check;
    for (let from = 0; from < events; from += leavesPerTurn) {
      const to = Math.min(events, from + leavesPerTurn);
      for (const { first, hashes } of stored.runs(from, to)) {
        for (let at = 0; at < hashes.length; at += leafHashBytes) {
          this.#compare(first + at / leafHashBytes, hashes, at);
          this.compared++;
        }
      }
      await new Promise((resume) => setImmediate(resume));
    }
  }

  #compare(sequence: number, stored: Buffer, offset: number): void {
    const { leafHashes, sealedEvents } = this.#check;
    const at = (sequence - 1) * leafHashBytes;
    const end = at + leafHashBytes;
    if (leafHashes.compare(stored, offset, offset + leafHashBytes, at, end) === 0) return;
    const what =
      sequence <= sealedEvents
        ? "its stored hash was changed, but the event is as it was sealed"
        : "it is not what was stored: its hash differs";
    this.tell(sequence, what);
  }

  async checkBeyond(stored: StoredLeaves, store: LeafStore): Promise<void> {
    const next = this.#check.events + 1;
    const beyond = stored.runs(next - 1, Number.MAX_SAFE_INTEGER - 1);
    if (beyond.length > 0 && !(await isThere(store, next)))
      this.tell(next, "it is missing, but its hash is stored");
  }
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
