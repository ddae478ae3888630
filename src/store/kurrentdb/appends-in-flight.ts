/**
 * Appends that have no outcome yet, by the ids of their events. An id in flight is not sent again until its outcome is
 * known, because the store would store it twice.
 */
import type { CheckedEvent } from "../../events/envelope.ts";

export class AppendsUnderWay {
  readonly #byId = new Map<string, Promise<unknown>>();
  readonly #all = new Set<Promise<unknown>>();

  /** Appends that have no outcome yet, including those that wait for a retry. */
  get count(): number {
    return this.#all.size;
  }

  /** Runs `work`, which must never reject, once no append with any of these ids is in flight. */
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

  /** Resolves when no append is in flight. */
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
