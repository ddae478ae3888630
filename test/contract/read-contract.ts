/** What every store promises about reads. */
import { describe, expect, test } from "vitest";
import {
  allEvents,
  checkedEvent,
  checkedEvents,
  collect,
  failure,
  part,
  positionOf,
  settled,
  streamEvents,
} from "./sample-events.ts";
import type { MakeStore } from "./store-under-test.ts";
import { fresh } from "./store-under-test.ts";

export function readContract(make: MakeStore): void {
  describe("a read", () => {
    whole(make);
    streams(make);
    batches(make);
    places(make);
    damaged(make);
    closed(make);
  });
}

function whole(make: MakeStore): void {
  test("gives an event as it was taken, also after a restart", async () => {
    const { store, reopen } = await fresh(make);
    const data = { ...failure("n1", 'f "\\ \u0000 é 𝄞 \u2028'), codes: ["79", "48"] };
    const attribution = {
      actor: "eva",
      source: "prober",
      reason: "a\nb",
      ticket: "T-1",
      correlationId: "c-1",
      causationId: "c-0",
    };
    const event = checkedEvent({ data, attribution, occurredAt: -5_000 });
    await positionOf(store, part("node-alpha:n1", "no-stream", [event], 77));
    const expected = {
      id: event.id,
      type: "NodeFailed",
      schemaVersion: 1,
      stream: "node-alpha:n1",
      revision: 0n,
      sequence: 1,
      occurredAt: -5_000,
      recordedAt: 77,
      data,
      attribution,
    };
    await settled(store, 1);
    expect(await allEvents(store)).toEqual([expected]);
    const reopened = await reopen();
    await settled(reopened, 1);
    expect(await allEvents(reopened)).toEqual([expected]);
    expect(await reopened.findById(event.id)).toEqual(expected);
  });

  test("gives a decision with what it was made from, also after a restart", async () => {
    const { store, reopen } = await fresh(make);
    const request = "0123456789abcdef".repeat(4);
    const decided = [
      { command: "start", sequence: 7, request },
      { command: "sweep", sequence: 0 },
    ];
    const events = decided.map((decision) =>
      checkedEvent({
        type: "RolloutUnblocked",
        data: { cluster: "alpha", rollout: "r1" },
        attribution: { actor: "fleetledger", reason: "NFZ a, b", decision },
      }),
    );
    await positionOf(store, part("node-alpha:n1", "no-stream", checkedEvents(1)));
    await positionOf(store, part("rollout-r1", "no-stream", events));
    await settled(store, 3);
    const first = await allEvents(store);
    const reopened = await reopen();
    await settled(reopened, 3);
    for (const each of [first, await allEvents(reopened)]) {
      const [fact, ...rest] = each.map(({ attribution }) => attribution.decision);
      expect(fact).toBeUndefined();
      expect(rest).toEqual(decided);
    }
  });

  test("gives large events and streams of any name back", async () => {
    const { store } = await fresh(make);
    const codes = Array.from({ length: 900 }, (_, index) => `${index}`.repeat(20));
    const node = `rack/7:a'b"c\\d~%2F#?`;
    const large = checkedEvent({ data: { ...failure(node, "f"), codes } });
    await positionOf(store, part(`node-alpha:${node}`, "no-stream", [large]));
    await settled(store, 1);
    const [stored] = await streamEvents(store, `node-alpha:${node}`);
    expect(stored?.data).toEqual(large.data);
  });
}

function streams(make: MakeStore): void {
  test("of a stream gives its events in order, from a revision on", async () => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(2)));
    await positionOf(store, part("node-alpha:b", "no-stream", checkedEvents(5)));
    await positionOf(store, part("node-alpha:a", 1n, checkedEvents(1_200)));
    await settled(store, 1_207);
    const events = await streamEvents(store, "node-alpha:a");
    expect(events.map((event) => event.revision)).toEqual(
      Array.from({ length: 1_202 }, (_, index) => BigInt(index)),
    );
    const tail: bigint[] = [];
    for await (const event of store.readStream("node-alpha:a", 1_200n)) tail.push(event.revision);
    expect(tail).toEqual([1_200n, 1_201n]);
  });

  test("of a stream that is not there gives nothing", async () => {
    const { store } = await fresh(make);
    expect(await streamEvents(store, "node-alpha:nobody")).toEqual([]);
    expect(await store.streamRevision("node-alpha:nobody")).toBeNull();
  });

  test("that is left early holds nothing up", async () => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(50)));
    await settled(store, 50);
    for await (const event of store.readStream("node-alpha:a")) if (event.revision === 3n) break;
    for await (const batch of store.readAll(0, { batchSize: 10 })) if (batch.length > 0) break;
    await positionOf(store, part("node-alpha:a", 49n, checkedEvents(1)));
    await settled(store, 51);
    expect(await streamEvents(store, "node-alpha:a")).toHaveLength(51);
  });
}

