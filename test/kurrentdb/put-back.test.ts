/** A real store whose older backup is put back behind a mirror. */
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { checkedEvents, part, positionOf, settled } from "../contract/sample-events.ts";
import { freshFolder, leavesOf, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import { sayWhySkipped, startServer, stopSharedServer, whyNoExecutable } from "./server.ts";

sayWhySkipped(whyNoExecutable);
afterAll(stopSharedServer);

const words = "the store was restored to an older state";

/** A ledger of 300 events in the backup and 600 in the store, with an instance that runs. */
async function backedUp() {
  const server = await startServer("files");
  onTestFinished(() => server.dispose());
  const ledger = ledgerOn(server.url);
  const mirror = freshFolder();
  const store = await ledger.open(mirror);
  await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(300)));
  await server.kill();
  const putBack = server.backUp();
  await server.start();
  await until(() => statusOf(store).mirrorState === "live");
  await positionOf(store, part("node-alpha:s", 299n, checkedEvents(300)));
  return { server, ledger, mirror, store, putBack };
}

describe.skipIf(whyNoExecutable !== null)(
  "a mirror whose store was replaced by an older backup",
  () => {
    test("stops while it runs and at each later start, and appends nothing", async () => {
      const { server, ledger, mirror, store, putBack } = await backedUp();
      await server.kill();
      putBack();
      await server.start();
      await until(() => statusOf(store).mirrorState === "stopped");
      expect(statusOf(store).error).toContain(words);
      const [outcome] = await store.append([part("node-alpha:t", "no-stream", checkedEvents(1))]);
      expect(outcome).toMatchObject({ ok: false, error: { code: "store-put-back" } });
      await store.close();
      for (let start = 0; start < 2; start++) {
        const again = await ledger.open(mirror);
        expect(statusOf(again).mirrorState).toBe("stopped");
        expect(statusOf(again).error).toContain(words);
        expect((await again.head()).sequence).toBe(600);
        await again.close();
      }
    });

    test("stops if another instance has appended past its position meanwhile", async () => {
      const { server, ledger, mirror, store, putBack } = await backedUp();
      await store.close();
      await server.kill();
      putBack();
      await server.start();
      const other = await ledger.open();
      await settled(other, 300);
      await positionOf(other, part("node-alpha:s", 299n, checkedEvents(800)));
      const again = await ledger.open(mirror);
      expect(statusOf(again).mirrorState).toBe("stopped");
      expect(statusOf(again).error).toContain(words);
      expect(await leavesOf(other)).toHaveLength(1_100);
    });

    test("continues if the backup contains everything that the mirror has", async () => {
      const { server, ledger, mirror, store } = await backedUp();
      await server.kill();
      const newest = server.backUp();
      await server.start();
      await until(() => statusOf(store).mirrorState === "live");
      await store.close();
      await server.kill();
      newest();
      await server.start();
      const again = await ledger.open(mirror);
      await positionOf(again, part("node-alpha:s", 599n, checkedEvents(1)));
      // The store takes an append while the mirror still reads what is there.
      await until(() => ["live", "stopped"].includes(statusOf(again).mirrorState));
      expect(statusOf(again)).toMatchObject({ mirrorState: "live", error: null });
    });
  },
);
