/**
 * The store port, all of it: what the ledger needs of whatever keeps events. The embedded store
 * and KurrentDB implement it; `test/contract/` is the suite that any implementation must pass.
 */
import type { LedgerError } from "../errors.ts";
import type { EventType } from "../events/catalogue.ts";
import type { CheckedEvent, StoredEvent } from "../events/envelope.ts";

/** Where a stream must stand for an append to be taken: at this last revision, or not there at all. */
export type ExpectedRevision = bigint | "no-stream";

/** One stream's part of a request: taken whole or not at all. */
export interface StreamAppend {
  readonly stream: string;
  readonly expectedRevision: ExpectedRevision;
  readonly events: readonly CheckedEvent[];
  /** Milliseconds since the epoch, one per event: part of the stored content. */
  readonly recordedAt: readonly number[];
}

/** Where the events of a `StreamAppend` are stored. */
export interface AppendedPosition {
  readonly firstRevision: bigint;
  /** Sequences, one per event; `null` if the store learns them only later (a mirror). */
  readonly sequences: readonly number[] | null;
  /** The same events had been taken before, at the same revision: this is their original position. */
  readonly duplicate: boolean;
}

/**
 * The outcome of one `StreamAppend`: its position, or a `LedgerError`: `wrong-expected-revision` (with
 * `stream`, `expected` and `actual`), `id-conflict` (same ids at that revision with another body, or
 * only some of the ids), `store-unavailable`, `read-only`.
 */
export type AppendOutcome =
  | { readonly ok: true; readonly position: AppendedPosition }
  | { readonly ok: false; readonly error: Error };

export interface AppendOptions {
  /** The sequences follow the order of the parts; without it each part is appended on its own. */
  readonly inOrder?: boolean;
  /**
   * By `performance.now()`: what the store has not been asked for until then is refused as `overloaded`, and nothing is
   * tried again after it. Default: `appendPatienceMs` from the call. Of no meaning for a store that is a local file.
   */
  readonly patientUntil?: number;
}

/**
 * Whether a process takes part in sealing with the others on its store. `candidate`: it takes the lease
 * when that is free. `observer`: it only tells who holds it. `none`: it does not look.
 */
export type LeaseRole = "candidate" | "observer" | "none";

/** How a store that lives elsewhere is reached, and how far its mirror is; for watching. */
export interface StoreStatus {
  /** `stopped`: it met what it may not pass over, or it disagrees with the store; `error` says which. */
  readonly mirrorState: "filling" | "live" | "disconnected" | "stopped";
  /** Events that are known and not in the mirror yet. */
  readonly mirrorLagEvents: number;
  /** How old the oldest is of what the mirror lacks, in seconds, as far as is known; 0 while it has everything. */
  readonly mirrorLagSeconds: number;
  /** Subscriptions that broke and were started again, or are to be. */
  readonly reconnects: number;
  /** Appends that have no outcome yet, also while one waits to be tried again. */
  readonly appendsInFlight: number;
  /** Attempts at appends beyond the first ones. */
  readonly retries: number;
  /** Appends whose outcome was unknown for a while and then known. */
  readonly unknownOutcomesResolved: number;
  /** Events of the store that were passed over: their ids stood already, of other events. */
  readonly duplicateIds: number;
  /** The instance that seals and drives timers, as far as is known; `null` if none does. */
  readonly leaseHolder: string | null;
  /** Whether this instance does. */
  readonly holdsLease: boolean;
  /** Whether this instance would take it: it has a key to seal with, and a mirror that is not behind. */
  readonly mayHoldLease: boolean;
  /** Where in the lease's stream this instance took it: larger than every earlier holder's; `null` unless it holds it. */
  readonly leaseTerm: number | null;
  /** Why the lease cannot be held where it should be, or is held elsewhere; `null` while nothing is wrong. */
  readonly leaseError: string | null;
  readonly error: string | null;
}

