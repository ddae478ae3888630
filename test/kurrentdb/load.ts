/** A load on a ledger that goes on through faults, and knows what it was told. */
import { setTimeout as pause } from "node:timers/promises";
import { isLedgerError } from "../../src/errors.ts";
import type { EventStore, ExpectedRevision } from "../../src/store/port.ts";
import type { LeafStore } from "../../src/store/leaf-store.ts";
import { checkedEvents, part } from "../contract/sample-events.ts";
import { expect } from "vitest";

export interface Load {
  /** Ids of acknowledged events by stream, in order. */
  readonly acknowledged: ReadonlyMap<string, readonly string[]>;
  /** Errors that are no "come back later". */
  readonly failures: readonly Error[];
  /** Appends that were answered "come back later". */
  readonly turnedAway: () => number;
  readonly count: () => number;
  /** Ends once every append under way has been acknowledged. */
  stop(): Promise<void>;
}

/** One writer a stream, on the stores in turn; what is turned away is sent again with the same ids. */
export function startLoad(stores: readonly EventStore[], streams: number): Load {
  const acknowledged = new Map<string, string[]>();
  const failures: Error[] = [];
  const over = new AbortController();
  let turnedAway = 0;
  let count = 0;
  const write = async (writer: number): Promise<void> => {
    const store = stores[writer % stores.length];
    if (store === undefined) throw new Error("no store");
    const stream = `node-alpha:w${writer}`;
    const ids: string[] = [];
    acknowledged.set(stream, ids);
    let expected: ExpectedRevision = "no-stream";
    while (!over.signal.aborted && failures.length === 0) {
      const events = checkedEvents(1 + (ids.length % 4));
      const one = part(stream, expected, events);
      for (;;) {
        const [outcome] = await store.append([one]);
        if (outcome?.ok === true) {
          expected = outcome.position.firstRevision + BigInt(events.length) - 1n;
          ids.push(...events.map((event) => event.id));
          count += events.length;
          break;
        }
        if (!isLedgerError(outcome?.error, "store-unavailable")) {
          failures.push(outcome?.error ?? new Error("no outcome"));
          return;
        }
        turnedAway++;
        await pause(100);
      }
    }
  };
  const writers = Promise.all(Array.from({ length: streams }, (_, writer) => write(writer)));
  return {
    acknowledged,
    failures,
    turnedAway: () => turnedAway,
    count: () => count,
    stop: async () => {
      over.abort();
      await writers;
    },
  };
}

/** Everything acknowledged stands in the store once, in its stream's order, and nothing else does. */
export async function expectWhole(store: LeafStore, load: Load): Promise<void> {
  expect(load.failures).toEqual([]);
  const stored = new Map<string, string[]>([...load.acknowledged.keys()].map((key) => [key, []]));
  for await (const batch of store.readAll(0)) {
    for (const event of batch) stored.get(event.stream)?.push(event.id);
  }
  expect(stored).toEqual(load.acknowledged);
  expect((await store.head()).sequence).toBe(load.count());
}
