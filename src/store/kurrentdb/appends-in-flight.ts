/**
 * Appends that were given to a store and have no outcome yet, by the ids of their events: an id that is on
 * its way is not sent again before it is known what became of it, since the store would take it twice.
 */
import type { CheckedEvent } from "../../events/envelope.ts";

export class AppendsUnderWay {
  readonly #byId = new Map<string, Promise<unknown>>();
  readonly #all = new Set<Promise<unknown>>();

  /** Appends that have no outcome yet, also while one waits to be tried again. */
  get count(): number {
    return this.#all.size;
  }

  /** Runs `work`, which never rejects, once nothing with any of these ids is under way. */
  async run<T>(events: readonly CheckedEvent[], work: () => Promise<T>): Promise<T> {
    for (;;) {
      const earlier = this.#earlier(events);
      if (earlier.size === 0) break;
      await Promise.all(earlier);
    }
    const running = work();
    this.#all.add(running);
    for (const { id } of events) this.#byId.set(id, running);
    try {
      return await running;
    } finally {
      this.#all.delete(running);
      for (const { id } of events) this.#byId.delete(id);
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#all.size > 0) await Promise.all(this.#all);
  }

  #earlier(events: readonly CheckedEvent[]): Set<Promise<unknown>> {
    const earlier = new Set<Promise<unknown>>();
    if (this.#byId.size === 0) return earlier;
    for (const { id } of events) {
      const running = this.#byId.get(id);
      if (running !== undefined) earlier.add(running);
    }
    return earlier;
  }
}
