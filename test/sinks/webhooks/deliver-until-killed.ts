/** A process that delivers until it is killed. Arguments: the store's name, the receiver's URL, and a sequence to begin at, if any. */
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { Webhooks } from "../../../src/sinks/webhooks/webhooks.ts";

const [store = "", url = "", from] = process.argv.slice(2);
const ledger = await openLedger({ store, mode: "write" });
const webhooks = new Webhooks({
  webhooks: [
    {
      name: "pager",
      url,
      secretFile: "",
      secrets: [Buffer.alloc(32)],
      types: ["*"],
      format: "standard",
    },
  ],
  ledger,
  origin: "test-ledger",
  isInCharge: () => true,
  onFailure: (name, words, error) => process.stderr.write(`${name} ${words} ${String(error)}\n`),
});
if (from === undefined) webhooks.start();
else await webhooks.replay("pager", Number(from));
// Timers of the ledger keep no process alive.
setInterval(() => undefined, 60_000);
