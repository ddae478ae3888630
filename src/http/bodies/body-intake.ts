/**
 * The memory of all request bodies together, and the time of each: none stalls forever, none delays a stop, and their
 * total size is limited.
 */
import type { IncomingMessage } from "node:http";
import { LedgerError } from "../../errors.ts";
import { smallBodyBytes } from "../../limits/clients.ts";
import { maxRequestBytes } from "../../limits/requests.ts";
import type { ConnectionLimits } from "../server/connection-limits.ts";

type Limits = Pick<
  ConnectionLimits,
  "bodyIdleMs" | "wholeBodyMs" | "bodyBytesTogether" | "stopBodyMs"
>;

/** What reading a body waits for. */
type Awaited = "bytes" | "room" | null;

/** A body while it is read. */
export interface IncomingBody {
  /** Whether its total time is limited too. */
  readonly isWhole: boolean;
  /** What reading waits for, and since when, by the intake's clock. */
  awaited: Awaited;
  sinceMs: number;
  readonly startedMs: number;
  /** Ends the reading. */
  readonly fail: (error: LedgerError) => void;
}

/** Share of the room for bodies that are not small, so that small ones always find some. */
const largePart = 0.75;

/**
 * All bodies are checked in one turn, so that a short one costs no timer. This is the number of checks within the
 * shortest limit.
 */
const looksPerLimit = 10;
const longestLookMs = 1_000;

export class BodyIntake {
  readonly #limits: Limits;
  readonly #incoming = new Set<IncomingBody>();
  readonly #held = new WeakMap<IncomingMessage, { bytes: number }>();
  readonly #timer: NodeJS.Timeout;
  #heldBytes = 0;
  #nowMs = 0;
  #stoppingSinceMs: number | null = null;
  #onRoom = new Set<() => void>();

  constructor(limits: Limits, stopping: AbortSignal) {
    this.#limits = limits;
    const shortest = Math.min(limits.bodyIdleMs, limits.stopBodyMs, limits.wholeBodyMs);
    const lookMs = Math.max(1, Math.min(longestLookMs, shortest / looksPerLimit));
    this.#timer = setInterval(() => this.#look(lookMs), lookMs).unref();
    const onStop = () => {
      this.#stoppingSinceMs = this.#nowMs;
    };
    stopping.addEventListener("abort", onStop, { once: true });
  }

  /** Size of all bodies that are not answered yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** A clock that stops while the event loop is blocked: what arrived meanwhile has not been looked at. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Why there is no room for a body that is not read yet; `null` if there is. */
  refusal(declaredBytes: number): LedgerError | null {
    return this.#hasRoom(Math.min(declaredBytes, maxRequestBytes), declaredBytes) ? null : noRoom();
  }

  /** Counts more bytes of a body, which then has `bodyBytes`. Throws `overloaded` if there is no room for them. */
  take(raw: IncomingMessage, bytes: number, bodyBytes: number): void {
    if (!this.#hasRoom(bytes, bodyBytes)) throw noRoom();
    this.#add(raw, bytes);
  }

  /** As `take`, for bytes that are read already: the sender then has to wait. */
  takeAnyway(raw: IncomingMessage, bytes: number): void {
    this.#add(raw, bytes);
  }

  /** Whether more of a body may be read; one that holds nothing may always continue. */
  mayReadOn(raw: IncomingMessage): boolean {
    return (this.#held.get(raw)?.bytes ?? 0) === 0 || this.#hasRoom(1, maxRequestBytes);
  }

  /** Releases bytes of a body that are no longer in memory. */
  give(raw: IncomingMessage, bytes: number): void {
    const held = this.#held.get(raw);
    if (held === undefined) return;
    const given = Math.min(bytes, held.bytes);
    held.bytes -= given;
    this.#heldBytes -= given;
    for (const wake of this.#onRoom) wake();
  }

  /** Releases everything that a body held, when its request is answered or its client is gone. */
  done(raw: IncomingMessage): void {
    this.give(raw, Infinity);
    this.#held.delete(raw);
  }

  /** Watches a body until the returned function is called; `onRoom` is called whenever there may be room. */
  watch(body: IncomingBody, onRoom: () => void = () => undefined): () => void {
    this.#incoming.add(body);
    this.#onRoom.add(onRoom);
    return () => {
      this.#incoming.delete(body);
      this.#onRoom.delete(onRoom);
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #add(raw: IncomingMessage, bytes: number): void {
    const held = this.#held.get(raw);
    if (held === undefined) this.#held.set(raw, { bytes });
    else held.bytes += bytes;
    this.#heldBytes += bytes;
  }

  #hasRoom(bytes: number, bodyBytes: number): boolean {
    const room = this.#limits.bodyBytesTogether * (bodyBytes > smallBodyBytes ? largePart : 1);
    return this.#heldBytes + bytes <= room;
  }

  #look(passedMs: number): void {
    this.#nowMs += passedMs;
    for (const body of this.#incoming) {
      const error = this.#overdue(body);
      if (error !== null) body.fail(error);
    }
  }

  #overdue({ awaited, sinceMs, startedMs, isWhole }: IncomingBody): LedgerError | null {
    const { bodyIdleMs, wholeBodyMs, stopBodyMs } = this.#limits;
    if (awaited === null) return null;
    const since = this.#stoppingSinceMs;
    if (since !== null && this.#nowMs - since >= stopBodyMs) {
      return new LedgerError("overloaded", "The ledger is stopping. Send the rest again.");
    }
    if (this.#nowMs - sinceMs >= bodyIdleMs) {
      if (awaited === "room") return noRoom();
      const detail = `No more of the body arrived for ${bodyIdleMs / 1_000} s. Send it again.`;
      return new LedgerError("request-timeout", detail);
    }
    if (isWhole && this.#nowMs - startedMs >= wholeBodyMs) {
      const detail = `The body was not complete after ${wholeBodyMs / 1_000} s. Send less at once, or use application/x-ndjson.`;
      return new LedgerError("request-timeout", detail);
    }
    return null;
  }
}

function noRoom(): LedgerError {
  return new LedgerError(
    "overloaded",
    "Too many request bodies are in memory. Send this one again later.",
  );
}
