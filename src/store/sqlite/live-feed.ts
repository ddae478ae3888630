/**
 * Events for those who follow the store. What was committed just now is handed on as it is: it is read
 * from the rows, and decoded, only by a follower that is behind.
 */
import type { StoredEvent } from "../../events/envelope.ts";
import { maxRecentEvents } from "../../limits/store.ts";
import { WakeUp } from "./wake-up.ts";

/** The last sequence that a follower was given. */
interface Follower {
  position: number;
}

export class LiveFeed {
  readonly #read: (after: number) => readonly StoredEvent[];
  readonly #pollMs: number | null;
  readonly #committed = new WakeUp();
  readonly #followers = new Set<Follower>();
  /** Commits of late, in order, that some follower may not have yet. */
  #recent: (readonly StoredEvent[])[] = [];
  #recentCount = 0;

  /** `read` gives the next rows after a position; with `pollMs`, others may append them unseen. */
  constructor(read: (after: number) => readonly StoredEvent[], pollMs: number | null) {
    this.#read = read;
    this.#pollMs = pollMs;
  }

  /** Whether anybody wants what is committed. */
  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** Tells of the events of one commit, in the order of their sequences. */
  note(events: readonly StoredEvent[]): void {
    if (this.isFollowed && events.length > 0) {
      this.#recent.push(events);
      this.#recentCount += events.length;
      while (this.#recentCount > maxRecentEvents) this.#dropOldest();
    }
    this.#committed.wake();
  }

  /** Wakes all followers, to find that the store is closed. */
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
        // Nothing can be appended between the look and the sleep: both run in one turn.
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

  /** Lets go of what every follower has. */
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
