/** What a mirror may not pass over: events that no sender could have given the ledger, and events taken away. */
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DuplicateIds } from "../../../src/store/mirror/duplicate-ids.ts";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { KurrentDbClient } from "../../../src/store/kurrentdb/client/client.ts";
import { parseKurrentDbName } from "../../../src/store/kurrentdb/client/name.ts";
import { firstFinding } from "../../../src/store/mirror/check.ts";
import type { EventSketch } from "../../contract/sample-events.ts";
import {
  checkedEvent,
  checkedEvents,
  failure,
  part,
  positionOf,
} from "../../contract/sample-events.ts";
import type { ExpectedRevision } from "../../../src/store/port.ts";
import { freshFolder, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import { tamper } from "../../store/sqlite/ledger-file.ts";
import { around, openOnStandIn, proposed } from "./on-stand-in.ts";
import type { StandIn } from "./stand-in.ts";
import { startStandIn } from "./stand-in.ts";

test.each<[string, EventSketch]>([
  ["that lack what their type needs", { data: { cluster: "alpha" } }],
  ["with a member that their type has not", { data: { ...failure("n1", "f1"), foreign: 1 } }],
  [
    "with an instant in another form than the ledger's",
    {
      type: "NodeMaintenanceAnnounced",
      data: {
        cluster: "alpha",
        node: "n1",
        maintenanceId: "m1",
        plannedFrom: "2026-03-04T09:00:00+02:00",
        plannedTo: "2026-03-04T10:00:00+02:00",
      },
    },
  ],
])("a mirror stops at data %s, and names their position", async (_, sketch) => {
  const { standIn, store, appendElsewhere } = await openOnStandIn();
  await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(2)));
  appendElsewhere("node-alpha:x", "no-stream", [checkedEvent(sketch)]);
  await until(() => statusOf(store).mirrorState === "stopped");
  const { position } = standIn.log.events.findLast(({ stream }) => stream.endsWith(":x")) ?? {};
  expect(statusOf(store).error).toContain(`position ${position}`);
  expect((await store.head()).sequence).toBe(2);
});

const target = crypto.randomUUID();
const ofNode = { cluster: "alpha", node: "n1" };
test.each<[string, EventSketch, string]>([
  ["uu.nonsense", {}, "is a NodeFailed that belongs in the stream node-alpha:n1"],
  ["node-alpha:n2", {}, "is a NodeFailed that belongs in the stream node-alpha:n1"],
  [
    "node-beta:n1",
    { type: "NodeCommissioned", data: ofNode },
    "belongs in the stream node-alpha:n1",
  ],
  ["cluster-beta", { type: "ClusterRegistered", data: { cluster: "alpha" } }, "cluster-alpha"],
  [
    "uu.nonsense",
    { type: "FactRetracted", data: { eventId: target } },
    "in a stream that holds no facts",
  ],
  [
    "ledger-seals",
    { type: "FactRetracted", data: { eventId: target } },
    "in a stream that holds no facts",
  ],
])(
  "a mirror stops at an event that is in %s and not in its own stream",
  async (stream, sketch, why) => {
    const { standIn, store, named } = await openOnStandIn();
    standIn.log.append(named(stream), "no-stream", proposed([checkedEvent(sketch)]));
    await until(() => statusOf(store).mirrorState === "stopped");
    expect(statusOf(store).error).toContain(why);
    expect(statusOf(store).error).toContain(named(stream));
    expect((await store.head()).sequence).toBe(0);
  },
);

test.each([["node-alpha:n1"], ["job-alpha:j:1"], ["cluster-alpha"], ["rollout-r1"], ["nfz-z1"]])(
  "a mirror accepts a correction in %s, because its stream is that of the fact",
  async (stream) => {
    const { standIn, store, named } = await openOnStandIn();
    const correction = checkedEvent({ type: "FactRetracted", data: { eventId: target } });
    standIn.log.append(named(stream), "no-stream", proposed([correction]));
    await until(async () => (await store.head()).sequence === 1);
    expect(statusOf(store).error).toBeNull();
  },
);

test("a mirror that has stopped at an event stops there again after a restart, with only the events before it", async () => {
  const standIn = await startStandIn();
  const { ledger, appendElsewhere } = around(standIn, ledgerOn(standIn.url));
  const folder = freshFolder();
  const malformed = checkedEvent({ data: { cluster: "alpha" } });
  appendElsewhere("node-alpha:x", "no-stream", [
    ...checkedEvents(2),
    malformed,
    ...checkedEvents(3),
  ]);
  for (let start = 0; start < 2; start++) {
    const store = await ledger.open(folder);
    await until(() => statusOf(store).mirrorState === "stopped");
    expect((await store.head()).sequence).toBe(2);
    await store.close();
  }
});

/** What an administrator says about a stream. */
function sayOf(
  { log }: StandIn,
  stream: string,
  expected: ExpectedRevision,
  said: Record<string, number>,
): void {
  const properties = new Map([
    ["type", "$metadata"],
    ["content-type", "application/json"],
  ]);
  const data = Buffer.from(JSON.stringify(said));
  const event = { id: crypto.randomUUID(), properties, data, metadata: Buffer.alloc(0) };
  expect(log.append(`$$${stream}`, expected, [event]).kind).toBe("stored");
}

