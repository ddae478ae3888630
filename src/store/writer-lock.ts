/**
 * One process writes to a ledger. The lock is the operating system's, held on a side file by an
 * exclusive SQLite transaction that never ends: it dies with the process, however that dies.
 */
import { DatabaseSync } from "node:sqlite";
import { LedgerError } from "../errors.ts";
import { isBusy } from "./sqlite-error.ts";

export interface WriterLock {
  release(): void;
}

/** Takes the lock of the ledger at `path`. Throws `ledger-locked` if another writer has it. */
export function lockForWriting(path: string): WriterLock {
  const side = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    side.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    side.close();
    if (!isBusy(error)) throw error;
    throw new LedgerError("ledger-locked", `another process is writing to ${path}`, {
      cause: error,
    });
  }
  return { release: () => side.close() };
}
