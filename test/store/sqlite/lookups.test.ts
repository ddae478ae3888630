import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import type { EmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import type { EventFilter, StreamAppend } from "../../../src/store/port.ts";
import { checkedEvent, failure, part } from "../../contract/sample-events.ts";
import { randomRuns } from "../../random-runs.ts";
import { freshPath } from "./ledger-file.ts";

const blockEvents = 8;

async function opened(
  path: string,
  mode: "read" | "write" = "write",
  say?: (text: string) => void,
): Promise<EmbeddedStore> {
  const store = await openEmbeddedStore({ path, mode, blockEvents, say });
  onTestFinished(() => store.close());
  return store;
}

async function all<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
}

async function each<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

const clusters = ["alpha", "beta"];
const streams = clusters.flatMap((cluster) =>
  ["n1", "n2", "n3"].map((node) => `node-${cluster}:${node}`),
);

/** One event of a stream: a fact, or a correction once there is one. */
function eventOf(stream: string, n: number, isFirst: boolean) {
  const [, cluster = "", node = ""] = /^node-([^:]+):(.+)$/.exec(stream) ?? [];
  if (n % 5 === 4 && !isFirst) {
    const data = { eventId: "00000000-0000-4000-8000-000000000000" };
    return checkedEvent({ type: "FactRetracted", data, occurredAt: 1_000 * n });
  }
  const type = n % 3 === 0 ? "NodeReturned" : "NodeFailed";
  return checkedEvent({
    type,
    data: failure(node, `f${n}`, cluster),
    occurredAt: 1_000 * (n % 40),
  });
}

class History {
  readonly #revisions = new Map<string, number>();
  #count = 0;

  /** Appends one part for each stream; if `isRefused`, one more that is refused, and with it all. Tells whether the store did so. */
  async append(
    store: EmbeddedStore,
    wanted: readonly string[],
    isRefused: boolean,
  ): Promise<boolean> {
    const parts: StreamAppend[] = [];
    const before = new Map(this.#revisions);
    for (const stream of new Set(wanted)) {
      const last = this.#revisions.get(stream) ?? -1;
      const count = wanted.filter((name) => name === stream).length;
      const events = Array.from({ length: count }, (_, i) =>
        eventOf(stream, this.#count++, last + i < 0),
      );
      parts.push(part(stream, last < 0 ? "no-stream" : BigInt(last), events, this.#count));
      this.#revisions.set(stream, last + count);
    }
    if (!isRefused) {
      const outcomes = await store.append(parts);
      return outcomes.every(({ ok }) => ok);
    }
    const stale = part("node-alpha:n9", 7n, [eventOf("node-alpha:n9", 0, false)]);
    const refused = store.takeWhole([...parts, stale], {}).some(({ ok }) => !ok);
    this.#revisions.clear();
    for (const [stream, revision] of before) this.#revisions.set(stream, revision);
    return refused;
  }
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      wanted: fc.array(fc.constantFrom(...streams), { minLength: 1, maxLength: 20 }),
      isRefused: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    }),
  },
  { weight: 1, arbitrary: fc.constant("reopen" as const) },
);

const filter = fc.record(
  {
    stream: fc.constantFrom(...streams, "node-alpha:n9"),
    type: fc.constantFrom("NodeFailed" as const, "FactRetracted" as const, "JobStarted" as const),
    cluster: fc.constantFrom(...clusters, "gamma"),
    from: fc.integer({ min: 0, max: 40_000 }),
    to: fc.integer({ min: 0, max: 40_000 }),
    order: fc.constantFrom("asc" as const, "desc" as const),
    upTo: fc.nat(120),
    after: fc.nat(100),
    limit: fc.integer({ min: 1, max: 30 }),
  },
  { requiredKeys: ["after", "limit"] },
);

/** The events that match, looked at one by one. */
function plainly(events: readonly StoredEvent[], wanted: EventFilter): StoredEvent[] {
  const clusterOf = ({ stream }: StoredEvent) => /^node-([^:]+):/.exec(stream)?.[1];
  const found = events.filter(
    (event) =>
      event.sequence > wanted.after &&
      event.sequence <= (wanted.upTo ?? Infinity) &&
      (wanted.stream === undefined || event.stream === wanted.stream) &&
      (wanted.type === undefined || event.type === wanted.type) &&
      (wanted.cluster === undefined || clusterOf(event) === wanted.cluster) &&
      event.occurredAt >= (wanted.from ?? -Infinity) &&
      event.occurredAt < (wanted.to ?? Infinity),
  );
  return (wanted.order === "desc" ? found.toReversed() : found).slice(0, wanted.limit);
}

async function expectFound(store: EmbeddedStore, filters: readonly EventFilter[]): Promise<void> {
  const events = await all(store.readAll(0));
  for (const wanted of filters) expect(await store.query(wanted)).toEqual(plainly(events, wanted));
  for (const stream of streams) {
    const own = events.filter((event) => event.stream === stream);
    expect(await each(store.readStream(stream))).toEqual(own);
    expect(await each(store.readStream(stream, 3n))).toEqual(own.slice(3));
    expect(await store.streamRevision(stream)).toBe(own.at(-1)?.revision ?? null);
  }
  expect(await store.findByIds(events.map(({ id }) => id))).toEqual(events);
  expect(await (await store.storedLeaves()).lookupDifference(events.length)).toBeNull();
}

test("whatever is appended, refused and opened again, every lookup finds what a look at each event finds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 14 }),
      fc.array(filter, { minLength: 5, maxLength: 20 }),
      async (steps, filters) => {
        const path = freshPath();
        const history = new History();
        const done: boolean[] = [];
        let writer = await opened(path);
        const reader = await opened(path, "read");
        for (const [i, taken] of steps.entries()) {
          if (taken === "reopen") {
            await writer.close();
            writer = await opened(path);
          } else {
            done.push(await history.append(writer, taken.wanted, taken.isRefused));
          }
          if (i % 5 === 0) await reader.query({ type: "NodeFailed", after: 0, limit: 3 });
        }
        expect(done).not.toContain(false);
        await expectFound(writer, filters);
        await expectFound(reader, filters);
        await writer.close();
        await reader.close();
      },
    ),
    { numRuns: randomRuns(12) },
  );
});

