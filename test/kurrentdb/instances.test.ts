/** What several instances of the ledger on one store know of each other. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { freshFolder, ledgerOn, until } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

async function opened(store: string, mode: "read" | "write" = "write"): Promise<Ledger> {
  const ledger = await openLedger({ store, mode });
  onTestFinished(() => ledger.close());
  return ledger;
}

describe.skipIf(whyNoServer !== null)("an instance", () => {
  test("notices that another one imports with preserved recorded times", async () => {
    const on = ledgerOn(await sharedServer());
    const mirror = freshFolder();
    const serving = await opened(on.name(mirror));
    expect(serving.timestampsPreserved()).toBe(false);
    const importing = await opened(on.name(freshFolder()));
    const { events } = simulate({ scenario: "quiet", days: 1, seed: 5 });
    await importing.submit(events.slice(0, 5), { preserveTimestamps: true });
    await until(() => serving.timestampsPreserved());
    await importing.close();
    // Beside the running instance its mirror is read as it lies there.
    const reading = await opened(on.name(mirror), "read");
    expect(reading.store.description).toMatch(/^sqlite:/);
    expect(reading.timestampsPreserved()).toBe(true);
  });

  test("keeps derived files beside its mirror", async () => {
    const on = ledgerOn(await sharedServer());
    const mirror = freshFolder();
    const ledger = await opened(on.name(mirror));
    expect(ledger.store.localPath).toBe(join(mirror, "mirror.sqlite"));
    expect(existsSync(join(mirror, "mirror.sqlite.derived"))).toBe(true);
  });
});
