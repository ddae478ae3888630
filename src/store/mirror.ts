/**
 * The mirror of a ledger that lives in KurrentDB: the embedded form, filled by a catch-up subscription.
 * An event's sequence is its rank among the ledger's events in the order of the store's log, so every
 * mirror gives the same ones. The position up to which it has come stands in the same transaction as
 * the rows. It can be thrown away: it is then filled again.
 */
import { setTimeout as pause } from "node:timers/promises";
import { LedgerError, isLedgerError } from "../errors.ts";
import {
  firstRetryMs,
  longestRetryMs,
  mirrorBatchEvents,
  mirrorCheckMs,
  mirrorCheckpointMs,
} from "../limits.ts";
import type { EmbeddedStore } from "./embedded.ts";
import type { AppendOutcome } from "./event-store.ts";
import type { KurrentDbClient, Position, RecordedEvent } from "./kurrentdb-client.ts";
import { foreignRecord, fromKurrentDb } from "./kurrentdb-event.ts";
import type { MirroredEvent } from "./kurrentdb-event.ts";
import { partsOf } from "./mirror-parts.ts";
import { findDisagreement, isWithdrawn } from "./mirror-check.ts";
import { positionMark } from "./marks.ts";
import { MirrorFeed } from "./mirror-feed.ts";
import type { Delivery } from "./mirror-feed.ts";
import { WakeUp } from "./wake-up.ts";

export interface MirrorStatus {
  /** `stopped`: it met what it may not pass over, or it disagrees with the store. */
  readonly state: "filling" | "live" | "disconnected" | "stopped";
  readonly lagEvents: number;
  /** Seconds since it was last known to have everything; 0 while it has. */
  readonly lagSeconds: number;
  readonly reconnects: number;
  readonly error: string | null;
}

export interface MirrorSettings {
  readonly client: KurrentDbClient;
  readonly store: EmbeddedStore;
  /** Told of what an operator should know. */
  readonly say: (text: string) => void;
}

export class Mirror {
  readonly #client: KurrentDbClient;
  readonly #store: EmbeddedStore;
  readonly #say: (text: string) => void;
  readonly #stopping = new AbortController();
  readonly #moved = new WakeUp();
  #feed: MirrorFeed | null = null;
  #position: Position | null = null;
  #positionSavedAt = 0;
  #running: Promise<void> = Promise.resolve();
  #failure: LedgerError | null = null;
  #wasConnected = false;
  #reconnects = 0;
  #completeAt = performance.now();
  /** Revisions that were acknowledged here and are not in the mirror yet. */
  #awaited = 0;
  #moves = 0;

  constructor({ client, store, say }: MirrorSettings) {
    this.#client = client;
    this.#store = store;
    this.#say = say;
  }

  /** Why it has stopped for good, `null` while it has not. */
  get failure(): LedgerError | null {
    return this.#failure;
  }

  get position(): Position | null {
    return this.#position;
  }

  /** Begins to follow the store from where the mirror stands. */
  async start(): Promise<void> {
    this.#position = parsePosition(await this.#store.mark(positionMark));
    this.#running = Promise.all([this.#follow(), this.#check()]).then(() => undefined);
  }

