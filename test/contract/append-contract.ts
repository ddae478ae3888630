/** What every store promises about appends. */
import { describe, expect, test } from "vitest";
import { isLedgerError } from "../../src/errors.ts";
import {
  checkedEvent,
  checkedEvents,
  outcomeOf,
  part,
  positionOf,
  refusalOf,
  settled,
  streamEvents,
} from "./sample-events.ts";
import type { MakeStore } from "./store-under-test.ts";
import { fresh } from "./store-under-test.ts";

export function appendContract(make: MakeStore): void {
  describe("an append", () => {
    expectedRevisions(make);
    independence(make);
    races(make);
  });
}

function expectedRevisions(make: MakeStore): void {
  test("to a new stream stands at revision 0, and the next follows it", async () => {
    const { store } = await fresh(make);
    const first = await positionOf(store, part("node-alpha:n1", "no-stream", checkedEvents(2)));
    expect(first).toMatchObject({ firstRevision: 0n, duplicate: false });
    const second = await positionOf(store, part("node-alpha:n1", 1n, checkedEvents(3)));
    expect(second).toMatchObject({ firstRevision: 2n, duplicate: false });
    expect(await store.streamRevision("node-alpha:n1")).toBe(4n);
  });

  test("gives the sequences, or null if the store learns them later", async () => {
    const { store } = await fresh(make);
    const { sequences } = await positionOf(
      store,
      part("node-alpha:j1", "no-stream", checkedEvents(3)),
    );
    expect([null, [1, 2, 3]]).toContainEqual(sequences);
  });

  test.each([
    { what: "no stream where there is one", expected: "no-stream" as const, said: "no-stream" },
    { what: "a revision that was passed", expected: 0n, said: 0 },
    { what: "a revision to come", expected: 7n, said: 7 },
    { what: "a revision beyond 2^53", expected: 2n ** 60n, said: String(2n ** 60n) },
  ])("that expects $what is refused and leaves nothing", async ({ expected, said }) => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(3)));
    const late = checkedEvent();
    const error = await refusalOf(store, part("node-alpha:s", expected, [late]));
    expect(error).toMatchObject({
      code: "wrong-expected-revision",
      extra: { stream: "node-alpha:s", expected: said, actual: 2 },
    });
    await settled(store, 3);
    expect(await store.streamRevision("node-alpha:s")).toBe(2n);
    expect(await store.findById(late.id)).toBeNull();
  });

  test("that expects a revision where there is no stream is refused", async () => {
    const { store } = await fresh(make);
    const error = await refusalOf(store, part("node-alpha:s", 0n, checkedEvents(1)));
    expect(error).toMatchObject({
      code: "wrong-expected-revision",
      extra: { stream: "node-alpha:s", expected: 0, actual: "no-stream" },
    });
    expect(await store.streamRevision("node-alpha:s")).toBeNull();
  });

  test("without events, or with a time missing, is a mistake of the caller's", async () => {
    const { store } = await fresh(make);
    await expect(store.append([part("node-alpha:s", "no-stream", [])])).rejects.toThrow(RangeError);
    const unclear = { ...part("node-alpha:s", "no-stream", checkedEvents(2)), recordedAt: [1] };
    await expect(store.append([unclear])).rejects.toThrow(RangeError);
    expect(await store.streamRevision("node-alpha:s")).toBeNull();
  });
}

function independence(make: MakeStore): void {
  test("of many parts refuses one without touching the others", async () => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:b", "no-stream", checkedEvents(1)));
    const outcomes = await store.append([
      part("node-alpha:a", "no-stream", checkedEvents(2)),
      part("node-alpha:b", "no-stream", checkedEvents(2)),
      part("node-alpha:c", "no-stream", checkedEvents(2)),
    ]);
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, false, true]);
    await settled(store, 5);
    expect(await streamEvents(store, "node-alpha:a")).toHaveLength(2);
    expect(await streamEvents(store, "node-alpha:b")).toHaveLength(1);
    expect(await streamEvents(store, "node-alpha:c")).toHaveLength(2);
  });

  test("of several parts of one stream takes them in their order", async () => {
    const { store } = await fresh(make);
    const events = checkedEvents(4);
    const outcomes = await store.append([
      part("node-alpha:s", "no-stream", events.slice(0, 2)),
      part("node-alpha:s", 1n, events.slice(2, 3)),
      part("node-alpha:s", 1n, [checkedEvent()]),
      part("node-alpha:s", 2n, events.slice(3)),
    ]);
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, true, false, true]);
    await settled(store, 4);
    const ids = (await streamEvents(store, "node-alpha:s")).map((event) => event.id);
    expect(ids).toEqual(events.map((event) => event.id));
  });

  test("of a thousand events stands whole, in order", async () => {
    const { store } = await fresh(make);
    const events = checkedEvents(1_000);
    await positionOf(store, part("node-alpha:s", "no-stream", events));
    await settled(store, 1_000);
    const stored = await streamEvents(store, "node-alpha:s");
    expect(stored.map((event) => event.id)).toEqual(events.map((event) => event.id));
    expect(stored.map((event) => event.revision)).toEqual(events.map((_, at) => BigInt(at)));
  });
}

function races(make: MakeStore): void {
  test("wins alone of all that race for one revision", async () => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    const racers = Array.from({ length: 20 }, () =>
      outcomeOf(store, part("node-alpha:s", 0n, checkedEvents(2))),
    );
    const outcomes = await Promise.all(racers);
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.ok) continue;
      expect(isLedgerError(outcome.error, "wrong-expected-revision"), outcome.error.message).toBe(
        true,
      );
    }
    expect(await store.streamRevision("node-alpha:s")).toBe(2n);
  });

  test("that is sent many times at once is taken once", async () => {
    const { store } = await fresh(make);
    const same = part("node-alpha:s", "no-stream", checkedEvents(3));
    const positions = await Promise.all(Array.from({ length: 10 }, () => positionOf(store, same)));
    expect(positions.filter((position) => !position.duplicate)).toHaveLength(1);
    expect(new Set(positions.map((position) => position.firstRevision))).toEqual(new Set([0n]));
    expect(await store.streamRevision("node-alpha:s")).toBe(2n);
  });

  test("to one of many streams at once stands dense with all of them", async () => {
    const { store } = await fresh(make);
    const appends = Array.from({ length: 50 }, (_, index) =>
      positionOf(store, part(`node-alpha:s${index}`, "no-stream", checkedEvents(1 + (index % 3)))),
    );
    await Promise.all(appends);
    await settled(store, 99);
    const sequences: number[] = [];
    for await (const batch of store.readAll(0)) sequences.push(...batch.map((e) => e.sequence));
    expect(sequences).toEqual(Array.from({ length: 99 }, (_, index) => index + 1));
  });
}
