/** Queues that run work one at a time per stream, in the order in which it came. */
export class StreamQueues<T> {
  readonly #last = new Map<string, Promise<T>>();

  /** Runs `work` after everything before it on the same stream, and passes it the result of the one before. */
  run(stream: string, work: (before: T | null) => Promise<T>): Promise<T> {
    const before: Promise<T | null> = this.#last.get(stream) ?? Promise.resolve(null);
    const running = before.then(work, () => work(null));
    this.#last.set(stream, running);
    const forget = (): void => {
      if (this.#last.get(stream) === running) this.#last.delete(stream);
    };
    running.then(forget, forget);
    return running;
  }

  /** Resolves when nothing is in progress. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
