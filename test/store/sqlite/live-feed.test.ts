import { expect, onTestFinished, test } from "vitest";
import { checkEvent } from "../../../src/events/check/check.ts";
import type { CheckedEvent, StoredEvent } from "../../../src/events/envelope.ts";
import { LedgerError } from "../../../src/errors.ts";
import { maxRecentEvents } from "../../../src/limits/store.ts";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { LiveFeed } from "../../../src/store/sqlite/live-feed.ts";
import { appendedEvent } from "../../../src/store/sqlite/rows/row-codec.ts";
import { allEvents, checkedEvent, part, positionOf } from "../../contract/sample-events.ts";
import { freshPath } from "./ledger-file.ts";

function stored(sequence: number): StoredEvent {
  const place = { stream: "node-alpha:n1", revision: sequence - 1, sequence, recordedAt: 5_000 };
  return appendedEvent(checkedEvent(), place);
}

const run = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => stored(first + i));

/** A feed over rows in memory, which counts how often they are read. */
function feedOverRows() {
  const rows: StoredEvent[] = [];
  const reads: number[] = [];
  const read = (after: number): StoredEvent[] => {
    reads.push(after);
    return rows.slice(after, after + 3);
  };
  const feed = new LiveFeed(read, null);
  const commit = (count: number): void => {
    const events = run(rows.length + 1, count);
    rows.push(...events);
    feed.note(events);
  };
  const stopping = new AbortController();
  const follow = (after: number) => feed.follow(after, stopping.signal)[Symbol.asyncIterator]();
  return { feed, reads, commit, follow, stop: () => stopping.abort() };
}

const sequences = (batch: IteratorResult<readonly StoredEvent[]>) =>
  batch.done === true ? null : batch.value.map(({ sequence }) => sequence);

test("events committed while somebody follows are handed on without reading rows", async () => {
  const { feed, reads, commit, follow, stop } = feedOverRows();
  const follower = follow(0);
  const first = follower.next();
  commit(2);
  expect(sequences(await first)).toEqual([1, 2]);
  commit(1);
  commit(2);
  expect(sequences(await follower.next())).toEqual([3]);
  expect(sequences(await follower.next())).toEqual([4, 5]);
  expect(reads).toEqual([0]);
  const last = follower.next();
  stop();
  expect(sequences(await last)).toBeNull();
  expect(feed.isFollowed).toBe(false);
});

test("followers at different positions each get every event once", async () => {
  const { reads, commit, follow, stop } = feedOverRows();
  commit(5);
  const [late, early] = [follow(4), follow(0)];
  expect(sequences(await late.next())).toEqual([5]);
  expect(sequences(await early.next())).toEqual([1, 2, 3]);
  const next = late.next();
  commit(2);
  expect(sequences(await next)).toEqual([6, 7]);
  // Rows end within what waits in memory: the rest of that is given.
  expect(sequences(await early.next())).toEqual([4, 5, 6]);
  expect(sequences(await early.next())).toEqual([7]);
  expect(reads).toEqual([4, 0, 5, 3]);
  stop();
});

test("a follower that is behind the events in memory reads rows", async () => {
  const { reads, commit, follow, stop } = feedOverRows();
  const follower = follow(0);
  const first = follower.next();
  commit(1);
  expect(sequences(await first)).toEqual([1]);
  commit(2);
  commit(maxRecentEvents);
  expect(sequences(await follower.next())).toEqual([2, 3, 4]);
  expect(reads).toEqual([0, 1]);
  stop();
});

/** The event as the ledger checks it. */
function checked(input: object): CheckedEvent {
  const event = checkEvent(input, { nowMs: Date.UTC(2026, 5, 1) });
  if (event instanceof LedgerError) throw event;
  return event;
}

test("a follower gets the same event as a read would return, member for member", async () => {
  const store = await openEmbeddedStore({ path: freshPath(), mode: "write" });
  const stopping = new AbortController();
  onTestFinished(async () => {
    stopping.abort();
    await store.close();
  });
  const follower = store.subscribe(0, stopping.signal)[Symbol.asyncIterator]();
  const next = follower.next();
  const event = checked({
    type: "NodeFailed",
    id: "AAAAAAAA-0000-4000-8000-000000000001",
    occurredAt: "2026-01-01T00:00:00+01:00",
    ticket: "T-1",
    actor: "\u00e9",
    data: {
      node: "n1",
      faultId: "f\u2028\u{1f600}",
      detectedAt: "2026-01-01T00:00:00Z",
      cluster: "c1",
      codes: ["79", "119"],
      category: "hardware",
    },
  });
  const commissioned = checked({
    type: "NodeCommissioned",
    id: "aaaaaaaa-0000-4000-8000-000000000002",
    occurredAt: "2026-01-01T00:00:00Z",
    data: { node: "n1", cluster: "c1", gpus: -0 },
  });
  await positionOf(store, part("node-c1:n1", "no-stream", [commissioned, event]));
  const handed = (await next).value;
  const read = await allEvents(store);
  expect(handed).toStrictEqual(read);
  expect(handed.map((each: StoredEvent) => JSON.stringify(each.data))).toEqual(
    read.map((each) => JSON.stringify(each.data)),
  );
});
