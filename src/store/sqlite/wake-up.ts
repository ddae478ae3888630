/** Wakes everyone who waits for the next commit. */
export class WakeUp {
  #sleepers = new Set<() => void>();

  wake(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = new Set();
    for (const wake of sleepers) wake();
  }

  /** Resolves at the next `wake`, when the signal is aborted, or after `atMostMs`. */
  sleep(signal: AbortSignal, atMostMs: number | null): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        if (timer !== null) clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = atMostMs === null ? null : setTimeout(wake, atMostMs);
      signal.addEventListener("abort", wake, { once: true });
      this.#sleepers.add(wake);
    });
  }
}
