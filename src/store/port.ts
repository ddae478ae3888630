/**
 * The store port: everything that the ledger needs of a store of events. The embedded store and KurrentDB implement it;
 * every implementation must pass the suite in `test/contract/`.
 */
import type { LedgerError } from "../errors.ts";
import type { EventType } from "../events/catalogue.ts";
import type { CheckedEvent, StoredEvent } from "../events/envelope.ts";

/** The revision that a stream must have for an append: its last revision, or `no-stream` if it must not exist. */
export type ExpectedRevision = bigint | "no-stream";

/** One stream's part of a request: appended whole or not at all. */
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
  /** Whether the same events were appended before, at the same revision: this is their original position. */
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
  /** Whether sequences follow the order of the parts; otherwise each part is appended on its own. */
  readonly inOrder?: boolean;
  /**
   * A time by `performance.now()`: what was not sent to the store by then is refused as `overloaded`, and nothing is
   * retried after it. Default: `appendPatienceMs` from the call. Ignored by a store that is a local file.
   */
  readonly patientUntil?: number;
}

/**
 * Whether a process takes turns in sealing with others on its store. `candidate`: it takes the lease when that is free.
 * `observer`: it only reports who holds it. `none`: it does not look.
 */
export type LeaseRole = "candidate" | "observer" | "none";

/** The state of the connection to an external store and of its mirror, for monitoring. */
export interface StoreStatus {
  /** `stopped`: it met a record that it must not skip, or it differs from the store; `error` says which. */
  readonly mirrorState: "filling" | "live" | "disconnected" | "stopped";
  /** Number of known events that are not in the mirror yet. */
  readonly mirrorLagEvents: number;
  /** Age of the oldest event that the mirror lacks, in seconds, as far as known; 0 while it has everything. */
  readonly mirrorLagSeconds: number;
  /** Number of subscriptions that broke and were, or will be, restarted. */
  readonly reconnects: number;
  /** Number of appends without an outcome, including those that wait for a retry. */
  readonly appendsInFlight: number;
  /** Attempts at appends beyond the first ones. */
  readonly retries: number;
  /** Number of appends whose outcome was unknown at first and is known now. */
  readonly unknownOutcomesResolved: number;
  /** Number of events of the store that were skipped because an earlier event has their id. */
  readonly duplicateIds: number;
  /** The instance that seals, as far as is known; `null` if none does. */
  readonly leaseHolder: string | null;
  /** Whether this instance is the holder. */
  readonly holdsLease: boolean;
  /** Whether this instance would take the lease: it has a key to seal with, and its mirror is not behind. */
  readonly mayHoldLease: boolean;
  /**
   * The position in the lease's stream at which this instance took it, which is larger than every earlier holder's;
   * `null` unless it is the holder.
   */
  readonly leaseTerm: number | null;
  /** Why the lease cannot be held as it should be; `null` if nothing is wrong. */
  readonly leaseError: string | null;
  /** The instance that drives timers, as far as is known; `null` if none does, or this instance takes no part in it. */
  readonly timersHolder: string | null;
  /** Whether this instance is the one that drives timers. */
  readonly drivesTimers: boolean;
  /** Whether this instance would take the timers' lease: it runs timers, and its mirror is not behind. */
  readonly mayDriveTimers: boolean;
  /** Why the timers' lease cannot be held as it should be; `null` if nothing is wrong. */
  readonly timersError: string | null;
  readonly error: string | null;
}

/**
 * `file`: a file was deleted or replaced. `appends`: the last append failed. `checkpoints`: the write-ahead log cannot
 * be moved into the file.
 */
export type TroubleKind = "file" | "appends" | "checkpoints";

/** A problem with the files of a ledger that is written to. */
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
  /** `desc`: the latest first, so that `limit` cuts off the earliest. Default: by ascending sequence. */
  readonly order?: "asc" | "desc";
  /** Aborts a search that nobody waits for any more: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface EventStore {
  /** Takes turns with other processes on the store in driving timers; absent where one process alone writes. */
  takePartInTimers?(): void;
  /** Whether it is this process's turn. */
  drivesTimers?(): boolean;
  /** `sqlite:PATH` and the like, without credentials: for logs and messages. */
  readonly description: string;

  /** The local file that serves reads, if there is one; derived files are kept beside it. */
  readonly localPath?: string;

  /**
   * Appends each stream's part whole or not at all, durably before it resolves. Parts are independent; appends that
   * arrive during a commit form the next one.
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
   * Catch-up subscription: as `readAll`, then each new event once and without a gap, until the signal is aborted.
   * Malformed stored data throw `corrupt-event`, naming the sequence.
   */
  subscribe(after: number, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>;

  /** Events that match, by sequence in the requested order. */
  query(filter: EventFilter): Promise<readonly StoredEvent[]>;

  /** The event with that id (lower case); `null` if there is none. */
  findById(id: string): Promise<StoredEvent | null>;

  /** The events with these ids (lower case) that exist, in the order of the ids. */
  findByIds(ids: readonly string[]): Promise<readonly StoredEvent[]>;

  /** The event at that sequence; `null` past the head. */
  readAt(sequence: number): Promise<StoredEvent | null>;

  head(): Promise<LedgerHead>;

  /**
   * A durable text beside the events, such as how they were imported; `null` if it was never set. It is not part of the
   * history: nothing proves it, and a copy of the store must be given it again.
   */
  mark(name: string): Promise<string | null>;
  setMark(name: string, value: string): Promise<void>;

  /** Only for an external store. */
  status?(): StoreStatus;

  /** Only for a store with local files that are written to: the present problems with them. */
  troubles?(): readonly StoreTrouble[];

  /**
   * Only for a store that is read from a mirror: resolves once the mirror has all that the stream holds in the store now.
   * A store that does not answer is asked again until a time by `performance.now()`. Throws `store-unavailable`.
   */
  reachEnd?(stream: string, patientUntil: number): Promise<void>;

  /**
   * Only for a store that is read from a mirror: the mirror is wrong. Appends stop, and the reason is reported and
   * stored, also for later processes. `signer` names the key with which this was found, if any.
   */
  distrust?(why: LedgerError, signer: string | null): void;

  /**
   * Only for a store that is read from a mirror: a check with that key has found that the mirror matches the last seal.
   */
  trust?(signer: string | null): void;

  /** Only for an external store: appends that it does not answer are not retried from now on. */
  stopTrying?(): void;

  close(): Promise<void>;
}
