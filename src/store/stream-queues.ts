/** One at a time per stream, in the order in which they came. */
export class StreamQueues {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` once everything before it on the same stream is over. */
  run<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(stream) ?? Promise.resolve();
    const running = before.then(work, work);
    this.#last.set(stream, running);
    const forget = (): void => {
      if (this.#last.get(stream) === running) this.#last.delete(stream);
    };
    running.then(forget, forget);
    return running;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
