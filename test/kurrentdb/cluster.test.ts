/** A ledger on a cluster of three whose leader is killed under load. */
import { describe, expect, test, onTestFinished } from "vitest";
import { settled } from "../contract/sample-events.ts";
import { randomRuns } from "../random-runs.ts";
import { startCluster } from "./cluster.ts";
import { leavesOf, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import { expectWhole, startLoad } from "./load.ts";
import { sayWhySkipped, whyNoExecutable } from "./server.ts";

/** Three servers take a gigabyte and a half: only where they are asked for. */
const why =
  whyNoExecutable ??
  (process.env["FLEETLEDGER_CLUSTER"] === "1"
    ? null
    : "FLEETLEDGER_CLUSTER is not 1, and a cluster takes 1.5 GB of memory");

sayWhySkipped(why);

describe.skipIf(why !== null)("a ledger on a cluster", () => {
  test("neither loses nor duplicates events when the leader is killed under load", async () => {
    const cluster = await startCluster();
    onTestFinished(() => cluster.dispose());
    const ledger = ledgerOn(cluster.url);
    const stores = [await ledger.open(), await ledger.open()];
    const load = startLoad(stores, 8);
    const more = async (): Promise<void> => {
      const goal = load.count() + 100;
      await until(() => load.count() >= goal || load.failures.length > 0);
    };
    for (let kill = 0; kill < randomRuns(2); kill++) {
      await more();
      await cluster.killLeader();
    }
    await more();
    await load.stop();
    for (const store of stores) {
      await settled(store, load.count());
      await expectWhole(store, load);
      await until(() => statusOf(store).mirrorState === "live");
    }
    const [one, other] = await Promise.all(stores.map(leavesOf));
    expect(other).toEqual(one);
  });
});
