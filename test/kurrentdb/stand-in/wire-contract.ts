/**
 * What the ledger's store relies on in a server's answers, asked through the bare client. A real server
 * and the stand-in must both pass: where they differ, the stand-in is wrong.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { JSONEventData, Position } from "@eventstore/db-client";
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  START,
  jsonEvent,
  streamNameFilter,
} from "@eventstore/db-client";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../ledger-on-server.ts";
import { freshPrefix } from "../server.ts";

type Revision = bigint | typeof NO_STREAM;
/** Chooses the call that the ledger's store uses; an insecure server ignores them. */
const credentials = { username: "nobody", password: "none" };

function events(count: number, data: Record<string, unknown> = {}): JSONEventData[] {
  return Array.from({ length: count }, () =>
    jsonEvent({ id: randomUUID(), type: "Tried", data, metadata: { by: "a test" } }),
  );
}

interface Tried {
  readonly client: EventStoreDBClient;
  readonly stream: string;
  readonly append: (batch: readonly JSONEventData[], after: Revision) => Promise<bigint>;
  /** The revision at which the stream is said to stand. */
  readonly refusal: (batch: readonly JSONEventData[], after: Revision) => Promise<unknown>;
  readonly ids: () => Promise<string[]>;
}

function tryOn(url: string): Tried {
  const client = EventStoreDBClient.connectionString(url);
  onTestFinished(() => client.dispose());
  const stream = `${freshPrefix()}s`;
  const append = async (batch: readonly JSONEventData[], after: Revision): Promise<bigint> => {
    const options = { expectedRevision: after, requiresLeader: true, credentials };
    return (await client.appendToStream(stream, [...batch], options)).nextExpectedRevision;
  };
  return {
    client,
    stream,
    append,
    refusal: async (batch, after) => {
      const outcome = await append(batch, after).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ type: "wrong-expected-version" });
      return outcome instanceof Error && "actualVersion" in outcome ? outcome.actualVersion : null;
    },
    ids: async () => {
      const found: string[] = [];
      for await (const { event } of client.readStream(stream)) found.push(event?.id ?? "");
      return found;
    },
  };
}

function idsOf(batch: readonly JSONEventData[]): string[] {
  return batch.map(({ id }) => id);
}

export function wireContract(url: () => Promise<string>): void {
  idempotence(url);
  reading(url);
  subscribing(url);
}

function idempotence(url: () => Promise<string>): void {
  test("takes an append at the exact revision only, and says where the stream stands", async () => {
    const { append, refusal } = tryOn(await url());
    expect(await refusal(events(1), 4n)).toBe("no_stream");
    expect(await append(events(3), NO_STREAM)).toBe(2n);
    expect(await refusal(events(1), NO_STREAM)).toBe(2n);
    expect(await refusal(events(1), 0n)).toBe(2n);
    expect(await refusal(events(1), 9n)).toBe(2n);
    expect(await append(events(1), 2n)).toBe(3n);
  });

  test("answers the same ids at the same revision with their original position, also when others follow", async () => {
    const { append, ids } = tryOn(await url());
    const first = events(3);
    const next = events(1);
    await append(first, NO_STREAM);
    expect(await append(first, NO_STREAM)).toBe(2n);
    await append(next, 2n);
    expect(await append(first, NO_STREAM)).toBe(2n);
    expect(await append(first.slice(0, 2), NO_STREAM)).toBe(1n);
    expect(await append(first.slice(1, 2), 0n)).toBe(1n);
    expect(await ids()).toEqual(idsOf([...first, ...next]));
  });

  test("compares no bodies: an old id with another one is acknowledged and dropped", async () => {
    const { append, client, stream } = tryOn(await url());
    const [first] = events(1, { a: 1 });
    if (first === undefined) throw new Error("no event");
    await append([first], NO_STREAM);
    expect(await append([{ ...first, data: { a: 2 } }], NO_STREAM)).toBe(0n);
    for await (const { event } of client.readStream(stream)) expect(event?.data).toEqual({ a: 1 });
  });

  test("stores an old id again at the tail", async () => {
    const { append, ids } = tryOn(await url());
    const first = events(2);
    await append(first, NO_STREAM);
    expect(await append(first.slice(0, 1), 1n)).toBe(2n);
    expect(await ids()).toEqual(idsOf([...first, ...first.slice(0, 1)]));
  });

  test("refuses what mixes old and new ids, or has old ones at other revisions", async () => {
    const { append, refusal, ids } = tryOn(await url());
    const first = events(3);
    await append(first, NO_STREAM);
    for (const mixed of [
      [...first.slice(0, 1), ...events(1)],
      [...events(1), ...first.slice(1, 2)],
      [...first, ...events(1)],
    ]) {
      expect(await refusal(mixed, NO_STREAM)).toBe(2n);
    }
    expect(await refusal(first.slice(2), 0n)).toBe(2n);
    expect(await ids()).toEqual(idsOf(first));
  });
}