async function filled(path: string, rounds: number): Promise<void> {
  const store = await opened(path);
  const history = new History();
  for (let round = 0; round < rounds; round++) await history.append(store, streams, false);
  await store.close();
}

/** What the file was before there were lookups. */
function asBefore(path: string, version: number): void {
  const db = new DatabaseSync(path);
  db.exec("DROP TABLE lookups");
  db.exec("CREATE UNIQUE INDEX events_by_stream ON events (stream, revision)");
  db.exec(`PRAGMA user_version = ${version}`);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

const someFilters: readonly EventFilter[] = [
  { type: "NodeReturned", after: 3, limit: 100 },
  { cluster: "beta", after: 0, limit: 7, order: "desc" },
  { stream: "node-alpha:n2", after: 0, limit: 100 },
];

test.each([2, 3])(
  "a file of format %d is brought to the present one by a writer",
  async (version) => {
    const path = freshPath();
    await filled(path, 6);
    asBefore(path, version);
    const said: string[] = [];
    const store = await opened(path, "write", (text) => said.push(text));
    expect(said.join()).toMatch(/brought to the present format/);
    await expectFound(store, someFilters);
    await store.close();
    const db = new DatabaseSync(path, { readOnly: true });
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: version + 2 });
    expect(
      db.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL").all(),
    ).toEqual([]);
    db.close();
    await expectFound(await opened(path), someFilters);
  },
);

test("a file of an earlier format is read as it is, and not changed", async () => {
  const path = freshPath();
  await filled(path, 6);
  asBefore(path, 2);
  const before = readFileSync(path);
  const reader = await opened(path, "read");
  await expectFound(reader, someFilters);
  await reader.close();
  expect(readFileSync(path).equals(before)).toBe(true);
});

test.each([
  [
    "bytes that were written over",
    "UPDATE lookups SET entries = zeroblob(length(entries)) WHERE place > 0",
  ],
  [
    "a part that is gone",
    "DELETE FROM lookups WHERE place IN (SELECT max(place) FROM lookups WHERE place % 2097152 BETWEEN 64 AND 127)",
  ],
  ["no block", "DELETE FROM lookups WHERE place > 0"],
  ["nothing", "DELETE FROM lookups"],
])(
  "lookups with %s are found by verification, and made anew by the next writer",
  async (_, sql) => {
    expect.hasAssertions();
    const path = freshPath();
    await filled(path, 6);
    const db = new DatabaseSync(path);
    db.exec(sql);
    db.close();
    const store = await opened(path);
    await expectFound(store, someFilters);
  },
);

test("lookups that find other events are told by verification", async () => {
  const path = freshPath();
  await filled(path, 6);
  const db = new DatabaseSync(path);
  db.exec(
    "DELETE FROM lookups WHERE place IN (SELECT max(place) FROM lookups WHERE place < 2 * 2097152)",
  );
  db.close();
  const reader = await opened(path, "read");
  const leaves = await reader.storedLeaves();
  expect(await leaves.lookupDifference(36)).toMatchObject({
    sequence: 1,
    message: expect.stringMatching(/lookups of events 1 to 8 differ/) as unknown,
  });
});

test("a file that another size of blocks was used for is found by as before", async () => {
  expect.hasAssertions();
  const path = freshPath();
  await filled(path, 6);
  const store = await openEmbeddedStore({ path, mode: "write", blockEvents: 5 });
  onTestFinished(() => store.close());
  await expectFound(store, someFilters);
});
