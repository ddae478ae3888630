/**
 * The memory of all request bodies together, and how long each takes: none stalls forever,
 * none keeps a stop waiting, and there is room for so many bytes and no more.
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

/** What a body is waited for. */
type Awaited = "bytes" | "room" | null;

/** A body on its way in, as long as it is read. */
export interface IncomingBody {
  /** Its time in all is limited too. */
  readonly isWhole: boolean;
  /** What has been waited for, and since when by the intake's clock. */
  awaited: Awaited;
  sinceMs: number;
  readonly startedMs: number;
  /** Ends the reading. */
  readonly fail: (error: LedgerError) => void;
}

/** Part of the room that bodies which are not small may fill: what is small still finds some. */
const largePart = 0.75;

/** All bodies are looked at in one turn, so that a short one costs no timer: so often in the shortest limit. */
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

  /** Bytes of all bodies that are not answered yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** A clock that stands still while the event loop does: what came meanwhile has not been looked at. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Of a request whose body is not read yet: `null`, or why there is no room for it. */
  refusal(declaredBytes: number): LedgerError | null {
    return this.#hasRoom(Math.min(declaredBytes, maxRequestBytes), declaredBytes) ? null : noRoom();
  }

  /** Counts bytes of a body that has `bodyBytes` so far. Throws `overloaded` where there is no room for them. */
  take(raw: IncomingMessage, bytes: number, bodyBytes: number): void {
    if (!this.#hasRoom(bytes, bodyBytes)) throw noRoom();
    this.#add(raw, bytes);
  }

  /** As `take`, for what is read already: its sender is made to wait before the next. */
  takeAnyway(raw: IncomingMessage, bytes: number): void {
    this.#add(raw, bytes);
  }

  /** Whether more of a body may be read that holds `heldBytes`; one that holds nothing always goes on. */
  mayReadOn(raw: IncomingMessage): boolean {
    return (this.#held.get(raw)?.bytes ?? 0) === 0 || this.#hasRoom(1, maxRequestBytes);
  }

  /** Bytes of a body that are no longer in memory. */
  give(raw: IncomingMessage, bytes: number): void {
    const held = this.#held.get(raw);
    if (held === undefined) return;
    const given = Math.min(bytes, held.bytes);
    held.bytes -= given;
    this.#heldBytes -= given;
    for (const wake of this.#onRoom) wake();
  }

  /** The request is answered, or its client gone: all that its body held is free. */
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
