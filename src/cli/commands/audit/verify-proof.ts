/** `fleetledger verify-proof`: checks the proof of one event, without the ledger or the network. */
import { Option } from "commander";
import { readFile } from "node:fs/promises";
import { maxCheckpointBytes, maxLineBytes } from "../../../verify/bundle.ts";
import { verifyProof } from "../../../verify/verify-proof.ts";
import type { AddCommand } from "../../options/command.ts";
import { readVerifier, readWitnesses } from "../../options/key-files.ts";
import { exitCodes, UsageError } from "../../terminal/terminal.ts";
import { verificationText } from "./verify.ts";

/** The size of the largest event in base64, its path and the checkpoint; a larger file is not a proof. */
const maxProofBytes = 2 * maxLineBytes + maxCheckpointBytes;

export const addVerifyProof: AddCommand = (program, { terminal, done }) => {
  program
    .command("verify-proof")
    .description(
      "Check the proof of one event: what it states, that it is in the ledger, and who signed.",
    )
    .argument(
      "<file>",
      "a file that `prove` wrote (C2SP tlog-proof); needs neither ledger nor network",
    )
    .requiredOption("--key <file>", "the public key (ledger.pub)")
    .addOption(
      new Option(
        "--witness <file>",
        "the public key of a witness, to check its signature if there is one; repeatable",
      )
        .argParser((file: string, before: readonly string[]) => [...before, file])
        .default([], "none"),
    )
    .action(
      async (
        file: string,
        options: { readonly key: string; readonly witness: readonly string[] },
      ) => {
        const verifier = await readVerifier(options.key);
        const witnesses = await readWitnesses(options.witness, verifier);
        const bytes = await readFile(file);
        if (bytes.length > maxProofBytes) throw new UsageError(`${file} is too large for a proof`);
        const result = verifyProof(bytes, { verifier, witnesses });
        await terminal.out(verificationText(result));
        if (result.findings.length > 0) done(exitCodes.finding);
      },
    );
};
