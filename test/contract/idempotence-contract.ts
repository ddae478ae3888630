/** What every store promises about ids that it has. */
import { describe, expect, test } from "vitest";
import type { EventSketch } from "./sample-events.ts";
import {
  allEvents,
  checkedEvent,
  checkedEvents,
  failure,
  part,
  positionOf,
  refusalOf,
  settled,
} from "./sample-events.ts";
import type { MakeStore } from "./store-under-test.ts";
import { fresh } from "./store-under-test.ts";

export function idempotenceContract(make: MakeStore): void {
  describe("ids that the store has", () => {
    duplicates(make);
    otherBodies(make);
    overlaps(make);
  });
}

function duplicates(make: MakeStore): void {
  test("are answered with their position if everything is the same", async () => {
    const { store } = await fresh(make);
    const events = checkedEvents(3);
    const first = await positionOf(store, part("node-alpha:s", "no-stream", events, 5_000));
    await settled(store, 3);
    const again = await positionOf(store, part("node-alpha:s", "no-stream", events, 9_000));
    expect(again).toMatchObject({ firstRevision: 0n, duplicate: true });
    expect([null, first.sequences]).toContainEqual(again.sequences);
    const stored = await allEvents(store);
    expect(stored.map((event) => event.recordedAt)).toEqual([5_000, 5_000, 5_000]);
  });

  test("are answered so when the stream has moved on, and after a restart", async () => {
    const { store, reopen } = await fresh(make);
    const events = checkedEvents(2);
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    await positionOf(store, part("node-alpha:s", 0n, events));
    await positionOf(store, part("node-alpha:s", 2n, checkedEvents(1)));
    await settled(store, 4);
    const again = await positionOf(store, part("node-alpha:s", 0n, events));
    expect(again).toMatchObject({ firstRevision: 1n, duplicate: true });
    const reopened = await reopen();
    await settled(reopened, 4);
    const later = await positionOf(reopened, part("node-alpha:s", 0n, events));
    expect(later).toMatchObject({ firstRevision: 1n, duplicate: true });
    expect(await reopened.streamRevision("node-alpha:s")).toBe(3n);
  });

  test("may come again as a part of what they came in", async () => {
    const { store } = await fresh(make);
    const events = checkedEvents(4);
    await positionOf(store, part("node-alpha:s", "no-stream", events));
    await settled(store, 4);
    const again = await positionOf(store, part("node-alpha:s", 0n, events.slice(1, 3)));
    expect(again).toMatchObject({ firstRevision: 1n, duplicate: true });
  });
}

function otherBodies(make: MakeStore): void {
  const id = "1f0e6c1e-3d0a-4a3c-9a55-3f1f3a6f0f11";
  const original: EventSketch = { id, data: failure("n1", "f1"), attribution: { source: "a" } };
  test.each<[string, EventSketch]>([
    ["data", { ...original, data: failure("n1", "f2") }],
    ["time", { ...original, occurredAt: 1_001 }],
    ["attribution", { ...original, attribution: { source: "b" } }],
    ["type", { ...original, type: "NodeRepairStarted" }],
    ["schema version", { ...original, schemaVersion: 2 }],
  ])("with another %s are a conflict", async (_, sketch) => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:s", "no-stream", [checkedEvent(original)]));
    await settled(store, 1);
    const error = await refusalOf(store, part("node-alpha:s", "no-stream", [checkedEvent(sketch)]));
    expect(error).toMatchObject({ code: "id-conflict", extra: { id } });
    expect((await store.head()).sequence).toBe(1);
  });
}

function overlaps(make: MakeStore): void {
  test("beside new ones are a conflict, and nothing of it is taken", async () => {
    const { store } = await fresh(make);
    const known = checkedEvents(2);
    await positionOf(store, part("node-alpha:s", "no-stream", known));
    await settled(store, 2);
    const fresher = checkedEvents(1);
    const mixed = [
      part("node-alpha:s", "no-stream", [...known, ...fresher]),
      part("node-alpha:s", "no-stream", [...known.slice(0, 1), ...fresher]),
      part("node-alpha:s", "no-stream", [...fresher, ...known.slice(1)]),
      part("node-alpha:s", 1n, [...fresher, ...known]),
      part("node-alpha:s", 0n, [...known.slice(1), ...fresher]),
    ];
    for (const one of mixed) {
      expect(await refusalOf(store, one)).toMatchObject({ code: "id-conflict" });
    }
    expect(await store.streamRevision("node-alpha:s")).toBe(1n);
    expect(await store.findById(fresher[0]?.id ?? "")).toBeNull();
  });

  test("in another order are a conflict", async () => {
    const { store } = await fresh(make);
    const known = checkedEvents(2);
    await positionOf(store, part("node-alpha:s", "no-stream", known));
    await settled(store, 2);
    const error = await refusalOf(store, part("node-alpha:s", "no-stream", known.toReversed()));
    expect(error).toMatchObject({ code: "id-conflict" });
  });

  test("at another position are a conflict: in their stream, in another stream, in a new one", async () => {
    const { store, reopen } = await fresh(make);
    const known = checkedEvents(1);
    await positionOf(store, part("node-alpha:s", "no-stream", known));
    await positionOf(store, part("node-alpha:t", "no-stream", checkedEvents(1)));
    await settled(store, 2);
    const reopened = await reopen();
    await settled(reopened, 2);
    for (const one of [
      part("node-alpha:s", 0n, known),
      part("node-alpha:t", 0n, known),
      part("node-alpha:u", "no-stream", known),
    ]) {
      expect(await refusalOf(reopened, one)).toMatchObject({ code: "id-conflict" });
    }
  });

  test("may not come twice in one append", async () => {
    const { store } = await fresh(make);
    const [one] = checkedEvents(1);
    if (one === undefined) throw new Error("no event");
    const error = await refusalOf(
      store,
      part("node-alpha:s", "no-stream", [one, checkedEvent(), one]),
    );
    expect(error).toMatchObject({ code: "id-conflict", extra: { id: one.id } });
    expect(await store.streamRevision("node-alpha:s")).toBeNull();
  });
}
