/** The mirror of a ledger in KurrentDB when its subscription breaks, and what it makes of checkpoints. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { maxMirrorQueue } from "../../../src/limits/kurrentdb.ts";
import { positionMark, readMark } from "../../../src/store/sqlite/rows/marks.ts";
import { parsePosition } from "../../../src/store/mirror/intake.ts";
import type { LeafStore } from "../../../src/store/leaf-store.ts";
import {
  allEvents,
  checkedEvents,
  part,
  positionOf,
  settled,
} from "../../contract/sample-events.ts";
import { freshFolder, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import { startProxy } from "../proxy.ts";
import { consumerTooSlow, deadlineExceeded, unavailable } from "./faults.ts";
import type { OnStandIn } from "./on-stand-in.ts";
import { aMoment, around, openOnStandIn, proposed } from "./on-stand-in.ts";
import type { StandIn } from "./stand-in.ts";
import { startStandIn } from "./stand-in.ts";
import { noPosition } from "./subscription.ts";

// A position that brought no event is kept soon.
vi.mock("../../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  mirrorCheckpointMs: 10,
}));

/** The position of the log's last event of the ledger's own streams. */
function lastPosition({ standIn, named }: Pick<OnStandIn, "standIn" | "named">): bigint {
  const own = standIn.log.events.filter(({ stream }) => stream.startsWith(named("")));
  return own.at(-1)?.position ?? 0n;
}

/** Where in the log the mirror's file says that it has come. */
function markedPosition(mirror: string): bigint {
  const db = new DatabaseSync(join(mirror, "mirror.sqlite"), { readOnly: true });
  const mark = readMark(db, positionMark);
  db.close();
  return parsePosition(mark)?.commit ?? 0n;
}

async function untilAnew(standIn: StandIn, begun: number): Promise<void> {
  await until(() => standIn.subscriptions.length > begun);
}

/** What is said about a stream is looked up before the mirror takes in more: here the answer waits. */
function stopIntake({ standIn, named }: Pick<OnStandIn, "standIn" | "named">): void {
  const about = `$$${named("node-alpha:s")}`;
  standIn.holdReads((stream) => stream === about);
  standIn.log.append(about, "no-stream", proposed(checkedEvents(1)));
}

/** Everything stands once, in the order of the log. */
async function expectWhole(store: LeafStore, on: Pick<OnStandIn, "standIn" | "named">) {
  const own = on.standIn.log.events.filter(({ stream }) => stream.startsWith(on.named("")));
  await settled(store, own.length);
  expect((await allEvents(store)).map(({ id }) => id)).toEqual(own.map(({ id }) => id));
}

describe("a mirror whose subscription breaks", () => {
  test.each<[string, (standIn: StandIn) => void]>([
    ["the server finds it too slow", (standIn) => standIn.abortSubscriptions(consumerTooSlow)],
    ["the server disconnects", (standIn) => standIn.abortSubscriptions(unavailable)],
    ["the call fails otherwise", (standIn) => standIn.abortSubscriptions(deadlineExceeded)],
    ["the connection is cut", (standIn) => standIn.cut()],
  ])("resumes exactly after the last event that it has, when %s", async (_, harm) => {
    const on = await openOnStandIn();
    const { standIn, store, appendElsewhere } = on;
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(3)));
    const position = lastPosition(on);
    const begun = standIn.subscriptions.length;
    standIn.holdDeliveries(true);
    appendElsewhere("node-alpha:s", 2n, checkedEvents(2));
    harm(standIn);
    await untilAnew(standIn, begun);
    expect(standIn.subscription.from).toBe(position);
    standIn.holdDeliveries(false);
    await expectWhole(store, on);
  });

  test("reports the store as unavailable as long as no new subscription is answered", async () => {
    const standIn = await startStandIn();
    const proxy = await startProxy(Number(/:(\d+)/.exec(standIn.url)?.[1]));
    onTestFinished(() => proxy.close());
    const store = await ledgerOn(`esdb://127.0.0.1:${proxy.port}?tls=false`).open();
    await until(() => statusOf(store).mirrorState === "live");
    proxy.setHanging(true);
    proxy.cut();
    await until(() => statusOf(store).mirrorState !== "live");
    for (let look = 0; look < 5; look++) {
      expect(statusOf(store).mirrorState).toBe("disconnected");
      await aMoment();
    }
    proxy.setHanging(false);
    proxy.cut();
    await until(() => statusOf(store).mirrorState === "live");
  });

  test("says once why the first subscription is refused, and fills itself when it no longer is", async () => {
    const standIn = await startStandIn();
    standIn.subscriptionFailure = { code: 2, details: "Exception was thrown by handler." };
    const on = around(standIn, ledgerOn(standIn.url));
    on.appendElsewhere("node-alpha:s", "no-stream", checkedEvents(3));
    const opening = on.ledger.open();
    await until(() => on.ledger.said.some((text) => text.includes("subscription broke")));
    await aMoment();
    standIn.subscriptionFailure = null;
    await expectWhole(await opening, on);
    expect(on.ledger.said.filter((text) => text.includes("subscription"))).toEqual([
      expect.stringContaining("Exception was thrown by handler."),
    ]);
  });

  test("neither misses nor repeats events when it breaks repeatedly in the middle of many", async () => {
    const standIn = await startStandIn();
    const on = around(standIn, ledgerOn(standIn.url));
    for (let i = 0; i < 12; i++) {
      on.appendElsewhere(`node-alpha:s${i}`, "no-stream", checkedEvents(500));
    }
    const opening = on.ledger.open();
    for (let broken = 0; broken < 4; broken++) {
      await untilAnew(standIn, broken);
      standIn.subscriptions.at(-1)?.checkpoint(lastPosition(on));
      standIn.abortSubscriptions(consumerTooSlow);
    }
    const store = await opening;
    await untilAnew(standIn, 4);
    expect(standIn.subscriptions).toHaveLength(5);
    await expectWhole(store, on);
  });
});