function reading(url: () => Promise<string>): void {
  test("reads a stream forwards from a revision and backwards from its end, with what was written", async () => {
    const { append, client, stream } = tryOn(await url());
    const written = events(4, { text: "ü" });
    await append(written, NO_STREAM);
    const read = async (options: Parameters<typeof client.readStream>[1]) => {
      const found: string[] = [];
      for await (const { event } of client.readStream(stream, options)) {
        expect(event).toMatchObject({ streamId: stream, type: "Tried", data: { text: "ü" } });
        expect(event?.metadata).toEqual({ by: "a test" });
        found.push(`${event?.revision} ${event?.id}`);
      }
      return found;
    };
    const forwards = { direction: FORWARDS, fromRevision: 1n, maxCount: 2 } as const;
    expect(await read(forwards)).toEqual([1, 2].map((i) => `${i} ${written[i]?.id}`));
    const last = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
    expect(await read(last)).toEqual([`3 ${written[3]?.id}`]);
  });

  test("says that a stream is not there", async () => {
    const { ids } = tryOn(await url());
    await expect(ids()).rejects.toMatchObject({ type: "stream-not-found" });
  });

  test("tells of a record in a stream where it stands in the log, and where a revision is not that there is none", async () => {
    const { append, client, stream } = tryOn(await url());
    await append(events(3), NO_STREAM);
    const inStream: (Position | undefined)[] = [];
    for await (const { event } of client.readStream(stream)) inStream.push(event?.position);
    const inLog: Position[] = [];
    for await (const { event } of client.readAll({ requiresLeader: true })) {
      if (event?.streamId === stream) inLog.push(event.position);
    }
    expect(inLog).toHaveLength(3);
    expect(inStream.map((at) => at?.commit)).toEqual(inLog.map((at) => at.commit));
    for await (const { event } of client.readStream(stream, { fromRevision: 7n, maxCount: 1 })) {
      expect(event).toBeUndefined();
    }
  });

  test("gives the last position of the log", async () => {
    const { append, client } = tryOn(await url());
    await append(events(1), NO_STREAM);
    const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
    const found: Position[] = [];
    for await (const { event } of client.readAll(options)) if (event) found.push(event.position);
    expect(found).toHaveLength(1);
    expect(found[0]?.commit).toBe(found[0]?.prepare);
  });
}

function subscribing(url: () => Promise<string>): void {
  test("brings what there is and then what comes, says when it has caught up, and begins after a position", async () => {
    const { append, client, stream } = tryOn(await url());
    const written = events(3);
    await append(written, NO_STREAM);
    const follow = (fromPosition: Position | typeof START) => {
      const told: string[] = [];
      const positions: Position[] = [];
      const filter = streamNameFilter({ prefixes: [stream] });
      const subscription = client.subscribeToAll({ fromPosition, filter });
      onTestFinished(() => subscription.unsubscribe());
      subscription.on("data", ({ event }) => {
        if (event === undefined) return;
        told.push(event.id);
        positions.push(event.position);
      });
      subscription.on("caughtUp", () => void told.push("caught up"));
      subscription.on("error", (error) => void told.push(String(error)));
      return { told, positions };
    };
    const whole = follow(START);
    await until(() => whole.told.includes("caught up"));
    expect(whole.told).toEqual([...idsOf(written), "caught up"]);
    const after = follow(whole.positions[1] ?? START);
    await until(() => after.told.includes("caught up"));
    expect(after.told).toEqual([written[2]?.id, "caught up"]);
    const next = events(2);
    await append(next, 2n);
    await until(() => after.told.length >= 4);
    await pause(50);
    expect(after.told.slice(2)).toEqual(idsOf(next));
  });

  test("passes over what comes up to a position that the log had not reached, without a word", async () => {
    const { append, client, stream } = tryOn(await url());
    await append(events(1), NO_STREAM);
    let end = 0n;
    const last = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
    for await (const { event } of client.readAll(last)) end = event?.position.commit ?? end;
    const ahead = end + 3_000n;
    const told: string[] = [];
    const filter = streamNameFilter({ prefixes: [stream] });
    const subscription = client.subscribeToAll({
      fromPosition: { commit: ahead, prepare: ahead },
      filter,
    });
    onTestFinished(() => subscription.unsubscribe());
    subscription.on("data", ({ event }) => void told.push(event?.id ?? ""));
    subscription.on("caughtUp", () => void told.push("caught up"));
    subscription.on("error", (error) => void told.push(String(error)));
    await until(() => told.includes("caught up"));
    await append(events(1), 0n);
    const [first] = told;
    expect(first).toBe("caught up");
    let revision = 1n;
    while (told.length === 1) {
      revision = await append(events(1, { text: "x".repeat(500) }), revision);
    }
    // Those that were stored while the subscription was live and before the log came to its position.
    expect(told.length - 1).toBeLessThan(Number(revision));
  });
}
