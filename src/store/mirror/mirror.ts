/**
 * The mirror of a ledger that lives in KurrentDB: the embedded form, filled by a catch-up subscription.
 * An event's sequence is its rank among the ledger's events in the order of the store's log, so every
 * mirror gives the same ones. The position up to which it has come stands in the same transaction as
 * the rows. It can be deleted: it is then filled again.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { LedgerError } from "../../errors.ts";
import { isLedgerError } from "../../errors.ts";
import {
  firstRetryMs,
  liveLagMs,
  longestRetryMs,
  maxSealerLagMs,
  mirrorBatchEvents,
  mirrorCheckMs,
  mirrorCheckpointMs,
  mirrorLookMs,
} from "../../limits/kurrentdb.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { DuplicateIds } from "./duplicate-ids.ts";
import { isProgramError } from "../kurrentdb/client/client.ts";
import type { KurrentDbClient, Position } from "../kurrentdb/client/client.ts";
import { firstFinding } from "./check.ts";
import type { ExpectedEvents } from "./expected.ts";
import { MirrorFeed } from "./feed.ts";
import type { Delivery } from "./feed.ts";
import { MirrorLag } from "./lag.ts";
import { MirrorIntake } from "./intake.ts";
import type { StoreLook } from "./position.ts";
import { findPutBack, findPutBackAtStart } from "./position.ts";
import type { StoppedUntil } from "./stop.ts";
import { MirrorTrust } from "./trust.ts";
import { MirrorWaiters } from "./waiters.ts";
import type { Say } from "../telling.ts";
import { WakeUp } from "../sqlite/wake-up.ts";

export interface MirrorStatus {
  /** `stopped`: it met what it may not pass over, or it disagrees with the store. */
  readonly state: "filling" | "live" | "disconnected" | "stopped";
  readonly lagEvents: number;
  /** How old the oldest is of what it lacks, as far as is known; 0 while it has everything. */
  readonly lagSeconds: number;
  readonly reconnects: number;
  /** Events in the store that were skipped because of duplicate ids. */
  readonly duplicateIds: number;
  readonly error: string | null;
}

interface MirrorSettings {
  readonly client: KurrentDbClient;
  readonly store: EmbeddedStore;
  /** Called with what an operator should know. */
  readonly say: Say;
}

export class Mirror {
  readonly #client: KurrentDbClient;
  readonly #store: EmbeddedStore;
  readonly #say: Say;
  readonly #intake: MirrorIntake;
  readonly #stopping = new AbortController();
  readonly #moved = new WakeUp();
  #feed: MirrorFeed | null = null;
  #running: Promise<void> = Promise.resolve();
  readonly #trust: MirrorTrust;
  /** Whether it was said that the subscription does not hold, and none has held since. */
  #hasSaidBroken = false;
  #reconnects = 0;
  readonly #lag = new MirrorLag();
  /** For revisions that were acknowledged here and are not in the mirror yet. */
  readonly #waiters = new MirrorWaiters();

  constructor({ client, store, say }: MirrorSettings) {
    this.#client = client;
    this.#store = store;
    this.#say = say;
    this.#intake = new MirrorIntake(client, store, say);
    this.#trust = new MirrorTrust(store, say);
  }

  /** Why it has stopped or is not to be trusted, `null` while neither is so. */
  get failure(): LedgerError | null {
    return this.#trust.failure;
  }

  /** Whether what this instance appends would soon be in its mirror: not where it has stopped, is far behind, or cannot write. */
  get couldSeal(): boolean {
    const isNear = this.#lag.seconds(this.#feed) * 1_000 < maxSealerLagMs;
    return this.failure === null && this.#lag.wasComplete && isNear;
  }

  get position(): Position | null {
    return this.#intake.position;
  }

  /** Revisions in the ledger's streams and in those of the store. */
  get duplicateIds(): DuplicateIds {
    return this.#intake.duplicateIds;
  }

  /** Events that are being appended, beside what the mirror has taken of them. */
  get expected(): ExpectedEvents {
    return this.#intake.expected;
  }

  /** The last revision of a stream in the store that the mirror has come to; -1 if there is none. */
  async lastOf(stream: string): Promise<bigint> {
    return await this.#intake.lastOf(stream);
  }

  /** Begins to follow the store from where the mirror stands. Throws `store-unavailable` if it does not answer within `limitMs`. */
  async start(limitMs: number): Promise<void> {
    await this.#intake.start();
    const putBack = await findPutBackAtStart(this.#look, this.#intake.head, limitMs);
    await this.#trust.reconsider(this.#client, this.duplicateIds, putBack);
    this.#running = Promise.all([this.#follow(), this.#check(), this.#lookAhead()]).then(
      () => undefined,
    );
  }

