/** The mirror against a real server. */
import { EventStoreDBClient, NO_STREAM, jsonEvent } from "@eventstore/db-client";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { checkedEvents, part, positionOf, settled } from "../contract/sample-events.ts";
import { freshFolder, leavesOf, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

async function rawClient(): Promise<EventStoreDBClient> {
  const client = EventStoreDBClient.connectionString(await sharedServer());
  onTestFinished(() => client.dispose());
  return client;
}

async function freshLedger() {
  const ledger = ledgerOn(await sharedServer());
  const mirror = freshFolder();
  return { ledger, mirror, store: await ledger.open(mirror) };
}

describe.skipIf(whyNoServer !== null)("a mirror", () => {
  following();
  disagreeing();
});

function following(): void {
  test("continues from its position after a restart, without reading again what it has", async () => {
    const { ledger, mirror, store } = await freshLedger();
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(500)));
    await store.close();
    const other = await ledger.open();
    await positionOf(other, part("node-alpha:b", "no-stream", checkedEvents(20)));
    const reopened = await ledger.open(mirror);
    await settled(reopened, 520);
    expect(await leavesOf(reopened)).toEqual(await leavesOf(other));
  });

  test("that was lost is filled again with the same sequences", async () => {
    const { ledger, store } = await freshLedger();
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        positionOf(store, part(`node-alpha:s${i}`, "no-stream", checkedEvents(1 + (i % 4)))),
      ),
    );
    await store.setMark("how", "kept");
    const before = await leavesOf(store);
    await store.close();
    const again = await ledger.open();
    expect(await leavesOf(again)).toEqual(before);
    expect(await again.mark("how")).toBe("kept");
  });

  test("gives two instances that append at the same time the same sequences", async () => {
    const { ledger, store } = await freshLedger();
    const other = await ledger.open();
    const appends = Array.from({ length: 60 }, (_, i) =>
      positionOf(
        i % 2 === 0 ? store : other,
        part(`node-alpha:s${i}`, "no-stream", checkedEvents(1 + (i % 3))),
      ),
    );
    await Promise.all(appends);
    await Promise.all([settled(store, 120), settled(other, 120)]);
    expect(await leavesOf(other)).toEqual(await leavesOf(store));
  });

  test("lets only one of two instances win when both append at the same revision", async () => {
    const { ledger, store } = await freshLedger();
    const other = await ledger.open();
    const outcomes = await Promise.all(
      [store, other].map((each) =>
        each.append([part("node-alpha:s", "no-stream", checkedEvents(2))]),
      ),
    );
    const taken = outcomes.flat().filter((outcome) => outcome.ok);
    expect(taken).toHaveLength(1);
    await settled(other, 2);
    expect((await other.head()).sequence).toBe(2);
  });

  test("ignores streams of other programs", async () => {
    const { ledger, store } = await freshLedger();
    const client = await rawClient();
    const foreign = jsonEvent({ type: "Foreign", data: { a: 1 } });
    await client.appendToStream(`other-${ledger.prefix}x`, [foreign]);
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(2)));
    expect((await store.head()).sequence).toBe(2);
    expect(statusOf(store).mirrorState).toBe("live");
  });

  test("reports an append with the same ids by another instance", async () => {
    const { ledger, store } = await freshLedger();
    const other = await ledger.open();
    const events = checkedEvents(2);
    const positions = await Promise.all([
      positionOf(store, part("node-alpha:s", "no-stream", events, 1_000)),
      positionOf(other, part("node-alpha:s", "no-stream", events, 2_000)),
    ]);
    expect(positions.filter((position) => !position.duplicate)).toHaveLength(1);
    expect(new Set(positions.map((position) => position.firstRevision))).toEqual(new Set([0n]));
  });

  test("reports an acknowledged append whose content was dropped for that of another instance", async () => {
    const { ledger, store } = await freshLedger();
    const other = await ledger.open();
    const [one] = checkedEvents(1);
    const [two] = checkedEvents(1);
    if (one === undefined || two === undefined) throw new Error("no events");
    const changed = { ...two, id: one.id, occurredAt: 77 };
    const outcomes = await Promise.all([
      store.append([part("node-alpha:s", "no-stream", [one])]),
      other.append([part("node-alpha:s", "no-stream", [changed])]),
    ]);
    const refused = outcomes.flat().filter((outcome) => !outcome.ok);
    expect(refused).toMatchObject([{ error: { code: "id-conflict" } }]);
  });
}

function disagreeing(): void {
  test.each([
    ["of an unknown type", jsonEvent({ type: "Foreign", data: { a: 1 } })],
    ["without the ledger's metadata", jsonEvent({ type: "NodeFailed", data: { node: "n1" } })],
    ["whose data are no object", jsonEvent({ type: "NodeFailed", data: "text" })],
  ])("stops at an event under the prefix %s, and names its position", async (_, event) => {
    const { ledger, store } = await freshLedger();
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(2)));
    const client = await rawClient();
    const { position } = await client.appendToStream(`${ledger.prefix}x`, [event], {
      expectedRevision: NO_STREAM,
    });
    await until(() => statusOf(store).mirrorState === "stopped");
    expect(statusOf(store).error).toContain(`position ${position?.commit}`);
    expect((await store.head()).sequence).toBe(2);
    const [outcome] = await store.append([part("node-alpha:b", "no-stream", checkedEvents(1))]);
    expect(outcome).toMatchObject({ ok: false, error: { code: "store-unavailable" } });
  });

  test.each<[string, (client: EventStoreDBClient, stream: string) => Promise<unknown>]>([
    ["deleted", (client, stream) => client.deleteStream(stream)],
    ["deleted for good", (client, stream) => client.tombstoneStream(stream)],
    ["truncated", (client, stream) => client.setStreamMetadata(stream, { truncateBefore: 2 })],
    ["given an age", (client, stream) => client.setStreamMetadata(stream, { maxAge: 1 })],
    ["given a length", (client, stream) => client.setStreamMetadata(stream, { maxCount: 1 })],
  ])(
    "stops when a stream is %s, live, after a restart and when it is filled again",
    async (_, harm) => {
      const { ledger, mirror, store } = await freshLedger();
      await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(4)));
      const client = await rawClient();
      await harm(client, `${ledger.prefix}node-alpha:a`);
      await until(() => statusOf(store).mirrorState === "stopped");
      await store.close();
      const reopened = await ledger.open(mirror);
      await until(() => statusOf(reopened).mirrorState === "stopped");
      const anew = await ledger.open();
      await until(() => statusOf(anew).mirrorState === "stopped");
      expect(statusOf(anew).error).not.toBeNull();
    },
  );

  test("with an event that the store lacks is noticed when it is opened", async () => {
    const { mirror, store } = await freshLedger();
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(4)));
    await store.close();
    // The same mirror before a store that never had these events.
    const elsewhere = ledgerOn(await sharedServer());
    const confused = await elsewhere.open(mirror);
    await until(() => statusOf(confused).mirrorState === "stopped");
    expect(statusOf(confused).error).toContain("no longer in the store");
  });
}
