/**
 * The deliveries of the store's subscription, in a bounded queue. The server cuts off slow readers, so this drains
 * fast, and pauses when the queue is full.
 */
import { setTimeout as pause } from "node:timers/promises";
import { maxMirrorQueue, mirrorGatherMs } from "../../limits/kurrentdb.ts";
import type {
  AllStreamResolvedEvent,
  Position,
  RecordedEvent,
  Subscribed,
} from "../kurrentdb/client/client.ts";

/** Everything up to this position has been delivered; `record` is the record at it, if it is the ledger's. */
export interface Delivery {
  readonly position: Position;
  readonly record: RecordedEvent | null;
  /** When it arrived, by `performance.now()`. */
  readonly cameAt: number;
}

type Subscribe = (onCheckpoint: (position: Position) => void) => Subscribed;

/** Some servers send a checkpoint with the largest numbers, which means nothing. */
const noPosition = 2n ** 63n - 1n;

/** Batches with fewer events than this are processed at once: somebody may wait for each. Twice what 64 connections bring. */
const quietEvents = 128;

export class MirrorFeed {
  readonly #subscription: Subscribed;
  #queue: Delivery[] = [];
  #failure: Error | null = null;
  #isConfirmed = false;
  #isLive = false;
  #completeUntil = -Infinity;
  #isOver = false;
  #wake: () => void = () => undefined;
  #isPaused = false;
  #lastTaken = 0;
  /** Number of deliveries taken last, which may not be in the mirror yet, and since when the first of them waits. */
  #inHand = 0;
  #inHandSince = 0;

  constructor(subscribe: Subscribe) {
    this.#subscription = subscribe((position) => this.#onCheckpoint(position));
    this.#subscription.on("data", (event: AllStreamResolvedEvent) => this.#onEvent(event));
    this.#subscription.on("error", (error: Error) => this.fail(error));
    this.#subscription.on("end", () => this.fail(new Error("the server ended the subscription")));
    this.#subscription.on("close", () => this.fail(new Error("the subscription was closed")));
    this.#subscription.on("confirmation", () => {
      this.#isConfirmed = true;
    });
    this.#subscription.on("caughtUp", () => {
      this.#isLive = true;
      this.#wake();
    });
    this.#subscription.on("fellBehind", () => this.#leaveLive());
  }

  /** Whether the server has answered and the subscription has not broken since. */
  get isConnected(): boolean {
    return this.#isConfirmed && !this.#isOver;
  }

  /** Whether the server has delivered everything, and the reader has processed it. */
  get isLive(): boolean {
    return this.#isLive && this.queued === 0;
  }

  /** Whether the server has delivered everything, processed or not. */
  get hasCaughtUp(): boolean {
    return this.#isLive;
  }

  /** Since when the oldest unprocessed delivery waits, by `performance.now()`; `null` if there is none. */
  get waitingSince(): number | null {
    return this.#inHand > 0 ? this.#inHandSince : (this.#queue[0]?.cameAt ?? null);
  }

  /**
   * The time until which everything had been delivered and processed, by `performance.now()`; -Infinity if it never
   * was.
   */
  get completeUntil(): number {
    return this.#isLive ? (this.waitingSince ?? performance.now()) : this.#completeUntil;
  }

  /** Number of unprocessed deliveries: the server's message that it has caught up may overtake them. */
  get queued(): number {
    return this.#inHand + this.#queue.length + this.#subscription.readableLength;
  }

  /**
   * Takes up to `limit` deliveries; empty when the server has just caught up. Rejects when the subscription has broken
   * and everything was taken.
   */
  async take(limit: number): Promise<readonly Delivery[]> {
    this.#inHand = 0;
    if (this.#queue.length === 0) {
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resume) => {
        this.#wake = resume;
      });
      // Deliveries of one turn are processed together; when there are many, also those of the next moment.
      const isQuiet = this.#isLive && this.#lastTaken < quietEvents;
      if (isQuiet) await new Promise((resume) => setImmediate(resume));
      else await pause(mirrorGatherMs);
    }
    if (this.#queue.length === 0 && this.#failure !== null) throw this.#failure;
    const taken = this.#queue.splice(0, limit);
    this.#lastTaken = taken.length;
    this.#inHand = taken.length;
    this.#inHandSince = taken[0]?.cameAt ?? 0;
    if (this.#isPaused && this.#queue.length < maxMirrorQueue / 2) {
      this.#isPaused = false;
      this.#subscription.resume();
    }
    return taken;
  }

  /** Tells that what was taken last is processed, without taking more. */
  done(): void {
    this.#inHand = 0;
  }

  /** Ends the subscription, for the reason given or none. */
  fail(reason: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = reason;
    this.#leaveLive();
    // The call may never have begun; then there is nothing to end.
    this.#subscription.unsubscribe().catch(() => undefined);
    this.#wake();
  }

  #leaveLive(): void {
    this.#completeUntil = this.completeUntil;
    this.#isLive = false;
  }

  #onEvent({ event }: AllStreamResolvedEvent): void {
    if (event === undefined || this.#isOver) return;
    this.#push({ position: event.position, record: event, cameAt: performance.now() });
  }

  #onCheckpoint(position: Position): void {
    // Checkpoints may overtake events in the client's own buffer: then the next one will do.
    if (this.#subscription.readableLength > 0 || this.#isPaused || this.#isOver) return;
    if (position.commit >= noPosition || position.prepare >= noPosition) return;
    this.#push({ position, record: null, cameAt: performance.now() });
  }

  #push(delivery: Delivery): void {
    this.#queue.push(delivery);
    if (this.#queue.length >= maxMirrorQueue && !this.#isPaused) {
      this.#isPaused = true;
      this.#subscription.pause();
    }
    this.#wake();
  }
}
