/** A simulated month through both stores: the same bytes; and a ledger that moves from one to the other and back. */
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { slaDocumentOf } from "../../src/reports/figures.ts";
import { copyLedger } from "../../src/copies/copy-ledger.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import { linesPerChunk } from "../../src/limits/requests.ts";
import { saidByLedger } from "../../src/ledger/documents.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { openStore } from "../../src/ledger/open-store.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { freshFolder, leavesOf, ledgerOn } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

async function importMonth(store: string): Promise<Ledger> {
  const ledger = await openLedger({ store, mode: "write" });
  const { events } = simulate({ scenario: "quiet", days: 31, seed: 5 });
  for (let i = 0; i < events.length; i += linesPerChunk) {
    const chunk = events.slice(i, i + linesPerChunk);
    for (const outcome of await ledger.submit(chunk, { preserveTimestamps: true })) {
      if (outcome.status === "refused") throw outcome.error;
    }
  }
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
  return ledger;
}

function reportsOf(ledger: Ledger): string[] {
  return ledger
    .clusters()
    .map((cluster) => canonicalJson(saidByLedger(ledger, slaDocumentOf(ledger.view(cluster), {}))));
}

describe.skipIf(whyNoServer !== null)("a simulated month", () => {
  test("gives the same reports, events and tree heads from both stores, byte for byte", async () => {
    const [embedded, remote] = [
      await importMonth(`sqlite:${join(freshFolder(), "ledger.sqlite")}`),
      await importMonth(ledgerOn(await sharedServer()).name(freshFolder())),
    ];
    try {
      expect(reportsOf(remote)).toEqual(reportsOf(embedded));
      expect(await leavesOf(leafStore(remote.store))).toEqual(
        await leavesOf(leafStore(embedded.store)),
      );
      const trees = [await openLedgerTree(embedded.store), await openLedgerTree(remote.store)];
      const [one, other] = await Promise.all(trees.map((tree) => tree.root()));
      expect(other).toEqual(one);
    } finally {
      await embedded.close();
      await remote.close();
    }
  });

  test("moves to KurrentDB and back with the same tree head; an interrupted copy continues", async () => {
    const source = await importMonth(`sqlite:${join(freshFolder(), "ledger.sqlite")}`);
    const mirror = freshFolder();
    const name = ledgerOn(await sharedServer()).name(mirror);
    const remote = await openStore(name, "write");
    const cutOff = copyLedger(source.store, remote, () => {
      throw new Error("cut off");
    });
    await expect(cutOff).rejects.toThrow("cut off");
    const there = await copyLedger(source.store, remote, () => undefined);
    expect(there.alreadyThere).toBeGreaterThan(0);
    const back = await openStore(`sqlite:${join(freshFolder(), "back.sqlite")}`, "write");
    const again = await copyLedger(remote, back, () => undefined);
    expect(again.rootHash).toBe(there.rootHash);
    await expect(copyLedger(back, source.store, () => undefined)).resolves.toMatchObject({
      copied: 0,
    });
    await Promise.all([source.close(), remote.close(), back.close()]);
    const file = `sqlite:${join(mirror, "mirror.sqlite")}`;
    await expect(openStore(file, "write")).rejects.toMatchObject({ code: "read-only" });
  });
});