describe("a checkpoint", () => {
  test("saves a mirror from reading other programs' events again, also after a restart", async () => {
    const standIn = await startStandIn();
    const on = around(standIn, ledgerOn(standIn.url));
    const mirror = freshFolder();
    const store = await on.ledger.open(mirror);
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    standIn.log.append("another's", "any", proposed(checkedEvents(5)));
    const checkpoint = standIn.log.events.at(-1)?.position ?? 0n;
    await until(() => {
      standIn.subscription.checkpoint(checkpoint);
      return markedPosition(mirror) === checkpoint;
    });
    await store.close();
    const begun = standIn.subscriptions.length;
    await on.ledger.open(mirror);
    // One looks whether the mirror has come past events that it has not; the next one follows the log.
    await until(() => standIn.subscriptions.length > begun + 1);
    expect(standIn.subscriptions.at(-1)?.from).toBe(checkpoint);
  });

  test("is kept only once everything before it is in the mirror", async () => {
    const standIn = await startStandIn();
    const on = around(standIn, ledgerOn(standIn.url));
    const mirror = freshFolder();
    const store = await on.ledger.open(mirror);
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    const position = lastPosition(on);
    stopIntake(on);
    on.appendElsewhere("node-alpha:s", 0n, checkedEvents(3));
    standIn.subscription.checkpoint(lastPosition(on));
    await aMoment();
    // The process dies at this moment: another one finds the mirror as it is.
    const found = freshFolder();
    cpSync(mirror, found, { recursive: true });
    standIn.releaseReads();
    const begun = standIn.subscriptions.length;
    const another = await on.ledger.open(found);
    expect(standIn.subscriptions[begun]?.from).toBe(position);
    await expectWhole(another, on);
  });

  test("does not cover events that wait in the client when the subscription breaks", async () => {
    const on = await openOnStandIn();
    const { standIn, store } = on;
    stopIntake(on);
    await aMoment();
    // More than the mirror's queue holds: the rest stays in the client, and the checkpoint comes past it.
    for (let i = 0; i < maxMirrorQueue + 500; i += 500) {
      on.appendElsewhere(`node-alpha:many${i}`, "no-stream", checkedEvents(500));
    }
    // All that the mirror takes without its intake is there before the server breaks off.
    await until(() => statusOf(store).mirrorLagEvents >= maxMirrorQueue);
    standIn.subscription.checkpoint(lastPosition(on));
    const begun = standIn.subscriptions.length;
    standIn.abortSubscriptions(consumerTooSlow);
    await until(() => statusOf(store).mirrorState === "disconnected");
    expect(statusOf(store).mirrorLagEvents).toBeGreaterThanOrEqual(maxMirrorQueue);
    await aMoment();
    expect((await store.head()).sequence).toBe(0);
    standIn.releaseReads();
    await untilAnew(standIn, begun);
    await expectWhole(store, on);
  });

  test("with the largest possible numbers is ignored: later events are read, also after a restart", async () => {
    const standIn = await startStandIn();
    const on = around(standIn, ledgerOn(standIn.url));
    const mirror = freshFolder();
    const store = await on.ledger.open(mirror);
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    for (const largest of [noPosition, 2n ** 63n - 1n]) {
      const position = lastPosition(on);
      const begun = standIn.subscriptions.length;
      standIn.subscription.checkpoint(largest);
      await aMoment();
      standIn.abortSubscriptions(consumerTooSlow);
      await untilAnew(standIn, begun);
      expect(standIn.subscription.from).toBe(position);
      const revision = BigInt(standIn.log.stream(on.named("node-alpha:s")).length) - 1n;
      await positionOf(store, part("node-alpha:s", revision, checkedEvents(1)));
      standIn.subscription.checkpoint(largest);
      await aMoment();
    }
    await store.close();
    const position = lastPosition(on);
    const begun = standIn.subscriptions.length;
    on.appendElsewhere("node-alpha:s", 2n, checkedEvents(2));
    const reopened = await on.ledger.open(mirror);
    expect(standIn.subscriptions[begun]?.from).toBe(position);
    await expectWhole(reopened, on);
  });
});
