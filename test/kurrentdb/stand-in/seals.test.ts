/** A mirror held against every seal that comes, not against the newest alone. */
import { expect, onTestFinished, test } from "vitest";
import { Audit } from "../../../src/seals/audit.ts";
import { watchSeals } from "../../../src/seals/seal-watch.ts";
import { lastSeal } from "../../../src/seals/past-seals.ts";
import { newKey, parseSigner } from "../../../src/tree/signed-note.ts";
import { sealsStream } from "../../../src/events/stream.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { checkedEvent } from "../../contract/sample-events.ts";
import { freshFolder, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import { around } from "./on-stand-in.ts";
import { startStandIn } from "./stand-in.ts";

test("a seal that does not match stops the mirror, even if a matching one follows it", async () => {
  const standIn = await startStandIn();
  const { ledger: on, appendElsewhere } = around(standIn, ledgerOn(standIn.url));
  const ledger = await openLedger({ store: on.name(freshFolder()), mode: "write" });
  onTestFinished(() => ledger.close());
  await until(() => statusOf(ledger.store).holdsLease);
  const signer = parseSigner(newKey("example.org/ledger").secret);
  const audit = new Audit({ ledger, clock: { nowMs: Date.now }, signer });
  await audit.startSealing();
  await ledger.submit([anEvent()]);
  await audit.close();
  const seal = await lastSeal(ledger);
  if (seal === null) throw new Error("nothing was sealed");
  const stop = await watchSeals({
    ledger,
    verifier: signer,
    onFailure: (error) => {
      throw error;
    },
    everyMs: 10,
  });
  onTestFinished(stop);
  const wrong = { ...seal.data, rootHash: "0".repeat(64) };
  const sealed = { type: "LedgerSealed" as const, occurredAt: seal.occurredAt };
  appendElsewhere(sealsStream, seal.revision, [
    checkedEvent({ ...sealed, data: wrong }),
    checkedEvent({ ...sealed, data: seal.data }),
  ]);
  await until(() => statusOf(ledger.store).mirrorState === "stopped");
  expect(statusOf(ledger.store).error).toContain(`the seal at sequence ${seal.sequence + 1} `);
});

test("an instance that does not seal reports how far the sealing instance has come", async () => {
  const standIn = await startStandIn();
  const on = ledgerOn(standIn.url);
  const signer = parseSigner(newKey("example.org/ledger").secret);
  const audits: Audit[] = [];
  for (let n = 0; n < 2; n++) {
    const ledger = await openLedger({ store: on.name(freshFolder()), mode: "write" });
    onTestFinished(() => ledger.close());
    if (n === 0) await until(() => statusOf(ledger.store).holdsLease);
    const audit = new Audit({ ledger, clock: { nowMs: Date.now }, signer, intervalMs: 20 });
    await audit.startSealing();
    onTestFinished(() => audit.close());
    audits.push(audit);
    await ledger.submit([anEvent()]);
  }
  const sizes = () => audits.map((audit) => audit.sealing()?.sealedSize ?? 0);
  await until(() => sizes().every((size) => size >= 2));
  expect(sizes()[1]).toBe(sizes()[0]);
});

test("a position that another instance may already have is waited for, not refused as past the head", async () => {
  const standIn = await startStandIn();
  const ledger = await openLedger({
    store: ledgerOn(standIn.url).name(freshFolder()),
    mode: "write",
  });
  onTestFinished(() => ledger.close());
  await expect(ledger.waitFor(5, 50)).rejects.toMatchObject({ code: "not-ready" });
  await expect(ledger.waitFor(5, 0)).rejects.toMatchObject({ code: "position-past-head" });
});
