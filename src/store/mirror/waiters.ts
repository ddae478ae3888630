/** Waiters for the mirror to reach a revision of a stream; each is called when it has. */

interface Waiter {
  readonly revision: bigint;
  readonly tell: (isThere: boolean) => void;
}

export class MirrorWaiters {
  readonly #byStream = new Map<string, Set<Waiter>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  has(stream: string): boolean {
    return this.#byStream.has(stream);
  }

  /** Whether `reached` came to `revision` of `stream` within `limitMs`. */
  wait(stream: string, revision: bigint, limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        revision,
        tell: (isThere) => {
          clearTimeout(timer);
          this.#remove(stream, waiter);
          resolve(isThere);
        },
      };
      const timer = setTimeout(() => waiter.tell(false), limitMs);
      this.#add(stream, waiter);
    });
  }

  /** The mirror has come to `revision` of `stream`. */
  reached(stream: string, revision: bigint): void {
    for (const waiter of this.#byStream.get(stream) ?? []) {
      if (waiter.revision <= revision) waiter.tell(true);
    }
  }

  /** Nothing more will come. */
  giveUp(): void {
    for (const waiters of this.#byStream.values()) {
      for (const waiter of waiters) waiter.tell(false);
    }
  }

  #add(stream: string, waiter: Waiter): void {
    const waiters = this.#byStream.get(stream);
    if (waiters === undefined) this.#byStream.set(stream, new Set([waiter]));
    else waiters.add(waiter);
    this.#count++;
  }

  #remove(stream: string, waiter: Waiter): void {
    const waiters = this.#byStream.get(stream);
    if (waiters?.delete(waiter) !== true) return;
    this.#count--;
    if (waiters.size === 0) this.#byStream.delete(stream);
  }
}
