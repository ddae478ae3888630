/** A ledger on a real server that is killed, stopped and cut off under load. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { checkedEvents, outcomeOf, part, positionOf, settled } from "../contract/sample-events.ts";
import { randomRuns } from "../random-runs.ts";
import { leavesOf, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import type { Load } from "./load.ts";
import { expectWhole, startLoad } from "./load.ts";
import type { Proxy } from "./proxy.ts";
import { startProxy } from "./proxy.ts";
import type { RunningServer } from "./server.ts";
import { sayWhySkipped, startServer, whyNoExecutable } from "./server.ts";

sayWhySkipped(whyNoExecutable);

let server: RunningServer;

async function freshProxy(): Promise<{ proxy: Proxy; url: string }> {
  const proxy = await startProxy(server.port);
  onTestFinished(() => proxy.close());
  return { proxy, url: `esdb://127.0.0.1:${proxy.port}?tls=false` };
}

/** Lets the load get some more acknowledgements. */
async function more(load: Load, events = 100): Promise<void> {
  const goal = load.count() + events;
  await until(() => load.count() >= goal || load.failures.length > 0);
}

describe.skipIf(whyNoExecutable !== null)("a ledger in KurrentDB", () => {
  beforeAll(async () => {
    server = await startServer("files");
  });
  afterAll(() => server.dispose());

  test("neither loses nor duplicates events when the server is killed under load and started again", async () => {
    const ledger = ledgerOn(server.url);
    const stores = [await ledger.open(), await ledger.open()];
    const load = startLoad(stores, 12);
    for (let kill = 0; kill < randomRuns(2); kill++) {
      await more(load);
      await pause(Math.random() * 50);
      await server.kill();
      await server.start();
    }
    await more(load);
    await load.stop();
    for (const store of stores) {
      await settled(store, load.count());
      await expectWhole(store, load);
    }
    const anew = await ledger.open();
    expect(await leavesOf(anew)).toEqual(await leavesOf(stores[0] ?? anew));
    expect(stores.map((store) => statusOf(store).mirrorState)).toEqual(["live", "live"]);
  });

  test("neither loses nor duplicates events when connections are cut during appends and subscriptions", async () => {
    const { proxy, url } = await freshProxy();
    const ledger = ledgerOn(url);
    const store = await ledger.open();
    const load = startLoad([store], 8);
    for (let cut = 0; cut < randomRuns(6); cut++) {
      await more(load, 30);
      await pause(Math.random() * 20);
      proxy.cut();
    }
    await more(load);
    await load.stop();
    await expectWhole(store, load);
    expect(statusOf(store).reconnects).toBeGreaterThan(0);
    expect(await leavesOf(await ledgerOn(server.url, ledger.prefix).open())).toEqual(
      await leavesOf(store),
    );
  });

  test("refuses appends while the server is stopped, still serves reads, and recovers by itself", async () => {
    const ledger = ledgerOn(server.url);
    const store = await ledger.open();
    const events = checkedEvents(3);
    await positionOf(store, part("node-alpha:s", "no-stream", events.slice(0, 1)));
    server.signal("SIGSTOP");
    const append = part("node-alpha:s", 0n, events.slice(1));
    const turnedAway = await outcomeOf(store, append);
    expect(turnedAway).toMatchObject({ ok: false, error: { code: "store-unavailable" } });
    expect((await store.findById(events[0]?.id ?? ""))?.sequence).toBe(1);
    server.signal("SIGCONT");
    await until(async () => (await outcomeOf(store, append)).ok);
    await settled(store, 3);
    expect(await store.streamRevision("node-alpha:s")).toBe(2n);
    await until(() => statusOf(store).mirrorState === "live");
  });

  test("has one lease holder, and another takes over if that one is cut off", async () => {
    const { proxy, url } = await freshProxy();
    const first = ledgerOn(url);
    const holder = await first.open();
    await until(() => statusOf(holder).holdsLease);
    const other = await ledgerOn(server.url, first.prefix).open();
    await pause(1_500);
    expect(statusOf(other)).toMatchObject({ holdsLease: false });
    const term = statusOf(holder).leaseTerm ?? -1;
    proxy.setHanging(true);
    await until(() => statusOf(other).holdsLease);
    expect(statusOf(holder).holdsLease).toBe(false);
    expect(statusOf(other).leaseTerm).toBeGreaterThan(term);
    proxy.setHanging(false);
    proxy.cut();
    await pause(1_500);
    expect([holder, other].map((store) => statusOf(store).holdsLease)).toEqual([false, true]);
    await other.close();
    await until(() => statusOf(holder).holdsLease);
  });
});
