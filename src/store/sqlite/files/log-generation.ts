/**
 * Whether a write-ahead log belongs to the file beside it. SQLite does not check this: it accepts any log that is
 * consistent in itself and applies it to the file. So each generation of the log (from one complete checkpoint to
 * the next) begins with a mark that has a unique name and also names the generation before. Nothing of a generation
 * reaches the file before all of the previous one has, so after a crash at any moment the file holds one of the two
 * marks. A file that holds neither is a different file, or an older copy.
 */
import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { LedgerError } from "../../../errors.ts";
import { busyTimeoutMs } from "../../../limits/store.ts";
import { logSuffix, statOf } from "./side-files.ts";
import { generationMark, readMark, writeMark } from "../rows/marks.ts";
import { isDamage, isNoDatabase } from "../rows/sqlite-error.ts";

/** Stands for the generation before the first one. */
const none = "-";
/** How often a mark is read again when a writer may be changing it. */
const looks = 5;

interface Generation {
  readonly name: string;
  readonly before: string;
}

/** Begins a generation, within the current transaction or in one of its own. */
export function beginGeneration(db: DatabaseSync): void {
  const before = parsed(readMark(db, generationMark))?.name ?? none;
  writeMark(db, generationMark, `${randomBytes(16).toString("hex")} ${before}`);
}

/** For a copy: the logs of the original file do not belong to it. */
export function forgetGeneration(db: DatabaseSync): void {
  db.prepare("DELETE FROM marks WHERE name = ?").run(generationMark);
}

/**
 * Checks the log beside the file at `path` before anything of it is applied to the file. Throws
 * `foreign-leftovers` if it belongs to another file. A log without a mark, from an older version, is accepted.
 */
export function assertOwnLog(path: string): void {
  const log = `${path}${logSuffix}`;
  if ((statOf(log)?.size ?? 0) === 0) return;
  for (let look = 0; look < looks; look++) {
    const inFile = markIn(immutable(path), path);
    // The file is still empty, or a crash interrupted a checkpoint: then only the log can say what it is.
    if (inFile === undefined) return;
    const withLog = markIn(path, path);
    if (belongs(parsed(inFile), parsed(withLog ?? null))) return;
  }
  throw foreignLog(path, log);
}

/** Whether the file at `path` is still the one that `db` has open, even if others have written to it meanwhile. */
export function isFileOf(path: string, db: DatabaseSync): boolean {
  const own = parsed(readMark(db, generationMark));
  try {
    return own !== null && belongs(parsed(markIn(immutable(path), path) ?? null), own);
  } catch (error) {
    // A file that is still the same can be read without an error.
    if (error instanceof Error) return false;
    throw error;
  }
}

function belongs(inFile: Generation | null, withLog: Generation | null): boolean {
  if (withLog === null) return inFile === null;
  const name = inFile?.name ?? none;
  return name === withLog.name || name === withLog.before;
}

/** The address of the file alone, as if there were no log. */
function immutable(path: string): URL {
  const url = pathToFileURL(path);
  url.search = "immutable=1";
  return url;
}

/** The mark's text; `null` if the file has none, `undefined` if it has no tables or they cannot be read. */
function markIn(name: string | URL, path: string): string | null | undefined {
  // Opened read-only: that never checkpoints the log into the file, not even on closing.
  const db = new DatabaseSync(name, { readOnly: true, timeout: busyTimeoutMs });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    if (tables.length === 0) return undefined;
    return tables.some((table) => table["name"] === "marks") ? readMark(db, generationMark) : null;
  } catch (error) {
    const cause = error instanceof LedgerError ? error.cause : error;
    if (isNoDatabase(cause)) throw new LedgerError("not-a-ledger", `${path} is not a ledger`);
    if (!isDamage(cause)) throw error;
    if (name instanceof URL) return undefined;
    throw foreignLog(path, `${path}${logSuffix}`, cause);
  } finally {
    db.close();
  }
}

function parsed(mark: string | null): Generation | null {
  const [, name, before] = /^([0-9a-f]{32}) ([0-9a-f]{32}|-)$/.exec(mark ?? "") ?? [];
  return name === undefined || before === undefined ? null : { name, before };
}

function foreignLog(path: string, log: string, cause?: unknown): LedgerError {
  return new LedgerError(
    "foreign-leftovers",
    `${log} does not belong to ${path} as it is now: one of them comes from another ledger or from an earlier time. ` +
      `Nothing was changed. Put back the file that the log belongs to. Or, to continue without the events that only the log has, move the log and ${path}-shm away`,
    { cause },
  );
}
