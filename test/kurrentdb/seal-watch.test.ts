/** A mirror held against the seals in it, and against its store. */
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Audit } from "../../src/seals/audit.ts";
import { compareWithStore } from "../../src/store/mirror/compare.ts";
import { stoppedMark } from "../../src/store/sqlite/rows/marks.ts";
import { openStore } from "../../src/ledger/open-store.ts";
import { run } from "../cli/run.ts";
import { writeFileSync } from "node:fs";
import { freshFolder, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import { failures, key, opened, sealedLedger, signer, tamper, watch } from "./sealed-mirror.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

describe.skipIf(whyNoServer !== null)("a mirror", () => {
  heldAgainstSeals();
  heldAgainstItsStore();
});

function heldAgainstSeals(): void {
  test("that matches the seals continues, also when another instance seals", async () => {
    const { on, name } = await sealedLedger();
    const ledger = await opened(name);
    const watched = await watch(ledger);
    const other = await opened(on.name(freshFolder()));
    await other.submit(failures(5, 3));
    const audit = new Audit({ ledger: other, clock: { nowMs: Date.now }, signer });
    await watched.stop();
    await ledger.close();
    await until(() => statusOf(other.store).holdsLease);
    await audit.startSealing();
    await audit.close();
    const again = await opened(name);
    const rewatched = await watch(again);
    await new Promise((resume) => setTimeout(resume, 200));
    expect([watched.failures, rewatched.failures]).toEqual([[], []]);
    expect(statusOf(again.store).mirrorState).toBe("live");
  });

  test("that does not match the seals stops, says so, and stores the reason for its readers", async () => {
    const { mirror, name } = await sealedLedger();
    tamper(mirror);
    const ledger = await opened(name);
    await watch(ledger);
    await until(() => statusOf(ledger.store).mirrorState === "stopped");
    const [refused] = await ledger.submit(failures(9, 1));
    expect(refused).toMatchObject({ status: "refused", error: { code: "store-unavailable" } });
    const reader = await openStore(name, "read");
    // The sample and the look at the seal are made at once; what the seal shows is kept, whichever was first.
    const stopped = /^the mirror has stopped: the (event|seal) at sequence \d/;
    expect(statusOf(ledger.store).error).toMatch(stopped);
    expect(await reader.mark(stoppedMark)).toMatch(stopped);
    await reader.close();
  });
}

function heldAgainstItsStore(): void {
  test("is compared event by event, and different or missing events are named", async () => {
    const { on, mirror, name } = await sealedLedger();
    const path = join(mirror, "mirror.sqlite");
    expect(await compareWithStore(name, path, () => undefined)).toBeNull();
    const elsewhere = ledgerOn(await sharedServer(), `${on.prefix.slice(0, -1)}x.`);
    expect(await compareWithStore(elsewhere.name(mirror), path, () => undefined)).toMatchObject({
      message: expect.stringMatching(
        // Which of the nodes is first is the store's to say: their streams are appended to at once.
        /^the event at sequence 1 \(revision 0 of node-alpha:n\d\) is in the mirror but no longer in the store$/,
      ),
    });
    tamper(mirror);
    expect((await compareWithStore(name, path, () => undefined))?.message).toContain("sequence 3");
  });

  test("is compared by verify, which also names what a running instance has found", async () => {
    const { mirror, name } = await sealedLedger();
    const pub = join(mirror, "ledger.pub");
    writeFileSync(pub, `${key.verifier}\n`);
    const good = await run("verify", "--store", name, "--key", pub);
    expect(good.out).toMatch(/store +\d+ events compared with their records/);
    expect(good.code).toBe(0);
    tamper(mirror);
    const ledger = await opened(name);
    await watch(ledger);
    await until(() => statusOf(ledger.store).mirrorState === "stopped");
    const bad = await run("verify", "--store", name, "--key", pub);
    expect(bad.out).toContain("WRONG  the mirror has stopped");
    expect(bad.out).toContain("differs between the mirror and the store");
    expect(bad.code).toBe(1);
  });
}
