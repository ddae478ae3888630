/** `fleetledger keys`: the key that signs tree heads. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { isKeyName, newKey } from "../../../tree/signed-note.ts";
import type { AddCommand } from "../../options/command.ts";
import { refuseExisting } from "../../terminal/whole-file.ts";

const secretFile = "ledger.key";
const publicFile = "ledger.pub";

export const addKeys: AddCommand = (program, { terminal }) => {
  program
    .command("keys")
    .description("Make keys that sign the ledger's tree heads.")
    .command("new")
    .description(`Make a key pair: ${secretFile} (secret) and ${publicFile} (for verifiers).`)
    .requiredOption("--out <folder>", "the folder for the key files; created if needed")
    .option("--name <name>", "the ledger's name in its signatures", keyName, "fleetledger")
    .action(async ({ out, name }: { out: string; name: string }) => {
      const [secretPath, publicPath] = [join(out, secretFile), join(out, publicFile)];
      refuseExisting(secretPath);
      refuseExisting(publicPath);
      await mkdir(out, { recursive: true });
      const key = newKey(name);
      // `wx` also protects a file that was created since the check.
      await writeFile(secretPath, `${key.secret}\n`, { mode: 0o600, flag: "wx" });
      await writeFile(publicPath, `${key.verifier}\n`, { flag: "wx" });
      terminal.say(`${secretPath}: the secret key; keep it where only the ledger can read it`);
      terminal.say(`${publicPath}: the public key, for verifiers:`);
      await terminal.out(`${key.verifier}\n`);
    });
};

function keyName(text: string): string {
  if (isKeyName(text)) return text;
  throw new InvalidArgumentError("It must not contain blanks or plus signs.");
}
