/** One id for two events: sent to two instances at once, so that the store holds both. */
import { EventStoreDBClient } from "@eventstore/db-client";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { StreamAppend } from "../../src/store/port.ts";
import { toKurrentDb } from "../../src/store/kurrentdb/client/event.ts";
import { checkedEvents, outcomeOf, part, positionOf, settled } from "../contract/sample-events.ts";
import { randomRuns } from "../random-runs.ts";
import { freshFolder, leavesOf, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import type { LedgerOnServer } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

/** Appends without a look at what the ledger has: as another instance's append arrives. */
async function behindTheBack(ledger: LedgerOnServer, { stream, events }: StreamAppend) {
  const client = EventStoreDBClient.connectionString(await sharedServer());
  onTestFinished(() => client.dispose());
  const records = events.map((event, i) =>
    toKurrentDb(event, 1_000, { index: i + 1, size: events.length }),
  );
  await client.appendToStream(`${ledger.prefix}${stream}`, records);
}

describe.skipIf(whyNoServer !== null)("an id that two events in the store have", () => {
  sentAtOnce();
  foundLater();
});

function sentAtOnce(): void {
  test("belongs to the first event: senders of the others are refused, and both instances continue alike", async () => {
    const ledger = ledgerOn(await sharedServer());
    const stores = [await ledger.open(), await ledger.open()];
    let refusals = 0;
    for (let run = 0; run < randomRuns(20); run++) {
      const [event] = checkedEvents(1);
      if (event === undefined) throw new Error("no event");
      const outcomes = await Promise.all(
        stores.map((store, i) =>
          outcomeOf(
            store,
            part(`node-alpha:run${run}-${i}`, "no-stream", [event, ...checkedEvents(i)]),
          ),
        ),
      );
      const refused = outcomes.filter((outcome) => !outcome.ok);
      expect(refused).toMatchObject([{ error: { code: "id-conflict" } }]);
      refusals += refused.length;
    }
    expect(refusals).toBe(randomRuns(20));
    expect(stores.map((store) => statusOf(store).error)).toEqual([null, null]);
    const [one, other] = stores;
    if (one === undefined || other === undefined) throw new Error("no stores");
    await settled(other, (await one.head()).sequence);
    await settled(one, (await other.head()).sequence);
    expect(await leavesOf(other)).toEqual(await leavesOf(one));
    expect(await leavesOf(await ledger.open())).toEqual(await leavesOf(one));
  });
}

function foundLater(): void {
  test("is reported with its position, and counted", async () => {
    const ledger = ledgerOn(await sharedServer());
    const store = await ledger.open();
    const [event, next] = checkedEvents(2);
    if (event === undefined || next === undefined) throw new Error("no events");
    await positionOf(store, part("node-alpha:a", "no-stream", [event]));
    await behindTheBack(ledger, part("node-alpha:b", "no-stream", [event]));
    await until(() => statusOf(store).duplicateIds === 1);
    expect(ledger.said.join("\n")).toContain(
      `(revision 0 of ${ledger.prefix}node-alpha:b) has the id of the event at sequence 1`,
    );
    expect(await store.streamRevision("node-alpha:b")).toBeNull();
    expect((await store.head()).sequence).toBe(1);
  });

  test("gets no second revision in the ledger, so streams have no gap, also after a restart", async () => {
    const ledger = ledgerOn(await sharedServer());
    const mirror = freshFolder();
    const store = await ledger.open(mirror);
    const taken = checkedEvents(3);
    await positionOf(store, part("node-alpha:a", "no-stream", taken));
    await behindTheBack(ledger, part("node-alpha:b", "no-stream", taken.slice(0, 2)));
    await until(() => statusOf(store).duplicateIds === 2);
    const first = await positionOf(store, part("node-alpha:b", "no-stream", checkedEvents(2)));
    expect(first.firstRevision).toBe(0n);
    await behindTheBack(ledger, part("node-alpha:b", "no-stream", taken.slice(2)));
    await until(() => statusOf(store).duplicateIds === 3);
    const again = part("node-alpha:b", 1n, checkedEvents(2));
    expect((await positionOf(store, again)).firstRevision).toBe(2n);
    expect(await positionOf(store, again)).toMatchObject({ firstRevision: 2n, duplicate: true });
    const moved = await outcomeOf(store, part("node-alpha:b", 1n, checkedEvents(1)));
    expect(moved).toMatchObject({
      ok: false,
      error: { code: "wrong-expected-revision", extra: { actual: 3 } },
    });
    await store.close();
    const reopened = await ledger.open(mirror);
    expect(statusOf(reopened).duplicateIds).toBe(3);
    expect(
      (await positionOf(reopened, part("node-alpha:b", 3n, checkedEvents(1)))).firstRevision,
    ).toBe(4n);
    const anew = await ledger.open();
    await settled(anew, 8);
    expect(await leavesOf(anew)).toEqual(await leavesOf(reopened));
    expect([reopened, anew].map((each) => statusOf(each).mirrorState)).toEqual(["live", "live"]);
  });

  test("is not the reason when a mirror has an event that the store lacks, which stops the mirror", async () => {
    const mirror = freshFolder();
    const elsewhere = await ledgerOn(await sharedServer()).open(mirror);
    const events = checkedEvents(2);
    await positionOf(elsewhere, part("node-alpha:a", "no-stream", events));
    await elsewhere.close();
    const ledger = ledgerOn(await sharedServer());
    const confused = await ledger.open(mirror);
    await behindTheBack(ledger, part("node-alpha:b", "no-stream", events));
    await until(() => statusOf(confused).mirrorState === "stopped");
    expect(statusOf(confused).duplicateIds).toBe(0);
  });
}