test.each([{ $tb: 1 }, { $maxAge: 60 }, { $maxCount: 2 }])(
  "a mirror stops if %o is set on a stream, also if that happened while it was not running",
  async (said) => {
    const { standIn, ledger, named, store } = await openOnStandIn();
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(3)));
    sayOf(standIn, named("node-alpha:s"), "no-stream", said);
    await until(() => statusOf(store).mirrorState === "stopped");
    const anew = await ledger.open();
    await until(() => statusOf(anew).mirrorState === "stopped");
    expect(statusOf(anew).error).toContain(named("node-alpha:s"));
  },
);

test.each([
  ["the first", 0],
  ["one in the middle", 300],
  ["the last", 599],
])(
  "a mirror stops if %s event of a stream is gone, even if the stream's metadata are back to normal",
  async (_, gone) => {
    const { standIn, ledger, named } = around(await startStandIn());
    const folder = freshFolder();
    const store = await ledger.open(folder);
    await positionOf(store, part("node-alpha:before", "no-stream", checkedEvents(1)));
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(600)));
    await positionOf(store, part("node-alpha:after", "no-stream", checkedEvents(1)));
    await store.close();
    sayOf(standIn, named("node-alpha:s"), "no-stream", { $maxCount: 2 });
    standIn.log.scavenge(named("node-alpha:s"), gone);
    sayOf(standIn, named("node-alpha:s"), 0n, {});
    standIn.log.scavenge(`$$${named("node-alpha:s")}`, 0);
    for (let start = 0; start < 2; start++) {
      const again = await ledger.open(folder);
      await until(() => statusOf(again).mirrorState === "stopped");
      expect(statusOf(again).error).toContain(
        `revision ${gone} of node-alpha:s) is in the mirror but no longer`,
      );
      await again.close();
    }
  },
);

test("the periodic sample includes the first event of each stream whose metadata were ever set", async () => {
  const { standIn, ledger, named } = around(await startStandIn());
  const folder = freshFolder();
  const store = await ledger.open(folder);
  await positionOf(store, part("node-alpha:before", "no-stream", checkedEvents(1_000)));
  await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(3)));
  await positionOf(store, part("node-alpha:after", "no-stream", checkedEvents(1_000)));
  await store.close();
  const client = new KurrentDbClient(parseKurrentDbName(ledger.name(folder)));
  onTestFinished(() => client.dispose());
  const mirror = await openEmbeddedStore({ path: join(folder, "mirror.sqlite"), mode: "read" });
  onTestFinished(() => mirror.close());
  const find = () =>
    firstFinding(client, mirror, new DuplicateIds(), new Set(["node-alpha:s", "none"]));
  expect(await find()).toBeNull();
  standIn.log.scavenge(named("node-alpha:s"), 0);
  expect(await find()).toMatchObject({ sequence: 1_001 });
});

test("a mirror continues if a stream's metadata are restored before anything is lost", async () => {
  const { standIn, ledger, named } = around(await startStandIn());
  const folder = freshFolder();
  const store = await ledger.open(folder);
  await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(300)));
  await store.close();
  sayOf(standIn, named("node-alpha:s"), "no-stream", { $maxCount: 2 });
  sayOf(standIn, named("node-alpha:s"), 0n, {});
  const again = await ledger.open(folder);
  await positionOf(again, part("node-alpha:s", 299n, checkedEvents(1)));
  expect(statusOf(again).mirrorState).toBe("live");
});

test("a mirror opens, and then stops, if the stream of its last event was deleted for good", async () => {
  const { standIn, ledger, named } = around(await startStandIn());
  const folder = freshFolder();
  const store = await ledger.open(folder);
  await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(3)));
  await store.close();
  sayOf(standIn, named("node-alpha:s"), "no-stream", { $tb: 3 });
  standIn.log.tombstone(named("node-alpha:s"));
  standIn.log.tombstone(`$$${named("node-alpha:s")}`);
  const again = await ledger.open(folder);
  await until(() => statusOf(again).mirrorState === "stopped");
  // The log says it, and so does the sample: whichever is first.
  expect(statusOf(again).error).toContain("node-alpha:s");
  expect(statusOf(again).error).not.toContain("put back");
});

test("a mirror with an event that its store lacks stops", async () => {
  const ledger = ledgerOn((await startStandIn()).url);
  const folder = freshFolder();
  const store = await ledger.open(folder);
  await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(3)));
  await store.close();
  const elsewhere = await ledgerOn((await startStandIn()).url, ledger.prefix).open(folder);
  await until(() => statusOf(elsewhere).mirrorState === "stopped");
  expect(statusOf(elsewhere).error).toContain(
    "the store was restored to an older state, or is a different one",
  );
});

test("a mirror that differed from its store at an event stops there again, until the two are the same", async () => {
  const { ledger, appendElsewhere } = around(await startStandIn());
  const folder = freshFolder();
  const store = await ledger.open(folder);
  await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(2)));
  await store.close();
  const rewrite = (by: number): void => {
    tamper(
      join(folder, "mirror.sqlite"),
      `UPDATE events SET occurred_at = occurred_at + ${by} WHERE sequence = 2`,
    );
  };
  rewrite(1_000);
  const found = await ledger.open(folder);
  await until(() => statusOf(found).mirrorState === "stopped");
  await found.close();
  // Among so many a sample would hardly ever be that one.
  appendElsewhere("node-alpha:more", "no-stream", checkedEvents(2_000));
  const again = await ledger.open(folder);
  expect(statusOf(again).error).toContain("the event at sequence 2 ");
  await again.close();
  rewrite(-1_000);
  const mended = await ledger.open(folder);
  expect(statusOf(mended)).toMatchObject({ mirrorState: "live", error: null });
  expect((await mended.head()).sequence).toBe(2_002);
});
