/** `fleetledger backup` and `restore`: a copy of the ledger while it runs, and back. */
import { DatabaseSync } from "node:sqlite";
import { verifyStore } from "../audit/verify.ts";
import { openStore } from "../ledger/open-store.ts";
import type { EmbeddedStore } from "../store/embedded.ts";
import { openEmbeddedStore } from "../store/embedded.ts";
import { leafStore } from "../store/leaf-store.ts";
import { storeOption } from "./command.ts";
import type { AddCommand } from "./command.ts";
import { number } from "./figures-text.ts";
import { readCheckpoint, readVerifier } from "./key-files.ts";
import { withStepProgress } from "./step-progress.ts";
import { exitCodes, UsageError } from "./terminal.ts";
import { verificationText } from "./verify.ts";
import { placeWhole, refuseExisting } from "./whole-file.ts";

interface RestoreOptions {
  readonly store: string;
  readonly key: string;
  readonly since?: string;
}

export const addBackup: AddCommand = (program, { terminal }) => {
  program
    .command("backup")
    .description("Copy the ledger to a file, also while it is served.")
    .argument("<file>", "the file to write; refused if it is there")
    .addOption(storeOption())
    .action(async (file: string, { store: name }: { store: string }) => {
      refuseExisting(file);
      const store = await openEmbeddedStore({ path: sqlitePath(name), mode: "read" });
      try {
        await placeWhole(file, (part) => copyLedger(store, part));
      } finally {
        await store.close();
      }
      const copy = await openStore(`sqlite:${file}`, "read");
      const { sequence } = await copy.head();
      await copy.close();
      terminal.say(`${file}: ${number(sequence)} events`);
    });
};

export const addRestore: AddCommand = (program, { terminal, done }) => {
  program
    .command("restore")
    .description("Make a ledger from a backup, once tree head, seals and signatures are verified.")
    .argument("<file>", "what `backup` wrote")
    .addOption(storeOption())
    .requiredOption("--key <file>", "the public key (ledger.pub) that its seals are signed with")
    .option("--since <file>", "a checkpoint seen before, that the backup must go on from")
    .action(async (file: string, options: RestoreOptions) => {
      const target = sqlitePath(options.store);
      for (const suffix of ["", "-wal", "-shm"]) refuseExisting(`${target}${suffix}`);
      const verifier = await readVerifier(options.key);
      const since =
        options.since === undefined ? undefined : await readCheckpoint(options.since, verifier);
      const isGood = await placeWhole(target, async (part) => {
        const source = await openEmbeddedStore({ path: file, mode: "read" });
        try {
          await copyLedger(source, part);
        } finally {
          await source.close();
        }
        // What is verified is the copy itself: it gets its name only if it is good.
        const store = await openStore(`sqlite:${part}`, "read");
        try {
          const result = await withStepProgress(terminal, (onProgress) =>
            verifyStore(leafStore(store), { verifier, since, onProgress }),
          );
          await terminal.out(verificationText(result));
          if (result.flaws.length > 0) throw new NotGood();
        } finally {
          await store.close();
        }
        return true;
      }).catch((error: unknown) => {
        if (error instanceof NotGood) return false;
        throw error;
      });
      if (isGood) terminal.say(`restored: ${options.store}`);
      else {
        terminal.say(`not restored: ${file} is not what its seals say`);
        done(exitCodes.finding);
      }
    });
};

/** A copy in one file, without the write-ahead log beside it. */
async function copyLedger(store: EmbeddedStore, path: string): Promise<void> {
  await store.backup(path);
  const copy = new DatabaseSync(path);
  try {
    copy.exec("PRAGMA journal_mode = DELETE");
  } finally {
    copy.close();
  }
}

class NotGood extends Error {}

function sqlitePath(name: string): string {
  const path = name.startsWith("sqlite:") ? name.slice("sqlite:".length) : "";
  if (path === "") throw new UsageError(`"${name}" is no file of a ledger; say sqlite:PATH`);
  return path;
}