function batches(make: MakeStore): void {
  test("of all gives every event once, in batches no larger than asked", async () => {
    const { store } = await fresh(make);
    for (const stream of ["node-alpha:a", "node-alpha:b", "node-alpha:c"]) {
      await positionOf(store, part(stream, "no-stream", checkedEvents(21)));
    }
    await settled(store, 63);
    const sequences: number[] = [];
    for await (const batch of store.readAll(3, { upTo: 60, batchSize: 10 })) {
      expect(batch.length).toBeGreaterThan(0);
      expect(batch.length).toBeLessThanOrEqual(10);
      sequences.push(...batch.map((event) => event.sequence));
    }
    expect(sequences).toEqual(Array.from({ length: 57 }, (_, index) => index + 4));
  });

  test("of all past the head gives nothing", async () => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(2)));
    await settled(store, 2);
    expect(await allEvents(store, 2)).toEqual([]);
    expect(await allEvents(store, 99)).toEqual([]);
  });

  test("of all sees what is appended while it goes on", async () => {
    const { store } = await fresh(make);
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(4)));
    await settled(store, 4);
    const sequences: number[] = [];
    for await (const batch of store.readAll(0, { batchSize: 2 })) {
      sequences.push(...batch.map((event) => event.sequence));
      if (sequences.length === 2) {
        await positionOf(store, part("node-alpha:b", "no-stream", checkedEvents(2)));
        await settled(store, 6);
      }
    }
    expect(sequences).toEqual([1, 2, 3, 4, 5, 6]);
  });
}

function places(make: MakeStore): void {
  test("by sequence or by id gives the event, or null", async () => {
    const { store } = await fresh(make);
    const events = checkedEvents(3);
    await positionOf(store, part("node-alpha:a", "no-stream", events));
    await settled(store, 3);
    expect((await store.readAt(2))?.id).toBe(events[1]?.id);
    expect(await store.readAt(0)).toBeNull();
    expect(await store.readAt(4)).toBeNull();
    expect((await store.findById(events[2]?.id ?? ""))?.sequence).toBe(3);
    expect(await store.findById("00000000-0000-4000-8000-000000000000")).toBeNull();
    const asked = [
      events[2]?.id ?? "",
      "00000000-0000-4000-8000-000000000000",
      events[0]?.id ?? "",
    ];
    expect((await store.findByIds(asked)).map(({ sequence }) => sequence)).toEqual([3, 1]);
    expect(await store.findByIds([])).toEqual([]);
  });

  test("of the head gives the last sequence and the largest recorded time", async () => {
    const { store, reopen } = await fresh(make);
    expect(await store.head()).toEqual({ sequence: 0, recordedAt: 0 });
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(2), 8_000));
    await positionOf(store, part("node-alpha:b", "no-stream", checkedEvents(1), 6_000));
    await settled(store, 3);
    expect(await store.head()).toEqual({ sequence: 3, recordedAt: 8_000 });
    const reopened = await reopen();
    await settled(reopened, 3);
    expect(await reopened.head()).toEqual({ sequence: 3, recordedAt: 8_000 });
  });

  test("of a mark gives its last word, also after a restart", async () => {
    const { store, reopen } = await fresh(make);
    expect(await store.mark("how")).toBeNull();
    await store.setMark("how", "first");
    await store.setMark("how", "second");
    expect(await store.mark("how")).toBe("second");
    expect(await (await reopen()).mark("how")).toBe("second");
  });
}

function damaged(make: MakeStore): void {
  test("of malformed stored data throws and names the sequence", async ({ skip }) => {
    const { store, reopen, damage } = await fresh(make);
    if (damage === null) return skip("nobody can damage this store's events");
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(5)));
    await settled(store, 5);
    await store.close();
    await damage(3);
    const reopened = await reopen();
    const named = { code: "corrupt-event", extra: { sequence: 3 } };
    await expect(allEvents(reopened)).rejects.toMatchObject(named);
    await expect(streamEvents(reopened, "node-alpha:a")).rejects.toMatchObject(named);
    await expect(reopened.readAt(3)).rejects.toMatchObject(named);
    const query = reopened.query({ after: 0, limit: 10, cluster: "alpha" });
    await expect(query).rejects.toMatchObject(named);
    const following = reopened.subscribe(0, new AbortController().signal);
    await expect(collect(following)).rejects.toMatchObject(named);
    expect((await reopened.readAt(4))?.sequence).toBe(4);
  });
}

function closed(make: MakeStore): void {
  test("and an append after the end say that the store is closed", async () => {
    const { store } = await fresh(make);
    const accepted = positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(2)));
    await store.close();
    expect(await accepted).toMatchObject({ firstRevision: 0n });
    const gone = { code: "store-unavailable" };
    await expect(store.head()).rejects.toMatchObject(gone);
    await expect(allEvents(store)).rejects.toMatchObject(gone);
    const [outcome] = await store.append([part("node-alpha:a", 1n, checkedEvents(1))]);
    expect(outcome).toMatchObject({ ok: false, error: gone });
  });
}
