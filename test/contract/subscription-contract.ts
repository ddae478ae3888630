/** What every store promises about subscriptions. */
import { describe, expect, test } from "vitest";
import type { StoredEvent } from "../../src/events/envelope.ts";
import type { EventStore } from "../../src/store/port.ts";
import { checkedEvents, collect, part, positionOf, settled } from "./sample-events.ts";
import type { MakeStore } from "./store-under-test.ts";
import { fresh } from "./store-under-test.ts";

/** Follows the store until it has the event at `last`. */
async function follow(store: EventStore, after: number, last: number): Promise<StoredEvent[]> {
  const seen: StoredEvent[] = [];
  const stop = new AbortController();
  for await (const batch of store.subscribe(after, stop.signal)) {
    expect(batch.length).toBeGreaterThan(0);
    seen.push(...batch);
    if (seen.at(-1)?.sequence === last) stop.abort();
  }
  return seen;
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

export function subscriptionContract(make: MakeStore): void {
  describe("a subscription", () => {
    following(make);
    ending(make);
  });
}

function following(make: MakeStore): void {
  test("gives what is there, then what comes, without a gap or a double", async () => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:s0", "no-stream", checkedEvents(1_500)));
    await settled(store, 1_500);
    const followers = [
      follow(store, 0, 1_700),
      follow(store, 700, 1_700),
      follow(store, 1_500, 1_700),
    ];
    const appends: Promise<unknown>[] = [];
    for (let stream = 1; stream <= 100; stream++) {
      appends.push(positionOf(store, part(`node-alpha:s${stream}`, "no-stream", checkedEvents(2))));
      if (stream % 7 === 0) await new Promise((resume) => setImmediate(resume));
    }
    await Promise.all(appends);
    const [first, second, third] = await Promise.all(followers);
    expect(first?.map((event) => event.sequence)).toEqual(numbers(1, 1_700));
    expect(second?.map((event) => event.sequence)).toEqual(numbers(701, 1_700));
    expect(third?.map((event) => event.sequence)).toEqual(numbers(1_501, 1_700));
  });

  test("goes on after a restart from where it was", async () => {
    const { store, reopen } = await fresh(make);
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(10)));
    const before = await follow(store, 0, 10);
    const reopened = await reopen();
    const after = follow(reopened, 10, 15);
    await positionOf(reopened, part("node-alpha:a", 9n, checkedEvents(5)));
    const seen = [...before, ...(await after)];
    expect(seen.map((event) => event.sequence)).toEqual(numbers(1, 15));
    expect(seen.map((event) => event.revision)).toEqual(numbers(0, 14).map(BigInt));
  });

  test("waits for a sequence that does not exist yet", async () => {
    const { store } = await fresh(make);
    const seen = follow(store, 0, 3);
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(1)));
    await positionOf(store, part("node-alpha:a", 0n, checkedEvents(2)));
    expect((await seen).map((event) => event.sequence)).toEqual([1, 2, 3]);
  });
}

function ending(make: MakeStore): void {
  test("ends when it is aborted, also while it waits, and before it began", async () => {
    const { store } = await fresh(make);
    const stop = new AbortController();
    const waiting = collect(store.subscribe(0, stop.signal));
    await new Promise((resume) => setTimeout(resume, 20));
    stop.abort();
    expect(await waiting).toEqual([]);
    expect(await collect(store.subscribe(0, stop.signal))).toEqual([]);
  });

  test("that is left early holds nothing up", async () => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(5)));
    for await (const batch of store.subscribe(0, new AbortController().signal)) {
      if (batch.length > 0) break;
    }
    await positionOf(store, part("node-alpha:a", 4n, checkedEvents(1)));
    expect(await store.streamRevision("node-alpha:a")).toBe(5n);
  });

  test("says so when the store is closed under it", async () => {
    const { store } = await fresh(make);
    const waiting = Promise.allSettled([collect(store.subscribe(0, new AbortController().signal))]);
    await new Promise((resume) => setTimeout(resume, 20));
    await store.close();
    expect(await waiting).toMatchObject([
      { status: "rejected", reason: { code: "store-unavailable" } },
    ]);
  });
}
