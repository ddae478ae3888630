/** A mirror held against the seals in it, and against its store. */
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { Audit } from "../../src/audit/audit.ts";
import { watchSeals } from "../../src/audit/seal-watch.ts";
import { newKey, parseSigner } from "../../src/audit/signed-note.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { compareWithStore } from "../../src/store/mirror-compare.ts";
import { stoppedMark } from "../../src/store/marks.ts";
import { openStore } from "../../src/ledger/open-store.ts";
import { run } from "../cli/run.ts";
import { writeFileSync } from "node:fs";
import { freshFolder, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

const key = newKey("example.org/ledger");
const signer = parseSigner(key.secret);

function failures(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    id: crypto.randomUUID(),
    type: "NodeFailed",
    occurredAt: "2026-03-01T10:00:00Z",
    data: { cluster: "alpha", node: `n${from + i}`, faultId: `f${from + i}`, category: "hardware" },
  }));
}

async function opened(store: string): Promise<Ledger> {
  const ledger = await openLedger({ store, mode: "write" });
  onTestFinished(() => ledger.close());
  return ledger;
}

/** A ledger of five events and a seal over them, closed again. */
async function sealedLedger() {
  const on = ledgerOn(await sharedServer());
  const mirror = freshFolder();
  const name = on.name(mirror);
  const ledger = await opened(name);
  await until(() => statusOf(ledger.store).holdsLease);
  const audit = new Audit({ ledger, clock: { nowMs: Date.now }, signer });
  await audit.startSealing();
  await ledger.submit(failures(0, 5));
  await audit.close();
  expect((await ledger.store.head()).sequence).toBeGreaterThan(5);
  await ledger.close();
  return { on, mirror, name };
}

async function watch(ledger: Ledger) {
  const failed: unknown[] = [];
  const stop = await watchSeals({
    ledger,
    verifier: signer,
    onFailure: (error) => void failed.push(error),
    everyMs: 20,
  });
  onTestFinished(stop);
  return { failures: failed, stop };
}

/** Changes an event in the mirror's file, behind every guard, so that the sample may miss it. */
function tamper(mirror: string): void {
  const db = new DatabaseSync(join(mirror, "mirror.sqlite"));
  db.exec("DROP TRIGGER events_are_not_edited");
  db.exec(`UPDATE events SET data = replace(data, '"n', '"m') WHERE sequence = 3`);
  db.close();
}

describe.skipIf(whyNoServer !== null)("a mirror", () => {
  heldAgainstSeals();
  heldAgainstItsStore();
});

function heldAgainstSeals(): void {
  test("that is what was sealed goes on, also when another instance seals", async () => {
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

  test("that is not what was sealed stops, says so, and keeps why for its readers", async () => {
    const { mirror, name } = await sealedLedger();
    tamper(mirror);
    const ledger = await opened(name);
    await watch(ledger);
    await until(() => statusOf(ledger.store).mirrorState === "stopped");
    const [refused] = await ledger.submit(failures(9, 1));
    expect(refused).toMatchObject({ status: "refused", error: { code: "store-unavailable" } });
    const reader = await openStore(name, "read");
    expect(await reader.mark(stoppedMark)).toBe(statusOf(ledger.store).error);
    await reader.close();
  });
}

function heldAgainstItsStore(): void {
  test("is compared event by event: what is another one, or gone, is named", async () => {
    const { on, mirror, name } = await sealedLedger();
    const path = join(mirror, "mirror.sqlite");
    expect(await compareWithStore(name, path, () => undefined)).toBeNull();
    const elsewhere = ledgerOn(await sharedServer(), `${on.prefix.slice(0, -1)}x.`);
    expect(await compareWithStore(elsewhere.name(mirror), path, () => undefined)).toMatchObject({
      message: expect.stringMatching(
        // Which of the nodes is first is the store's to say: their streams are appended to at once.
        /^the event at sequence 1 \(revision 0 of node-alpha:n\d\) is in the mirror and no longer in the store$/,
      ),
    });
    tamper(mirror);
    expect((await compareWithStore(name, path, () => undefined))?.message).toContain("sequence 3");
  });

  test("is compared by verify, which names what a running instance has found too", async () => {
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
    expect(bad.out).toContain("is another one in the mirror than in the store");
    expect(bad.code).toBe(1);
  });
}
