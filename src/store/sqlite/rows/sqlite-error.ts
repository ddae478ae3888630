/** What SQLite's errors mean for a ledger. Codes: https://www.sqlite.org/rescode.html. */
import { LedgerError } from "../../../errors.ts";

const busy = 5;
const isReadOnly = 8;
const corrupt = 11;
const cannotOpenFile = 14;
const notADatabase = 26;

/** The primary result code of an error from node:sqlite, `null` for any other error. */
function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  return typeof error.errcode === "number" ? error.errcode & 0xff : null;
}

export function isSqliteError(error: unknown): boolean {
  return (
    primaryCode(error) !== null || (error instanceof LedgerError && isSqliteError(error.cause))
  );
}

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === busy;
}

export function isNoDatabase(error: unknown): boolean {
  return primaryCode(error) === notADatabase;
}

/** Whether the file, or one that SQLite needs beside it, cannot be opened or created. */
export function isUnopenable(error: unknown): boolean {
  const code = primaryCode(error);
  return code === isReadOnly || code === cannotOpenFile;
}

/** `ledger-not-opened` if the file system is the reason; any other error unchanged. */
export function asNotOpened(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !isUnopenable(error)) return error;
  const detail = `${path} or a file beside it cannot be opened or made (${error.message}); check the folder and its permissions`;
  return new LedgerError("ledger-not-opened", detail, { cause: error });
}

/**
 * Whether the error is about the stored data rather than the machine: inconsistent pages, or a value that
 * none of our columns can hold.
 */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  if (code !== null) return code === corrupt || code === notADatabase;
  return error instanceof RangeError;
}

/** `corrupt-event` if pages of the file are inconsistent; any other error unchanged. */
export function asDamaged(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || primaryCode(error) !== corrupt) return error;
  return damaged(path, error);
}

/** `corrupt-event` with the file, SQLite's own words, and what to do. */
export function damaged(path: string, error: unknown): LedgerError {
  const words = error instanceof Error ? error.message : String(error);
  return new LedgerError(
    "corrupt-event",
    `${path} is damaged: SQLite says "${words}". Keep the file, check the disk, and restore the ledger from a backup or a bundle`,
    { cause: error },
  );
}

/** `store-unavailable` with SQLite's own words. */
export function unavailable(description: string, error: unknown): LedgerError {
  const words = error instanceof Error ? error.message : String(error);
  return new LedgerError("store-unavailable", `${description} failed: ${words}`, { cause: error });
}

/** `not-a-ledger` if SQLite finds that the tables are not a ledger's; any other error unchanged. */
export function asNotALedger(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || primaryCode(error) === null) return error;
  if (isDamage(error)) return asDamaged(path, error);
  const detail = `${path} does not have the tables of a ledger: ${error.message}`;
  return new LedgerError("not-a-ledger", detail, { cause: error });
}
