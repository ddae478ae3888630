/**
 * Finds events that were read from a store by their ids, so that the store need not read all of them again for that. Ids are
 * kept by their hashes: a hit says where an id may be, and the store decides.
 */
import type { StoredEvent } from "../../events/envelope.ts";
import { HashedSequences } from "../../store/sqlite/lookups/hashed-sequences.ts";
import { randomSeeds, SeededHash } from "../../store/sqlite/lookups/seeded-hash.ts";
import type { EventStore } from "../../store/port.ts";
import type { ViewedStore } from "../../read-model/snapshots/viewed-store.ts";

type FindingStore = ViewedStore & Pick<EventStore, "readAt">;

class ReadIds {
  readonly #store: FindingStore;
  readonly #hash = new SeededHash(randomSeeds());
  readonly #sequences = new HashedSequences();
  #last = 0;

  constructor(store: FindingStore) {
    this.#store = store;
  }

  note(events: readonly StoredEvent[]): void {
    for (const { id, sequence } of events) {
      // A batch may be read twice.
      if (sequence <= this.#last) continue;
      this.#hash.ofId(id);
      this.#sequences.add(this.#hash.low, this.#hash.high, sequence);
      this.#last = sequence;
    }
  }

  async find(id: string): Promise<StoredEvent | null> {
    const possible: number[] = [];
    this.#hash.ofId(id);
    this.#sequences.find(this.#hash.low, this.#hash.high, (sequence) => {
      possible.push(sequence);
      return false;
    });
    for (const sequence of possible) {
      const event = await this.#store.readAt(sequence);
      if (event?.id === id) return event;
    }
    return null;
  }
}

/** The store as a read model reads it from the first event on. Ids of events before those that were read are asked of the store. */
export function findingWhatWasRead(store: FindingStore): ViewedStore {
  const ids = new ReadIds(store);
  async function* noting(
    batches: AsyncIterable<readonly StoredEvent[]>,
  ): AsyncIterable<readonly StoredEvent[]> {
    for await (const batch of batches) {
      ids.note(batch);
      yield batch;
    }
  }
  return {
    head: () => store.head(),
    storedLeaves: () => store.storedLeaves(),
    readAll: (after, options) => noting(store.readAll(after, options)),
    subscribe: (after, signal) => noting(store.subscribe(after, signal)),
    findByIds: async (wanted) => {
      const found: StoredEvent[] = [];
      for (const id of wanted) {
        const event = (await ids.find(id)) ?? (await store.findByIds([id]))[0];
        if (event !== undefined) found.push(event);
      }
      return found;
    },
  };
}