  /** Resolves once it has everything up to `position`, or has stopped. */
  async reach(position: Position, onMoved: () => void): Promise<void> {
    while (this.#failure === null && !this.#stopping.signal.aborted) {
      onMoved();
      if (this.#feed?.isLive === true || isAt(this.#position, position)) return;
      await this.#moved.sleep(this.#stopping.signal, mirrorCheckpointMs);
    }
  }

  /** Whether the mirror has `revision` of `stream`, after waiting for at most `limitMs`. */
  async waitFor(stream: string, revision: bigint, limitMs: number): Promise<boolean> {
    const deadline = performance.now() + limitMs;
    this.#awaited++;
    try {
      for (;;) {
        const moves = this.#moves;
        if (((await this.#store.streamRevision(stream)) ?? -1n) >= revision) return true;
        const leftMs = deadline - performance.now();
        if (leftMs <= 0 || this.#failure !== null || this.#stopping.signal.aborted) return false;
        // It may have moved during the look.
        if (moves === this.#moves) await this.#moved.sleep(this.#stopping.signal, leftMs);
      }
    } finally {
      this.#awaited--;
    }
  }

  /** A subscription that claims to be live but brings nothing is begun anew. */
  resubscribe(): void {
    this.#feed?.fail(new Error("the subscription brought nothing"));
  }

  status(): MirrorStatus {
    const lagEvents = Math.max(this.#awaited, this.#feed?.queued ?? 0);
    const isComplete = this.#feed?.isLive === true && lagEvents === 0;
    if (isComplete) this.#completeAt = performance.now();
    const seconds = isComplete ? 0 : (performance.now() - this.#completeAt) / 1_000;
    return {
      state: this.#state(),
      lagEvents,
      lagSeconds: Math.round(seconds * 1_000) / 1_000,
      reconnects: this.#reconnects,
      error: this.#failure?.message ?? null,
    };
  }

  #state(): MirrorStatus["state"] {
    if (this.#failure !== null) return "stopped";
    if (this.#feed === null) return "disconnected";
    return this.#feed.isLive ? "live" : "filling";
  }

  /** Stops following; the store stays open. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#feed?.fail(new Error("the mirror is closing"));
    await this.#running;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = firstRetryMs;
    while (!signal.aborted && this.#failure === null) {
      try {
        await this.#fill(() => {
          pauseMs = firstRetryMs;
        });
      } catch (error) {
        if (signal.aborted) break;
        if (isLedgerError(error, "corrupt-event")) this.#stop(error);
        else this.#sayBroken(error);
      }
      this.#feed?.fail(new Error("the subscription has ended"));
      this.#feed = null;
      if (signal.aborted || this.#failure !== null) break;
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, longestRetryMs);
    }
    this.#moved.wake();
  }

  #sayBroken(error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    if (this.#wasConnected)
      this.#say(`the mirror's subscription broke and is begun anew: ${words}`);
    this.#wasConnected = false;
    this.#reconnects++;
  }

  /** One subscription, until it breaks. */
  async #fill(onProgress: () => void): Promise<void> {
    const feed = new MirrorFeed((onCheckpoint) =>
      this.#client.subscribe(this.#position, onCheckpoint),
    );
    this.#feed = feed;
    while (!this.#stopping.signal.aborted && this.#failure === null) {
      const deliveries = await feed.take(mirrorBatchEvents);
      this.#wasConnected = true;
      if (this.#stopping.signal.aborted) return;
      await this.#takeIn(deliveries);
      onProgress();
      this.#moves++;
      this.#moved.wake();
    }
  }

  async #takeIn(deliveries: readonly Delivery[]): Promise<void> {
    const events: MirroredEvent[] = [];
    let position = this.#position;
    let refusal: unknown = null;
    for (const delivery of deliveries) {
      try {
        const event = delivery.record === null ? null : await this.#read(delivery.record);
        if (event !== null) events.push(event);
      } catch (error) {
        refusal = error;
        break;
      }
      position = delivery.position;
    }
    this.#write(events, position);
    if (refusal instanceof Error) throw refusal;
  }

  /** The ledger's event in a record; `null` for what is said about a stream and does no harm. */
  async #read(record: RecordedEvent): Promise<MirroredEvent | null> {
    const { prefix } = this.#client.name;
    if (record.streamId.startsWith("$$")) {
      const stream = record.streamId.slice(2);
      if (!(await isWithdrawn(this.#client, stream))) return null;
      throw foreignRecord(record, `says that events of ${stream} were deleted or are to be`);
    }
    return fromKurrentDb(record, prefix);
  }

  #write(events: readonly MirroredEvent[], position: Position | null): void {
    if (position === null || position === this.#position) return;
    const isDue = performance.now() - this.#positionSavedAt >= mirrorCheckpointMs;
    if (events.length > 0 || isDue) {
      const marks = { [positionMark]: `${position.commit}/${position.prepare}` };
      const outcomes = this.#store.takeWhole(partsOf(events), marks);
      const refused = outcomes.findIndex((outcome) => !outcome.ok);
      if (refused >= 0) this.#refuse(events, outcomes, refused);
      this.#positionSavedAt = performance.now();
    }
    this.#position = position;
  }

  /** Takes what comes before the part that does not fit, and says which it is. */
  #refuse(
    events: readonly MirroredEvent[],
    outcomes: readonly AppendOutcome[],
    refused: number,
  ): never {
    const parts = partsOf(events);
    const before = parts.slice(0, refused).reduce((sum, part) => sum + part.events.length, 0);
    const last = events[before - 1]?.record.position;
    if (last !== undefined) this.#write(events.slice(0, before), last);
    const outcome = outcomes[refused];
    const record = events[before]?.record;
    const why = outcome?.ok === false ? outcome.error.message : "was refused";
    if (record === undefined)
      throw new LedgerError("internal", `the mirror refused nothing: ${why}`);
    throw foreignRecord(record, `does not fit what the mirror has: ${why}`);
  }

  async #check(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted && this.#failure === null) {
      try {
        const found = await findDisagreement(this.#client, this.#store);
        if (found !== null) this.#stop(found);
      } catch (error) {
        // What cannot be compared now is compared next time; that the store is away is told elsewhere.
        if (isLedgerError(error, "corrupt-event")) this.#stop(error);
      }
      await pause(mirrorCheckMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #stop(error: LedgerError): void {
    if (this.#failure !== null) return;
    this.#failure = new LedgerError("corrupt-event", `the mirror has stopped: ${error.message}`, {
      extra: error.extra,
      cause: error,
    });
    this.#say(this.#failure.message);
    this.#feed?.fail(this.#failure);
    this.#moved.wake();
  }
}

function parsePosition(mark: string | null): Position | null {
  if (mark === null) return null;
  const match = /^(\d+)\/(\d+)$/.exec(mark);
  if (match === null) {
    throw new LedgerError("corrupt-event", `the mirror's position reads "${mark}"`);
  }
  return { commit: BigInt(match[1] ?? 0), prepare: BigInt(match[2] ?? 0) };
}

function isAt(position: Position | null, goal: Position): boolean {
  return position !== null && position.commit >= goal.commit;
}
