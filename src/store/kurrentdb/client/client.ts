/**
 * The connection to KurrentDB: one client, with a time limit on every wait. Appends use the call that has a deadline of
 * its own, because the client's other way to append keeps the pending appends of the whole process in one place and
 * gets confused when a server dies.
 */
import type {
  AllStreamResolvedEvent,
  AllStreamSubscription,
  AppendResult,
  BaseOptions,
  JSONEventData,
  Position,
  ReadRevision,
  RecordedEvent,
} from "@eventstore/db-client";
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  START,
  streamNameFilter,
} from "@eventstore/db-client";
import { LedgerError, Unanswered } from "../../../errors.ts";
import {
  appendPatienceMs,
  maxAppendsInFlight,
  mirrorBatchEvents,
  storeCallMs,
} from "../../../limits/kurrentdb.ts";
import { AppendSlots } from "./append-slots.ts";
import type { ExpectedRevision } from "../../port.ts";
import type { KurrentDbName } from "./name.ts";
import { settleUnwatched } from "./channel-settled.ts";
import { declineCompression } from "./uncompressed.ts";

/** The kind of a client error; `null` for any other error, and for client errors without a kind. */
export function errorKind(error: unknown): string | null {
  if (!(error instanceof Error) || !("type" in error)) return null;
  return typeof error.type === "string" ? error.type : null;
}

/** Whether the error is a fault of this program rather than of the store or the network. */
export function isProgramError(error: unknown): boolean {
  return (
    error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
  );
}

/** `store-unavailable`, in the client's words. */
export function unreachable(what: string, error: unknown): LedgerError {
  return new Unanswered(`${what} failed: ${wordsOf(error)}`, error);
}

/** An error's message, without the empty ending that the gRPC library gives to many of its own. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/\.? Resolution note: $/, "");
}

/** The result of `work`; rejects with `store-unavailable` if it takes longer than `limitMs`. */
export async function within<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Unanswered(`${what} took longer than ${limitMs} ms`));
    }, limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Extra time for the client to report that a call has timed out. */
export const answerGraceMs = 500;

/** For errors that arrive after the reader has gone: nobody needs them. */
const ignore = (): void => undefined;

export class KurrentDbClient {
  readonly name: KurrentDbName;
  readonly #client: EventStoreDBClient;
  /** Passed with every call. */
  readonly #credentials: Pick<BaseOptions, "credentials">;
  readonly #slots = new AppendSlots(maxAppendsInFlight);

  constructor(name: KurrentDbName) {
    this.name = name;
    try {
      this.#client = EventStoreDBClient.connectionString(name.connection);
      settleUnwatched(this.#client);
    } catch (error) {
      throw new LedgerError(
        "invalid-request",
        `the connection string of ${name.description} cannot be used: ${wordsOf(error)}`,
        { cause: error },
      );
    }
    declineCompression(this.#client);
    // The client gets no credentials itself, because its messages quote what it was given. Credentials on each append
    // also make it choose the call with a deadline; an insecure server ignores them.
    const nobody = name.isSecure ? null : { username: "nobody", password: "none" };
    const credentials = name.credentials ?? nobody;
    this.#credentials = credentials === null ? {} : { credentials };
  }

  /**
   * One attempt, which begins before `deadline` (on the clock of `performance.now()`) or not at all. Rejects with the
   * client's own error, or with `store-unavailable` if it takes too long.
   */
  async append(
    stream: string,
    events: readonly JSONEventData[],
    expected: ExpectedRevision,
    deadline = performance.now() + appendPatienceMs,
  ): Promise<AppendResult> {
    await this.#slots.enter(deadline);
    try {
      const work = this.#client.appendToStream(stream, [...events], {
        expectedRevision: expected === "no-stream" ? NO_STREAM : expected,
        requiresLeader: true,
        deadline: storeCallMs,
        ...this.#credentials,
      });
      return await within(work, storeCallMs + answerGraceMs, `an append to ${stream}`);
    } finally {
      this.#slots.leave();
    }
  }

  /** Up to `maxCount` records of a stream from revision `from` on; empty if there is no such stream. */
  async readForwards(stream: string, from: bigint, maxCount: number): Promise<RecordedEvent[]> {
    return await this.#read(stream, from, maxCount, true);
  }

  /** The last record of a stream, `null` if there is none. */
  async readLast(stream: string): Promise<RecordedEvent | null> {
    const [last] = await this.#read(stream, END, 1, false);
    return last ?? null;
  }

  async #read(
    stream: string,
    fromRevision: ReadRevision,
    maxCount: number,
    isForwards: boolean,
  ): Promise<RecordedEvent[]> {
    const reading = this.#client.readStream(stream, {
      fromRevision,
      maxCount,
      direction: isForwards ? FORWARDS : BACKWARDS,
      requiresLeader: true,
      ...this.#credentials,
    });
    const read = async (): Promise<RecordedEvent[]> => {
      const records: RecordedEvent[] = [];
      try {
        for await (const { event } of reading) if (event !== undefined) records.push(event);
      } catch (error) {
        if (errorKind(error) !== "stream-not-found") throw error;
      }
      return records;
    };
    return await this.#limited(reading, read(), `a read of ${stream}`);
  }

  /** The record at a revision of a stream; `null` if it no longer exists. */
  async readAt(stream: string, revision: bigint): Promise<RecordedEvent | null> {
    try {
      const [record] = await this.readForwards(stream, revision, 1);
      return record?.revision === revision ? record : null;
    } catch (error) {
      if (errorKind(error) === "stream-deleted") return null;
      throw error;
    }
  }

  /** The position of the store's last record; `null` if it has none. A follower may be behind the leader. */
  async lastPosition({ ofLeader = false } = {}): Promise<Position | null> {
    const reading = this.#client.readAll({
      direction: BACKWARDS,
      fromPosition: END,
      maxCount: 1,
      requiresLeader: ofLeader,
      ...this.#credentials,
    });
    const read = async (): Promise<Position | null> => {
      let last: Position | null = null;
      for await (const { event } of reading) last = event?.position ?? last;
      return last;
    };
    return await this.#limited(reading, read(), "reading the last position");
  }

  /** The records of the ledger's streams and their metadata after a position, in order of the log. */
  subscribe(after: Position | null, onCheckpoint: (position: Position) => void): Subscribed {
    const { prefix } = this.name;
    const filter = streamNameFilter({
      prefixes: [prefix, `$$${prefix}`],
      checkpointInterval: 8,
      checkpointReached: (_, position) => onCheckpoint(position),
    });
    const fromPosition = after ?? START;
    return this.#client.subscribeToAll(
      { fromPosition, filter, ...this.#credentials },
      { highWaterMark: mirrorBatchEvents },
    );
  }

  async dispose(): Promise<void> {
    await within(this.#client.dispose(), storeCallMs, "closing the connection").catch(ignore);
  }

  async #limited<T>(
    reading: { on(event: "error", listener: () => void): unknown; cancel(): Promise<void> },
    work: Promise<T>,
    what: string,
  ): Promise<T> {
    reading.on("error", ignore);
    try {
      return await within(work, storeCallMs, what);
    } catch (error) {
      // A read that is given up is cancelled on the server too, if the server can be reached.
      reading.cancel().catch(ignore);
      throw error;
    }
  }
}

export type Subscribed = AllStreamSubscription;
export type { AllStreamResolvedEvent, Position, RecordedEvent };