  /** Resolves once it has everything up to `position`, or has stopped. */
  async reach(position: Position, onMoved: () => void): Promise<void> {
    while (this.#trust.stopped === null && !this.#stopping.signal.aborted) {
      onMoved();
      if (this.#feed?.isLive === true || isAt(this.position, position)) return;
      await this.#moved.sleep(this.#stopping.signal, mirrorCheckpointMs);
    }
  }

  /** Whether the mirror has come to `revision` of `stream` in the store, after waiting for at most `limitMs`. */
  async waitFor(stream: string, revision: bigint, limitMs: number): Promise<boolean> {
    const isReached = this.#waiters.wait(stream, revision, limitMs);
    this.#waiters.reached(stream, await this.lastOf(stream));
    if (this.#trust.stopped !== null || this.#stopping.signal.aborted) this.#waiters.giveUp();
    return await isReached;
  }

  /** Stops it for what was found by the seals; with the key of that name, if there was one. */
  distrust(why: LedgerError, signer: string | null): void {
    this.#stop(why, { look: "seal", signer });
  }

  /** It is what was sealed, by a look with the key of that name or without one. */
  trust(signer: string | null): void {
    this.#trust.trust(signer);
  }

  /** A subscription that claims to be live but brings nothing is started again. */
  resubscribe(): void {
    this.#feed?.fail(new Error("the subscription delivered nothing"));
  }

  status(): MirrorStatus {
    const behind = this.#lag.events(this.#feed, this.#intake.sequence, this.position);
    return {
      state: this.#state(),
      lagEvents: Math.max(this.#waiters.count, behind),
      lagSeconds: this.#lag.seconds(this.#feed),
      reconnects: this.#reconnects,
      duplicateIds: this.duplicateIds.count,
      error: this.failure?.message ?? null,
    };
  }

  #state(): MirrorStatus["state"] {
    if (this.failure !== null) return "stopped";
    if (this.#feed?.isConnected !== true) return "disconnected";
    const isLive = this.#feed.hasCaughtUp && this.#lag.seconds(this.#feed) * 1_000 < liveLagMs;
    return isLive ? "live" : "filling";
  }

  /** Stops following; the store stays open. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#feed?.fail(new Error("the mirror is closing"));
    await this.#running;
  }

  get #look(): StoreLook {
    return { client: this.#client, mirror: this.#store, signal: this.#stopping.signal };
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = firstRetryMs;
    while (!signal.aborted && this.#trust.stopped === null) {
      try {
        await this.#fill(() => {
          pauseMs = firstRetryMs;
        });
      } catch (error) {
        if (signal.aborted) break;
        if (isLedgerError(error, "corrupt-event")) this.#stop(error, { look: "log" });
        else if (isLedgerError(error, "store-put-back")) this.#stop(error, { look: "position" });
        else this.#sayBroken(error);
      }
      if (this.#feed !== null) this.#lag.noteBroken(this.#feed);
      this.#feed?.fail(new Error("the subscription has ended"));
      this.#feed = null;
      if (signal.aborted || this.#trust.stopped !== null) break;
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, longestRetryMs);
    }
    this.#waiters.giveUp();
    this.#moved.wake();
  }

  #sayBroken(error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    if (!this.#hasSaidBroken)
      this.#say(`the mirror's subscription broke and is being reopened: ${words}`, "warn");
    this.#hasSaidBroken = true;
    this.#reconnects++;
  }

  /** One subscription, until it breaks. */
  async #fill(onProgress: () => void): Promise<void> {
    const putBack = await findPutBack(this.#look, this.#intake.head);
    if (putBack !== null) throw putBack;
    const feed = new MirrorFeed((onCheckpoint) =>
      this.#client.subscribe(this.position, onCheckpoint),
    );
    this.#feed = feed;
    while (!this.#stopping.signal.aborted && this.#trust.stopped === null) {
      const deliveries = await feed.take(mirrorBatchEvents);
      this.#hasSaidBroken = false;
      if (this.#stopping.signal.aborted) return;
      try {
        await this.#intake.takeIn(deliveries);
      } finally {
        await this.#tellWaiters(deliveries);
      }
      feed.done();
      this.#lag.noteTaken(feed);
      onProgress();
      this.#moved.wake();
    }
  }

  /** Also of a part of what was delivered. */
  async #tellWaiters(deliveries: readonly Delivery[]): Promise<void> {
    if (this.#waiters.count === 0) return;
    const { prefix } = this.#client.name;
    const streams = new Set<string>();
    for (const { record } of deliveries) {
      if (record !== null) streams.add(record.streamId.slice(prefix.length));
    }
    for (const stream of streams) {
      if (this.#waiters.has(stream)) this.#waiters.reached(stream, await this.lastOf(stream));
    }
  }

  /** While the mirror is behind, how much there is. */
  async #lookAhead(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted && this.#trust.stopped === null) {
      if (this.#feed?.hasCaughtUp !== true) {
        try {
          this.#lag.noteEnd(await this.#client.lastPosition());
        } catch (error) {
          // That the store is unavailable is reported elsewhere; what it had when it last answered is known.
          if (isProgramError(error))
            this.#say(`the mirror's lag is unknown: ${String(error)}`, "error");
        }
      }
      await pause(mirrorLookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #check(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted && this.#trust.stopped === null) {
      try {
        const putBack = await findPutBack(this.#look, this.#intake.head);
        if (putBack !== null) this.#stop(putBack, { look: "position" });
        const { duplicateIds, spokenOf } = this.#intake;
        const found = await firstFinding(this.#client, this.#store, duplicateIds, spokenOf);
        if (found !== null) this.#stop(found.error, { look: "event", sequence: found.sequence });
      } catch (error) {
        // What cannot be compared now is compared next time. That the store is unavailable is reported elsewhere.
        const isAway = isLedgerError(error, "store-unavailable") || !isLedgerError(error);
        if (!isAway || isProgramError(error))
          this.#say(`the mirror could not be compared with the store: ${String(error)}`, "error");
      }
      await pause(mirrorCheckMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #stop(error: LedgerError, until: StoppedUntil): void {
    if (!this.#trust.stop(error, until)) return;
    this.#feed?.fail(error);
    this.#waiters.giveUp();
    this.#moved.wake();
  }
}

function isAt(position: Position | null, goal: Position): boolean {
  return position !== null && position.commit >= goal.commit;
}
