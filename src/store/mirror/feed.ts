/**
 * What the store's subscription delivers, in a bounded queue of the mirror's own. A slow reader is
 * cut off by the server, so this drains fast, and pauses when the queue is full.
 */
import { setTimeout as pause } from "node:timers/promises";
import { maxMirrorQueue, mirrorGatherMs } from "../../limits/kurrentdb.ts";
import type {
  AllStreamResolvedEvent,
  Position,
  RecordedEvent,
  Subscribed,
} from "../kurrentdb/client/client.ts";

/** Everything up to this position has been delivered; `record` is what stands there, if it is the ledger's. */
export interface Delivery {
  readonly position: Position;
  readonly record: RecordedEvent | null;
  /** When it came, by `performance.now()`. */
  readonly cameAt: number;
}

type Subscribe = (onCheckpoint: (position: Position) => void) => Subscribed;

/** Some servers sent a checkpoint of the largest numbers there are: it says nothing. */
const noPosition = 2n ** 63n - 1n;

/** Fewer events at a time than these are taken in at once: somebody may wait for each. */
const quietEvents = 32;

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
  /** Taken last, and perhaps not in the mirror yet; and since when the first of it waits. */
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

  /** Whether the server has answered, and the subscription has not broken since. */
  get isConnected(): boolean {
    return this.#isConfirmed && !this.#isOver;
  }

  /** Whether the server has delivered all that there was, and who takes it has come back for more. */
  get isLive(): boolean {
    return this.#isLive && this.queued === 0;
  }

  /** Whether the server has delivered all that there was, whatever has been done with it. */
  get hasCaughtUp(): boolean {
    return this.#isLive;
  }

  /** Since when the oldest waits of what was delivered and is not done with, by `performance.now()`; `null` if nothing does. */
  get waitingSince(): number | null {
    return this.#inHand > 0 ? this.#inHandSince : (this.#queue[0]?.cameAt ?? null);
  }

  /** By `performance.now()`: until when all that there was had been delivered and was done with; -Infinity if it never was. */
  get completeUntil(): number {
    return this.#isLive ? (this.waitingSince ?? performance.now()) : this.#completeUntil;
  }

  /** What was delivered and is not done with: the server's word that it has caught up may overtake it. */
  get queued(): number {
    return this.#inHand + this.#queue.length + this.#subscription.readableLength;
  }

  /** What has come, up to `limit`; empty when the server has just caught up. Rejects once the subscription has broken and all was taken. */
  async take(limit: number): Promise<readonly Delivery[]> {
    this.#inHand = 0;
    if (this.#queue.length === 0) {
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resume) => {
        this.#wake = resume;
      });
      // What comes in the same turn goes together; where much comes, what comes in a moment.
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

  /** Says that what was taken last is done with, without taking more. */
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
    // Checkpoints run ahead of what waits in the client's own buffer: then the next one will do.
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
