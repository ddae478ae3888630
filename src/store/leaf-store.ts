/** What the audit needs of a store besides its events: their canonical texts and the hashes of these. */
import { LedgerError } from "../errors.ts";
import type { EventStore } from "./port.ts";

/** The position and length of a row of hashes, whatever it contains. */
export interface LeafRowPosition {
  /** The sequence that its first hash is said to be of; 0 for one before the first event's. */
  readonly first: number;
  /** 0 for a value that is not bytes. */
  readonly sizeBytes: number;
}

/** A run of stored hashes that begins with the event at sequence `first`. */
export interface LeafRun {
  readonly first: number;
  readonly hashes: Buffer;
}

/** Where lookups differ from the events that they are to find. */
export interface LookupDifference {
  readonly sequence: number;
  readonly message: string;
}

/** The hashes that a store keeps beside its events. They are derived data, and nothing proves them. */
export interface StoredLeaves {
  /** The sequence of a row of events before the first one, where the ledger writes none; `null` if there is none. */
  readonly strayEvent: number | null;
  /** The stored hashes of the leaves `[from, to)`, counted from 0, as runs; empty if none are stored. */
  runs(from: number, to: number): readonly LeafRun[];
  /** Up to `limit` rows of hashes that begin after sequence `after`, in order; -1 for all from the first. */
  positions(after: number, limit: number): readonly LeafRowPosition[];
  /** The RFC 6962 root over the stored hashes of the leaves `[from, to)`. Throws `corrupt-event` if one is missing. */
  rangeRoot(from: number, to: number): Promise<Buffer>;
  /** Makes what events are found by anew, as far as it is stored, up to a sequence; `null` if it is the same. */
  lookupDifference(upTo: number): Promise<LookupDifference | null>;
}

export interface LeafStore extends EventStore {
  /**
   * The canonical texts of the events with `after` < sequence ≤ `upTo`, in order, put together from the
   * stored columns without parsing the data. Throws `corrupt-event` for a row that cannot be one.
   */
  readLeaves(
    after: number,
    options?: { readonly upTo?: number; readonly batchSize?: number },
  ): AsyncIterable<readonly string[]>;
  /**
   * The hashes of the leaves `[from, to)`, counted from 0, 32 bytes each, in one buffer, as they were stored with the
   * events. Throws `corrupt-event` if one is missing.
   */
  leafHashes(from: number, to: number): Promise<Buffer>;
  storedLeaves(): Promise<StoredLeaves>;
  /** The sequence of the first event that is a decision; `null` if none is. */
  firstDecision(): Promise<number | null>;
}

/** The store, as one that keeps leaves. Throws `internal` for a store that keeps none. */
export function leafStore(store: EventStore): LeafStore {
  if (isLeafStore(store)) return store;
  throw new LedgerError("internal", `${store.description} stores no leaves to audit`);
}

function isLeafStore(store: EventStore): store is LeafStore {
  return "readLeaves" in store && "leafHashes" in store;
}
