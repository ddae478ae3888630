/**
 * Whether a write-ahead log is the one of the file that it lies beside. SQLite does not know: it takes any log
 * that is whole in itself, and the file becomes what the log says. So each generation of the log (from one
 * complete checkpoint to the next) begins with a mark that has a name of its own and names the generation
 * before. The file has the one or the other, wherever a crash came: before anything of a generation is in the
 * file, it has all of the one before. A file that has neither is another one, or an older copy.
 */
import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { LedgerError } from "../../../errors.ts";
import { busyTimeoutMs } from "../../../limits/store.ts";
import { logSuffix, statOf } from "./side-files.ts";
import { generationMark, readMark, writeMark } from "../rows/marks.ts";
import { isDamage, isNoDatabase } from "../rows/sqlite-error.ts";

/** Of the generation before the first one. */
const none = "-";
/** Times that a mark is read again where a writer may be about to change it. */
const looks = 5;

interface Generation {
  readonly name: string;
  readonly before: string;
}

/** Begins a generation, within the transaction under way or as one of its own. */
export function beginGeneration(db: DatabaseSync): void {
  const before = parsed(readMark(db, generationMark))?.name ?? none;
  writeMark(db, generationMark, `${randomBytes(16).toString("hex")} ${before}`);
}

/** Of a copy: the logs of the file that it was made of are not its own. */
export function forgetGeneration(db: DatabaseSync): void {
  db.prepare("DELETE FROM marks WHERE name = ?").run(generationMark);
}

/**
 * Looks at the log beside the file at `path` before anything of it comes into the file. Throws
 * `foreign-leftovers` for one that is not its own. One that bears no mark, of an older version, is taken.
 */
export function assertOwnLog(path: string): void {
  const log = `${path}${logSuffix}`;
  if ((statOf(log)?.size ?? 0) === 0) return;
  for (let look = 0; look < looks; look++) {
    const inFile = markIn(immutable(path), path);
    // Nothing is in the file yet, or a crash cut a checkpoint short: then only the log can tell what it is.
    if (inFile === undefined) return;
    const withLog = markIn(path, path);
    if (belongs(parsed(inFile), parsed(withLog ?? null))) return;
  }
  throw foreignLog(path, log);
}

/** Whether the file at `path` is still that of the ledger that `db` has open, whatever has written to it meanwhile. */
export function isFileOf(path: string, db: DatabaseSync): boolean {
  const own = parsed(readMark(db, generationMark));
  try {
    return own !== null && belongs(parsed(markIn(immutable(path), path) ?? null), own);
  } catch (error) {
    // Nothing that is as it was ends in an error.
    if (error instanceof Error) return false;
    throw error;
  }
}

function belongs(inFile: Generation | null, withLog: Generation | null): boolean {
  if (withLog === null) return inFile === null;
  const name = inFile?.name ?? none;
  return name === withLog.name || name === withLog.before;
}

/** The file alone, as if there were no log. */
function immutable(path: string): URL {
  const url = pathToFileURL(path);
  url.search = "immutable=1";
  return url;
}

/** The mark's text; `null` if the file has none, `undefined` if it has no tables or they cannot be read. */
function markIn(name: string | URL, path: string): string | null | undefined {
  // For reading: that never brings the log into the file, also not when it is closed.
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
