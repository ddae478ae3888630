/**
 * Passes events to those who follow the store. A new commit is handed on from memory; only a follower that
 * has fallen behind reads and decodes rows.
 */
import type { StoredEvent } from "../../events/envelope.ts";
import { maxRecentEvents } from "../../limits/store.ts";
import { WakeUp } from "./wake-up.ts";

/** How far a follower has come. */
interface Follower {
  position: number;
}

export class LiveFeed {
  readonly #read: (after: number) => readonly StoredEvent[];
  readonly #pollMs: number | null;
  readonly #committed = new WakeUp();
  readonly #followers = new Set<Follower>();
  /** Recent commits, in order, that some follower may still need. */
  #recent: (readonly StoredEvent[])[] = [];
  #recentCount = 0;

  /** `read` returns the next rows after a position. `pollMs` is for a reader: other processes append without waking it. */
  constructor(read: (after: number) => readonly StoredEvent[], pollMs: number | null) {
    this.#read = read;
    this.#pollMs = pollMs;
  }

  /** Whether anybody follows the store. */
  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** Adds the events of one commit, in order of sequence. */
  note(events: readonly StoredEvent[]): void {
    if (this.isFollowed && events.length > 0) {
      this.#recent.push(events);
      this.#recentCount += events.length;
      while (this.#recentCount > maxRecentEvents) this.#dropOldest();
    }
    this.#committed.wake();
  }

  /** Wakes all followers, so that they notice that the store is closed. */
  wake(): void {
    this.#committed.wake();
  }

  async *follow(after: number, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]> {
    const follower: Follower = { position: after };
    this.#followers.add(follower);
    try {
      while (!signal.aborted) {
        const batch = this.#next(follower.position);
        follower.position += batch.length;
        this.#dropTaken();
        if (batch.length > 0) yield batch;
        // No append can come between the check and the sleep: both run in one turn of the event loop.
        else await this.#committed.sleep(signal, this.#pollMs);
      }
    } finally {
      this.#followers.delete(follower);
      this.#dropTaken();
    }
  }

  #next(position: number): readonly StoredEvent[] {
    for (const events of this.#recent) {
      const skipped = position + 1 - firstOf(events);
      if (skipped === 0) return events;
      if (skipped > 0 && skipped < events.length) return events.slice(skipped);
    }
    return this.#read(position);
  }

  /** Drops the commits that every follower has. */
  #dropTaken(): void {
    let behind = Infinity;
    for (const { position } of this.#followers) behind = Math.min(behind, position);
    for (let oldest = this.#recent[0]; oldest !== undefined; oldest = this.#recent[0]) {
      if (firstOf(oldest) + oldest.length - 1 > behind) return;
      this.#dropOldest();
    }
  }

  #dropOldest(): void {
    this.#recentCount -= this.#recent.shift()?.length ?? 0;
  }
}

function firstOf(events: readonly StoredEvent[]): number {
  return events[0]?.sequence ?? Infinity;
}
