/** What a scavenge took away for good while no mirror was looking, of streams of which nothing is said any more. */
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkedEvents, part, positionOf } from "../contract/sample-events.ts";
import { freshFolder, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import type { RunningServer } from "./server.ts";
import { sayWhySkipped, startServer, whyNoExecutable } from "./server.ts";

sayWhySkipped(whyNoExecutable);

/** A scavenge leaves the chunk alone that is being written: small ones are soon full. */
const chunkBytes = 1024 * 1024;
let server: RunningServer;
let client: EventStoreDBClient;

async function scavenge(): Promise<void> {
  const filler = "x".repeat(chunkBytes / 4);
  for (let i = 0; i < 6; i++) {
    await client.appendToStream("filler", [jsonEvent({ type: "Filler", data: { filler } })]);
  }
  const admin = `http://127.0.0.1:${server.port}/admin/scavenge`;
  const begun = await fetch(`${admin}?startFromChunk=0&threads=1`, { method: "POST" });
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(await begun.text())?.[0] ?? "";
  expect(id).not.toBe("");
  await until(async () => !(await (await fetch(`${admin}/current`)).text()).includes(id));
}

async function revisionsOf(stream: string): Promise<bigint[]> {
  const found: bigint[] = [];
  for await (const { event } of client.readStream(stream)) if (event) found.push(event.revision);
  return found;
}

/** A ledger whose only instance is away. What a start compares by chance hardly ever hits the few events of `a`. */
async function ledgerAway() {
  const ledger = ledgerOn(server.url);
  const mirror = freshFolder();
  const store = await ledger.open(mirror);
  await positionOf(store, part("node-alpha:b", "no-stream", checkedEvents(1_500)));
  await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(4)));
  await positionOf(store, part("node-alpha:c", "no-stream", checkedEvents(1_500)));
  await store.close();
  return { ledger, mirror, stream: `${ledger.prefix}node-alpha:a` };
}

/** Deletes a stream and appends a copy of its first event to it. */
async function recreate(stream: string): Promise<void> {
  for await (const { event } of client.readStream(stream, { maxCount: 1 })) {
    if (event === undefined || !event.isJson) throw new Error("no event of the ledger's");
    const { type, data, metadata } = event;
    await client.deleteStream(stream);
    await client.appendToStream(stream, [jsonEvent({ type, data, metadata })]);
  }
}

describe.skipIf(whyNoExecutable !== null)("a mirror", () => {
  beforeAll(async () => {
    server = await startServer("files", { options: ["--chunk-size", String(chunkBytes)] });
    client = EventStoreDBClient.connectionString(server.url);
  });
  afterAll(async () => {
    await client.dispose();
    await server.dispose();
  });

  test.each<[string, bigint, (stream: string) => Promise<unknown>]>([
    ["given a length", 3n, (stream) => client.setStreamMetadata(stream, { maxCount: 1 })],
    ["truncated", 2n, (stream) => client.setStreamMetadata(stream, { truncateBefore: 2 })],
    ["deleted", 3n, (stream) => client.deleteStream(stream)],
    ["deleted and made again", 4n, recreate],
  ])(
    "stops when a stream was %s, scavenged and cleaned up while it was not running, and accepts nothing more",
    async (_, left, harm) => {
      const { ledger, mirror, stream } = await ledgerAway();
      await harm(stream);
      await scavenge();
      // Of a deleted stream, the server itself says with the first that it is truncated.
      await client.setStreamMetadata(stream, {});
      await client.setStreamMetadata(stream, {});
      // The word that did the harm goes too; the last one that was said of a stream stays.
      await scavenge();
      expect((await revisionsOf(stream))[0]).toBe(left);
      const store = await ledger.open(mirror);
      await until(() => statusOf(store).mirrorState === "stopped");
      expect(statusOf(store).error).toContain(
        "revision 0 of node-alpha:a) is in the mirror but no longer",
      );
      const [outcome] = await store.append([part("node-alpha:a", 3n, checkedEvents(1))]);
      expect(outcome).toMatchObject({ ok: false, error: { code: "store-unavailable" } });
    },
  );

  test("continues if a stream's metadata were restored before a scavenge and nothing was lost", async () => {
    const { ledger, mirror, stream } = await ledgerAway();
    await client.setStreamMetadata(stream, { maxCount: 1 });
    expect(await revisionsOf(stream)).toEqual([3n]);
    await client.setStreamMetadata(stream, {});
    await scavenge();
    const store = await ledger.open(mirror);
    expect(await positionOf(store, part("node-alpha:a", 3n, checkedEvents(1)))).toMatchObject({
      firstRevision: 4n,
    });
    expect(statusOf(store).mirrorState).toBe("live");
  });
});
