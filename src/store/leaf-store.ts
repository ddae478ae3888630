/** What the audit needs of a store beside its events: their canonical texts, and the hashes of these. */
import { LedgerError } from "../errors.ts";
import type { EventStore } from "./event-store.ts";
import type { LeafRun } from "./leaf-rows.ts";

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
   * The hashes of the leaves `[from, to)`, counted from 0, 32 bytes each, in one piece: those that were
   * stored with the events, and where none was, computed now. Derived: nothing proves the stored ones.
   */
  leafHashes(from: number, to: number): Promise<Buffer>;
  /** The stored hashes within the leaves `[from, to)`, as runs; nothing where none is stored. */
  storedLeafHashes(from: number, to: number): Promise<readonly LeafRun[]>;
}

/** The store, as one that keeps leaves. Throws `internal` for a store that keeps none. */
export function leafStore(store: EventStore): LeafStore {
  if (isLeafStore(store)) return store;
  throw new LedgerError("internal", `${store.description} keeps no leaves to audit`);
}

function isLeafStore(store: EventStore): store is LeafStore {
  return "readLeaves" in store && "leafHashes" in store;
}
