/**
 * A ledger in KurrentDB that seals whenever it may, under its own name. Arguments: the store's name, and
 * that of its key. Each line that it writes says whether it holds the lease, as JSON.
 */
import { writeSync } from "node:fs";
import { Audit } from "../../src/seals/audit.ts";
import { newKey, parseSigner } from "../../src/tree/signed-note.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";

const [store = "", keyName = ""] = process.argv.slice(2);
const ledger = await openLedger({ store, mode: "write" });
const signer = parseSigner(newKey(keyName).secret);
const audit = new Audit({ ledger, clock: { nowMs: Date.now }, signer, intervalMs: 50 });
await audit.startSealing();
const timer = setInterval(() => {
  writeSync(1, `${JSON.stringify(ledger.store.status?.().holdsLease)}\n`);
}, 20);
process.once("SIGTERM", () => {
  clearInterval(timer);
  void audit.close().then(() => ledger.close());
});
