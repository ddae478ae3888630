/**
 * Compares two bundles: whether they have the same events, and the first that differs. One batch of each is in memory.
 */
import { at } from "../../projections/arithmetic/invariants.ts";
import { isLedgerError, LedgerError } from "../errors.ts";
import { NoteError, parseNote } from "../tree/signed-note.ts";
import type { BundleReader } from "./bundle.ts";
import { notABundle, readBundle } from "./bundle.ts";

export interface BundleComparison {
  /** Number of events that are the same in both, from the first on. */
  readonly common: number;
  /** The next event of each; `null` if that bundle ends there. If both are `null`, all events are the same. */
  readonly first: string | null;
  readonly second: string | null;
  /** Whether the signed checkpoints at the ends are the same text; `null` if events differ. */
  readonly sameCheckpoint: boolean | null;
}

/**
 * Does not verify anything: `verifyBundle` checks what a key has signed. Throws `invalid-request` for what is not a
 * whole bundle, naming the file and how many events before that are the same.
 */
export async function compareBundles(
  firstPath: string,
  secondPath: string,
  onEvents: (count: number) => void,
): Promise<BundleComparison> {
  const [first, second] = [new LeafCursor(firstPath), new LeafCursor(secondPath)];
  let common = 0;
  try {
    for (;;) {
      const [a, b] = [await first.next(common), await second.next(common)];
      if (a === null && b === null) {
        const sameCheckpoint = first.checkpoint() === second.checkpoint();
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
  readonly #reader: BundleReader;
  readonly #path: string;
  readonly #batches: AsyncIterator<readonly string[]>;
  #batch: readonly string[] = [];
  #index = 0;

  constructor(path: string) {
    this.#path = path;
    this.#reader = readBundle(path);
    this.#batches = this.#reader.leaves()[Symbol.asyncIterator]();
  }

  /** The next event after the `common` ones that are the same; `null` after the last, again and again. */
  async next(common: number): Promise<string | null> {
    while (this.#index >= this.#batch.length) {
      const { done, value } = await this.#nextBatch(common);
      if (done === true) return null;
      [this.#batch, this.#index] = [value, 0];
    }
    return at(this.#batch, this.#index++);
  }

  async #nextBatch(common: number): Promise<IteratorResult<readonly string[], unknown>> {
    try {
      return await this.#batches.next();
    } catch (error) {
      if (!isLedgerError(error)) throw error;
      const before =
        common === 0
          ? ""
          : `; the first ${common} ${common === 1 ? "event is" : "events are"} the same in both`;
      throw new LedgerError(error.code, `${this.#path}: ${error.message}${before}`, {
        cause: error,
      });
    }
  }

  /** The text of the signed checkpoint. Throws `invalid-request` where it is cut off or not a signed note. */
  checkpoint(): string {
    const text = this.#reader.checkpoint() ?? "";
    try {
      parseNote(text);
      return text;
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      const { message } = notABundle(null, "its checkpoint is cut off or damaged");
      throw new LedgerError("invalid-request", `${this.#path}: ${message}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}
