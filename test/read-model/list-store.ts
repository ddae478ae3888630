/** A store whose events are a list in memory: what a read model needs of one, and what it was asked for. */
import type { StoredEvent } from "../../src/events/envelope.ts";
import { PackedHashes } from "../../src/events/canonical/leaf-hash.ts";
import { packedRoot } from "../../src/events/canonical/merkle-hash.ts";
import type { LeafStore, StoredLeaves } from "../../src/store/leaf-store.ts";

export class ListStore implements LeafStore {
  readonly description = "list";
  readonly events: StoredEvent[];
  /** From where `readAll` was asked to read. */
  readonly readsAfter: number[] = [];
  #wake: () => void = () => undefined;

  constructor(events: readonly StoredEvent[]) {
    this.events = [...events];
  }

  add(events: readonly StoredEvent[]): void {
    this.events.push(...events);
    this.#wake();
  }

  async *readAll(
    after: number,
    options: { readonly upTo?: number; readonly batchSize?: number } = {},
  ): AsyncIterable<readonly StoredEvent[]> {
    this.readsAfter.push(after);
    const { upTo = Infinity, batchSize = 7 } = options;
    for (let at = after; at < Math.min(upTo, this.events.length); at += batchSize) {
      yield this.events.slice(at, Math.min(at + batchSize, upTo));
    }
  }

  async *subscribe(after: number, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]> {
    for (let at = after; !signal.aborted;) {
      const batch = this.events.slice(at);
      at += batch.length;
      if (batch.length > 0) {
        yield batch;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      }
    }
  }

  async *readLeaves(): AsyncIterable<readonly string[]> {
    yield this.events.map(leafOf);
  }

  async leafHashes(from: number, to: number): Promise<Buffer> {
    const packed = new PackedHashes();
    for (const event of this.events.slice(from, to)) packed.add(leafOf(event));
    return Buffer.from(packed.bytes());
  }

  async storedLeaves(): Promise<StoredLeaves> {
    const rangeRoot = async (from: number, to: number): Promise<Buffer> =>
      packedRoot(await this.leafHashes(from, to));
    return {
      strayEvent: null,
      runs: () => [],
      positions: () => [],
      rangeRoot,
      lookupDifference: refuse,
    };
  }
  firstDecision = refuse;

  async readAt(sequence: number): Promise<StoredEvent | null> {
    return this.events[sequence - 1] ?? null;
  }

  async head(): Promise<{ sequence: number; recordedAt: number }> {
    const recordedAt = Math.max(0, ...this.events.map((event) => event.recordedAt));
    return { sequence: this.events.length, recordedAt };
  }

  async findByIds(ids: readonly string[]): Promise<readonly StoredEvent[]> {
    return this.events.filter(({ id }) => ids.includes(id));
  }

  async close(): Promise<void> {}

  append = refuse;
  streamRevision = refuse;
  query = refuse;
  findById = refuse;
  mark = refuse;
  setMark = refuse;
  readStream = (): never => {
    throw notNeeded();
  };
}

/** Any text will do that tells one event from another. */
function leafOf(event: StoredEvent): string {
  return JSON.stringify({ ...event, revision: String(event.revision) });
}

async function refuse(): Promise<never> {
  throw notNeeded();
}

function notNeeded(): Error {
  return new Error("a read model has no need of this");
}