/** `file`: a file was deleted or replaced. `appends`: the last append failed. `checkpoints`: the write-ahead log stays out of the file. */
export type TroubleKind = "file" | "appends" | "checkpoints";

/** What is wrong with the files of a ledger that is written to. */
export interface StoreTrouble {
  readonly what: TroubleKind;
  readonly message: string;
}

export interface LedgerHead {
  /** The last sequence; 0 if the ledger is empty. */
  readonly sequence: number;
  /** The largest `recordedAt` of any event, milliseconds since the epoch; 0 if the ledger is empty. */
  readonly recordedAt: number;
}

export interface EventFilter {
  readonly stream?: string;
  readonly type?: EventType;
  readonly cluster?: string;
  /** `occurredAt`, half-open, milliseconds since the epoch. */
  readonly from?: number;
  readonly to?: number;
  /** Only events with a greater sequence. */
  readonly after: number;
  /** Only events up to this sequence. */
  readonly upTo?: number;
  readonly limit: number;
  /** `desc`: the latest first, so that `limit` cuts off the earliest. Default: by rising sequence. */
  readonly order?: "asc" | "desc";
  /** Ends a search that nobody waits for any more: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface EventStore {
  /** `sqlite:PATH` and the like, without credentials: for logs and messages. */
  readonly description: string;

  /** The file that reads come from, if it is a local one: what is derived from the events is kept beside it. */
  readonly localPath?: string;

  /**
   * Takes each stream's part whole or not at all, durably before it resolves. Parts do not depend on
   * each other; appends that arrive while a commit runs form the next one.
   */
  append(
    parts: readonly StreamAppend[],
    options?: AppendOptions,
  ): Promise<readonly AppendOutcome[]>;

  /** The last revision of a stream, `null` if there is none. */
  streamRevision(stream: string): Promise<bigint | null>;

  /** Events of one stream in order. Leaving the loop early releases what it holds. */
  readStream(stream: string, fromRevision?: bigint): AsyncIterable<StoredEvent>;

  /** All events with a sequence after `after`, in order, in batches, up to the head at the time of each batch. */
  readAll(
    after: number,
    options?: { readonly upTo?: number; readonly batchSize?: number },
  ): AsyncIterable<readonly StoredEvent[]>;

  /**
   * Catch-up subscription: `readAll`, then whatever is appended, without a gap or a double, until
   * the signal is aborted. Malformed stored data throws `corrupt-event` and names the sequence.
   */
  subscribe(after: number, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>;

  /** Events that match, by sequence in the asked order. */
  query(filter: EventFilter): Promise<readonly StoredEvent[]>;

  /** By id (lower case); `null` if there is none. */
  findById(id: string): Promise<StoredEvent | null>;

  /** Those of the events with these ids (lower case) that are there, in the order of the ids. */
  findByIds(ids: readonly string[]): Promise<readonly StoredEvent[]>;

  /** By sequence; `null` past the head. */
  readAt(sequence: number): Promise<StoredEvent | null>;

  head(): Promise<LedgerHead>;

  /**
   * A durable word beside the events, such as how they came in; `null` if it was never set. It is no
   * part of the history: nothing proves it, and a store that is copied must be given it again.
   */
  mark(name: string): Promise<string | null>;
  setMark(name: string, value: string): Promise<void>;

  /** Only of a store that lives elsewhere. */
  status?(): StoreStatus;

  /** Only of a store with files of its own that are written to: what is wrong with them now. */
  troubles?(): readonly StoreTrouble[];

  /**
   * Only of a store that is read from a mirror: it is not what it should be. Nothing more is taken, and why is told
   * and kept, also for later processes. `signer` names the key with which that was found, if there was one.
   */
  distrust?(why: LedgerError, signer: string | null): void;

  /** Only of a store that is read from a mirror: all of it is what was last sealed, as a look with that key has found. */
  trust?(signer: string | null): void;

  /** Only of a store that lives elsewhere: appends that it leaves without an answer are not tried again from now on. */
  stopTrying?(): void;

  close(): Promise<void>;
}
