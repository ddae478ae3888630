/**
 * One process writes to a ledger. The lock is the operating system's, held on a side file by an
 * exclusive SQLite transaction that never ends: it dies with the process, however that dies.
 */
import { DatabaseSync } from "node:sqlite";
import { LedgerError } from "../errors.ts";
import { asNotOpened, isBusy } from "./sqlite-error.ts";

export interface WriterLock {
  release(): void;
}

/** Takes the lock of the ledger at `path`. Throws `ledger-locked` if another writer has it, and `ledger-not-opened`. */
export function lockForWriting(path: string): WriterLock {
  let side: DatabaseSync | null = null;
  try {
    const opened = new DatabaseSync(`${path}.lock`, { timeout: 0 });
    side = opened;
    opened.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return { release: () => opened.close() };
  } catch (error) {
    side?.close();
    if (!isBusy(error)) throw asNotOpened(path, error);
    throw new LedgerError("ledger-locked", `another process is writing to ${path}`, {
      cause: error,
    });
  }
}
