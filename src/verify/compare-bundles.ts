/** Two bundles side by side: whether they have the same events, and the first that differs. A batch of each is held. */
import type { BundleReader } from "./bundle.ts";
import { readBundle } from "./bundle.ts";

export interface BundleComparison {
  /** Events that both have, the same, from the first on. */
  readonly common: number;
  /** The next event of each as it stands there; `null` where that bundle ends. Both `null`: all are the same. */
  readonly first: string | null;
  readonly second: string | null;
  /** Whether the signed checkpoints at the ends are the same text; not looked at where events differ. */
  readonly sameCheckpoint: boolean | null;
}

/** Nothing is verified: that a bundle is what its key has signed is for `verifyBundle`. Throws `invalid-request` for what is not a bundle. */
export async function compareBundles(
  firstPath: string,
  secondPath: string,
  onEvents: (count: number) => void,
): Promise<BundleComparison> {
  const [first, second] = [new LeafCursor(firstPath), new LeafCursor(secondPath)];
  let common = 0;
  try {
    for (;;) {
      const [a, b] = [await first.next(), await second.next()];
      if (a === null && b === null) {
        const sameCheckpoint = first.reader.checkpoint() === second.reader.checkpoint();
        return { common, first: null, second: null, sameCheckpoint };
      }
      if (a !== b) return { common, first: a, second: b, sameCheckpoint: null };
      common++;
      if (common % 10_000 === 0) onEvents(common);
    }
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
}

/** One bundle's events, one at a time. */
class LeafCursor {
  readonly reader: BundleReader;
  readonly #batches: AsyncIterator<readonly string[]>;
  #batch: readonly string[] = [];
  #at = 0;

  constructor(path: string) {
    this.reader = readBundle(path);
    this.#batches = this.reader.leaves()[Symbol.asyncIterator]();
  }

  /** The next event; `null` after the last, again and again. */
  async next(): Promise<string | null> {
    while (this.#at >= this.#batch.length) {
      const { done, value } = await this.#batches.next();
      if (done === true) return null;
      [this.#batch, this.#at] = [value, 0];
    }
    return this.#batch[this.#at++] ?? null;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}
