/** A ledger on a server with a seal in it, and ways to make its mirror another one than was sealed. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Audit } from "../../src/seals/audit.ts";
import { watchSeals } from "../../src/seals/seal-watch.ts";
import { newKey, parseSigner } from "../../src/tree/signed-note.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { tamper as tamperWith } from "../store/sqlite/ledger-file.ts";
import { freshFolder, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import { sharedServer } from "./server.ts";

export const key = newKey("example.org/ledger");
export const signer = parseSigner(key.secret);

export function failures(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    id: crypto.randomUUID(),
    type: "NodeFailed",
    occurredAt: "2026-03-01T10:00:00Z",
    data: { cluster: "alpha", node: `n${from + i}`, faultId: `f${from + i}`, category: "hardware" },
  }));
}

export async function opened(store: string): Promise<Ledger> {
  const ledger = await openLedger({ store, mode: "write" });
  onTestFinished(() => ledger.close());
  return ledger;
}

/** A ledger of some events and a seal over them, closed again. */
export async function sealedLedger(events = 5) {
  const on = ledgerOn(await sharedServer());
  const mirror = freshFolder();
  const name = on.name(mirror);
  const ledger = await opened(name);
  await ledger.submit(failures(0, events));
  // Who loses the lease on a busy machine seals nothing at its end: the next one does.
  await until(async () => {
    await until(() => statusOf(ledger.store).holdsLease);
    const audit = new Audit({ ledger, clock: { nowMs: Date.now }, signer });
    await audit.startSealing();
    await audit.close();
    return (await ledger.store.head()).sequence > events;
  });
  await ledger.close();
  return { on, mirror, name };
}

export async function watch(ledger: Ledger) {
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

function change(mirror: string, sql: string): void {
  tamperWith(join(mirror, "mirror.sqlite"), sql);
}

/** Changes an event in the mirror's file, behind every guard, so that the sample may miss it. */
export function tamper(mirror: string): void {
  change(mirror, `UPDATE events SET data = replace(data, '"n', '"m') WHERE sequence = 3`);
}

/** Takes that back. */
export function mend(mirror: string): void {
  change(mirror, `UPDATE events SET data = replace(data, '"m', '"n') WHERE sequence = 3`);
}
