/** `fleetledger seal`: one seal over all events so far, now. */
import { openLedgerTree } from "../../../tree/ledger-tree.ts";
import type { Seal } from "../../../seals/seal-now.ts";
import { sealNow } from "../../../seals/seal-now.ts";
import type { NoteSigner } from "../../../tree/signed-note.ts";
import { systemClock } from "../../../clock.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { storeOption } from "../../options/command.ts";
import type { AddCommand } from "../../options/command.ts";
import { number } from "../../../reports/text/figures.ts";
import { readSealingKey, readSigner } from "../../options/key-files.ts";
import { refuseMissing, withLedger } from "../../options/open.ts";
import { UsageError } from "../../terminal/terminal.ts";

export const addSeal: AddCommand = (program, { terminal }) => {
  program
    .command("seal")
    .description("Append a seal, the signed head of the tree over all events so far, and print it.")
    .addOption(storeOption())
    .requiredOption("--key <file>", "the secret key (ledger.key)")
    .addHelpText(
      "after",
      "\nKeep the printed checkpoint outside the ledger: `verify --since` checks later histories against it.",
    )
    .action(async ({ store, key }: { store: string; key: string }) => {
      await readSigner(key);
      refuseMissing(store);
      const { sequence, size, checkpoint } = await withLedger(
        terminal,
        store,
        "write",
        async (ledger) => seal(ledger, await readSealingKey(key, ledger)),
      );
      terminal.say(`sealed at sequence ${number(sequence ?? size + 1)}`);
      await terminal.out(checkpoint);
    });
};

async function seal(ledger: Ledger, signer: NoteSigner): Promise<Seal> {
  if (ledger.sequence() === 0)
    throw new UsageError("the ledger is empty, so there is nothing to seal");
  return await sealNow({
    ledger,
    tree: await openLedgerTree(ledger.store),
    signer,
    clock: systemClock,
  });
}
