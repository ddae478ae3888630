/** `fleetledger backup`: a copy of the ledger while it runs. */
import { DatabaseSync } from "node:sqlite";
import { filePathOf, openStore } from "../../../ledger/open-store.ts";
import { isKurrentDbName, withoutCredentials } from "../../../store/kurrentdb/client/name.ts";
import { forgetGeneration } from "../../../store/sqlite/files/log-generation.ts";
import { mirrorMarks } from "../../../store/sqlite/rows/marks.ts";
import { sayTo } from "../../options/open.ts";
import { startProgress } from "../../terminal/progress.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import type { EmbeddedStore } from "../../../store/sqlite/embedded.ts";
import { openEmbeddedStore } from "../../../store/sqlite/embedded.ts";
import { storeOption } from "../../options/command.ts";
import type { AddCommand } from "../../options/command.ts";
import { number } from "../../../reports/text/figures.ts";
import { UsageError } from "../../terminal/terminal.ts";
import { makeWhole, refuseExisting } from "../../terminal/whole-file.ts";

export const addBackup: AddCommand = (program, { terminal }) => {
  program
    .command("backup")
    .description("Copy the ledger to a file, even while it is served.")
    .argument("<file>", "the file to write; must not exist yet")
    .addOption(storeOption())
    .action(async (file: string, { store: name }: { store: string }) => {
      refuseExisting(file);
      const path = isKurrentDbName(name) ? await filledMirror(name, terminal) : sqlitePath(name);
      const store = await openEmbeddedStore({ path, mode: "read" });
      try {
        await makeWhole(file, (part) => copyToFile(store, part));
      } finally {
        await store.close();
      }
      const copy = await openStore(`sqlite:${file}`, "read");
      const { sequence } = await copy.head();
      await copy.close();
      terminal.say(`${file}: ${number(sequence)} events`);
    });
};

/**
 * The file of the ledger's mirror. It is brought up to date first, unless another process keeps it so. A stopped mirror
 * is backed up too: it may contain what its store has lost.
 */
async function filledMirror(name: string, terminal: Terminal): Promise<string> {
  const filling = startProgress(terminal, "filling the mirror (bytes of the store's log)");
  try {
    const store = await openStore(name, "read", {
      onFilling: filling.update,
      say: sayTo(terminal),
    });
    await store.close();
    return store.localPath ?? sqlitePath(store.description);
  } finally {
    filling.stop();
  }
}

/**
 * Copies the ledger to one file, without a write-ahead log beside it. The copy of a mirror is an independent ledger.
 */
export async function copyToFile(store: EmbeddedStore, path: string): Promise<void> {
  await store.backup(path);
  const copy = new DatabaseSync(path);
  try {
    copy.exec("PRAGMA journal_mode = DELETE");
    copy.exec(`DELETE FROM marks WHERE name LIKE '${mirrorMarks}%'`);
    forgetGeneration(copy);
  } finally {
    copy.close();
  }
}

/** The file of a ledger that is named by `sqlite:PATH`. Throws UsageError. */
export function sqlitePath(name: string): string {
  const path = filePathOf(name);
  if (path === null)
    throw new UsageError(`"${withoutCredentials(name)}" is not a ledger file; use sqlite:PATH`);
  return path;
}
