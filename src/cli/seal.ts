/** `fleetledger seal`: one seal over all events so far, now. */
import { openLedgerTree } from "../audit/ledger-tree.ts";
import { signCheckpoint } from "../audit/checkpoint.ts";
import type { NoteSigner } from "../audit/signed-note.ts";
import { stableId } from "../events/stable-id.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { formatInstant } from "../time/instant.ts";
import { storeOption } from "./command.ts";
import type { AddCommand } from "./command.ts";
import { number } from "./figures-text.ts";
import { readSigner } from "./key-files.ts";
import { withLedger } from "./open.ts";
import { UsageError } from "./terminal.ts";

export const addSeal: AddCommand = (program, { terminal }) => {
  program
    .command("seal")
    .description("Append the signed head of the tree over all events so far; print it.")
    .addOption(storeOption())
    .requiredOption("--key <file>", "the secret key (ledger.key)")
    .addHelpText(
      "after",
      "\nKeep the printed checkpoint outside the ledger: `verify --since` holds a later history against it.",
    )
    .action(async ({ store, key }: { store: string; key: string }) => {
      const signer = await readSigner(key);
      const { sequence, checkpoint } = await withLedger(terminal, store, "write", (ledger) =>
        seal(ledger, signer),
      );
      terminal.say(`sealed at sequence ${number(sequence)}`);
      await terminal.out(checkpoint);
    });
};

async function seal(
  ledger: Ledger,
  signer: NoteSigner,
): Promise<{ sequence: number; checkpoint: string }> {
  if (ledger.sequence() === 0)
    throw new UsageError("the ledger is empty: there is nothing to seal");
  const tree = await openLedgerTree(ledger.store);
  let checkpoint = "";
  const submission = await ledger.submitOwnAtHead(async (size) => {
    const root = await tree.root(size);
    checkpoint = signCheckpoint({ origin: signer.name, size: BigInt(size), root }, signer);
    return {
      id: stableId(["seal", checkpoint]),
      type: "LedgerSealed",
      occurredAt: formatInstant(Date.now()),
      data: { size, rootHash: root.toString("hex"), checkpoint },
    };
  });
  if (submission.status === "refused") throw submission.error;
  return { sequence: submission.sequence ?? 0, checkpoint };
}
