/**
 * How far a mirror is behind its store, as far as that can be known: exactly while the subscription is
 * live, since then all that there is has been delivered; before that by the bytes of the store's log that
 * are left; while the store is unavailable, by what was delivered and not taken yet.
 */
import type { Position } from "../kurrentdb/client/client.ts";
import type { MirrorFeed } from "./feed.ts";

/** What is asked of a subscription. */
type FollowedFeed = Pick<MirrorFeed, "hasCaughtUp" | "queued" | "completeUntil">;

export class MirrorLag {
  /** By `performance.now()`: when the mirror was last known to have everything, or was opened. */
  #completeAt = performance.now();
  #wasComplete = false;
  /** The end of the store's log, when it was last asked for. */
  #end: Position | null = null;
  /** Events that a subscription had delivered when it broke. */
  #leftBehind = 0;

  /** Events of the ledger that are in the mirror, and where in the log the last one stands. */
  events(feed: FollowedFeed | null, sequence: number, position: Position | null): number {
    if (feed?.hasCaughtUp === true) return feed.queued;
    return Math.max(feed?.queued ?? 0, this.#leftBehind, this.#leftInLog(sequence, position));
  }

  /** Whether it has had everything since it was opened. */
  get wasComplete(): boolean {
    return this.#wasComplete;
  }

  seconds(feed: FollowedFeed | null): number {
    const sinceMs = feed === null ? this.#completeAt : this.#completeBy(feed);
    return Math.max(0, Math.round(performance.now() - sinceMs)) / 1_000;
  }

  /** The end of the store's log as it is now. */
  noteEnd(end: Position | null): void {
    this.#end = end;
  }

  /** Something was taken in, or there was nothing to be. */
  noteTaken(feed: FollowedFeed): void {
    if (!feed.hasCaughtUp) return;
    this.#leftBehind = 0;
    this.#wasComplete = true;
    this.#completeAt = feed.completeUntil;
  }

  /** The subscription broke, or is about to be given up. */
  noteBroken(feed: FollowedFeed): void {
    this.#completeAt = this.#completeBy(feed);
    this.#leftBehind = Math.max(this.#leftBehind, feed.queued);
  }

  /** What an earlier subscription did not deliver is missing until a later one delivers it, even if that one is already live. */
  #completeBy(feed: FollowedFeed): number {
    return this.#leftBehind > 0 ? this.#completeAt : Math.max(this.#completeAt, feed.completeUntil);
  }

  /** By the bytes of the log that an event has taken so far, whatever else stands in it. */
  #leftInLog(sequence: number, position: Position | null): number {
    if (this.#end === null || position === null || sequence === 0) return 0;
    const leftBytes = Math.max(0, Number(this.#end.commit - position.commit));
    return Math.round((leftBytes * sequence) / Math.max(1, Number(position.commit)));
  }
}
