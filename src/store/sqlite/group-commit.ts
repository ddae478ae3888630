/**
 * Group commit without a timer: everything that is appended in one go, without a turn of the event loop between, goes into one
 * commit. The writer has waited for a turn before it appends.
 */
import { LedgerError } from "../../errors.ts";
import { maxEventsPerCommit, maxQueuedEvents } from "../../limits/store.ts";
import type { AppendOutcome, StreamAppend } from "../port.ts";

interface Waiting {
  readonly parts: readonly StreamAppend[];
  readonly eventCount: number;
  readonly resolve: (outcomes: readonly AppendOutcome[]) => void;
}

export class GroupCommit {
  readonly #commit: (parts: readonly StreamAppend[]) => readonly AppendOutcome[];
  #queue: Waiting[] = [];
  #queuedEvents = 0;
  #scheduled = false;
  #whenIdle: (() => void)[] = [];

  /** `commit` durably commits and answers every part, and never throws. */
  constructor(commit: (parts: readonly StreamAppend[]) => readonly AppendOutcome[]) {
    this.#commit = commit;
  }

  append(parts: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    const eventCount = parts.reduce((sum, part) => sum + part.events.length, 0);
    if (this.#queue.length > 0 && this.#queuedEvents + eventCount > maxQueuedEvents) {
      const error = new LedgerError("store-unavailable", "too many appends are waiting");
      return Promise.resolve(parts.map(() => ({ ok: false, error })));
    }
    return new Promise((resolve) => {
      this.#queue.push({ parts, eventCount, resolve });
      this.#queuedEvents += eventCount;
      this.#schedule();
    });
  }

  /** Resolves when every accepted append has its answer. */
  idle(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    this.#scheduled = false;
    const group = this.#nextGroup();
    const outcomes = this.#commit(group.flatMap((waiting) => waiting.parts));
    let first = 0;
    for (const { parts, resolve } of group) {
      resolve(outcomes.slice(first, first + parts.length));
      first += parts.length;
    }
    if (this.#queue.length > 0) {
      this.#schedule();
      return;
    }
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** The parts of at least one call; of more calls as long as they fit into one commit. */
  #nextGroup(): readonly Waiting[] {
    let events = 0;
    let calls = 0;
    for (const waiting of this.#queue) {
      if (calls > 0 && events + waiting.eventCount > maxEventsPerCommit) break;
      events += waiting.eventCount;
      calls++;
    }
    this.#queuedEvents -= events;
    return this.#queue.splice(0, calls);
  }
}
