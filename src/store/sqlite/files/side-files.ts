/** The files of one ledger: the one under its name and those beside it. */
import { statSync } from "node:fs";
import type { Stats } from "node:fs";
import { LedgerError } from "../../../errors.ts";

/** SQLite's write-ahead log, that log's index, and the journal that SQLite uses when it changes the journal mode. */
export const logSuffix = "-wal";
export const logIndexSuffix = "-shm";
const journalSuffix = "-journal";
export const lockSuffix = ".lock";
export const derivedSuffix = ".derived";
/** Notes which event was acknowledged last. */
export const headSuffix = ".head";

/** `null` if there is nothing at this path. */
export function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

function hasBytes(path: string): boolean {
  const stat = statOf(path);
  return stat !== null && stat.isFile() && stat.size > 0;
}

/** How a message calls a path that is not a plain file. */
export function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return "a folder";
  if (stat.isFIFO()) return "a named pipe";
  if (stat.isSocket()) return "a socket";
  return "a device";
}

/** Checks before SQLite opens any file, because SQLite would hang on a pipe and call a folder a lack of permission. Throws `ledger-not-opened`. */
export function assertPlainFiles(path: string, mode: "read" | "write"): void {
  // Reading needs neither the log's index (if nobody shares the ledger) nor a lock.
  const more = mode === "read" ? [] : [logIndexSuffix, lockSuffix, headSuffix];
  for (const suffix of ["", journalSuffix, logSuffix, ...more]) {
    const stat = statOf(`${path}${suffix}`);
    if (stat === null || stat.isFile()) continue;
    const what = `${path}${suffix} is ${kindOf(stat)}, but the ledger needs a file there`;
    throw new LedgerError("ledger-not-opened", `${what}. Move it away, or name another ledger`);
  }
}

/**
 * Refuses what an earlier ledger left behind: a new ledger beside it would hide that events are gone, and SQLite
 * would delete a log whose file is empty. Throws `foreign-leftovers`.
 */
export function refuseLeftovers(path: string): void {
  const stat = statOf(path);
  if (stat !== null && stat.size > 0) return;
  const left = [logSuffix, derivedSuffix, headSuffix]
    .map((suffix) => `${path}${suffix}`)
    .filter(hasBytes);
  if (left.length === 0) return;
  const what = stat === null ? "is gone" : "is empty";
  throw new LedgerError(
    "foreign-leftovers",
    `${path} ${what}, but ${left.join(", ")} of an earlier ledger of that name ${left.length === 1 ? "is" : "are"} still there. ` +
      `Put the ledger's file back, or restore it from a backup under another name. To start a new ledger, move ${left.length === 1 ? "that file" : "those files"} away`,
  );
}
