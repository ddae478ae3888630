/**
 * The ledger's file: one SQLite database whose rows any SQLite tool can read. `application_id` says
 * that it is a ledger, `user_version` in which format.
 */
import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { LedgerError } from "../errors.ts";
import { walCheckpointPages, busyTimeoutMs } from "../limits.ts";
import { applicationId, formatVersion, oldestFormat, pragma } from "./file-format.ts";
import { bringUp } from "./bring-up.ts";
import { leavesTable } from "./leaf-rows.ts";
import { asNotOpened, isNoDatabase, isUnopenable } from "./sqlite-error.ts";

/** Measured: with rows of about 400 bytes, half the pages touched and less overflow than with 4 KiB. */
const pageSizeBytes = 8192;
/** Room for the index pages that appends to thousands of streams touch again and again. */
const pageCacheKiB = 32 * 1024;

/**
 * `sequence` is the row number. Content stands in one column each and nowhere else; `data` and
 * `attribution` are RFC 8785 text; times are milliseconds since the epoch.
 */
export const eventsTable = `
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    data TEXT NOT NULL,
    attribution TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
`;

/** What is said about the ledger as a whole, beside its events. */
const marksTable = `
  CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

const guards = `
  CREATE TRIGGER events_are_not_edited BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'a fact is never edited'); END;
  CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;
`;

/** WAL with a sync at each commit: what was acknowledged survives the loss of power. */
export const durablePragmas = `
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -${pageCacheKiB};
  PRAGMA wal_autocheckpoint = ${walCheckpointPages};
`;

function notALedger(path: string): LedgerError {
  return new LedgerError("not-a-ledger", `${path} is not a ledger`);
}

function assertFormat(db: DatabaseSync, path: string): void {
  if (pragma(db, "application_id") !== applicationId) throw notALedger(path);
  const version = pragma(db, "user_version");
  if (version < oldestFormat || version > formatVersion) {
    throw new LedgerError(
      "unknown-format",
      `${path} is a ledger in format ${version}; this version knows formats up to ${formatVersion}`,
      { extra: { found: version, known: formatVersion } },
    );
  }
}

/** Nothing was ever put there: a fresh file, or one that a crash left before its first commit. */
function isBlank(db: DatabaseSync): boolean {
  const row = db.prepare("SELECT count(*) AS count FROM sqlite_schema").get();
  return row?.count === 0 && pragma(db, "application_id") === 0 && pragma(db, "user_version") === 0;
}

function create(db: DatabaseSync): void {
  db.exec("BEGIN IMMEDIATE");
  db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}`);
  db.exec(eventsTable);
  db.exec(guards);
  db.exec(marksTable);
  db.exec(leavesTable);
  db.exec("COMMIT");
}

/** Opens a database and runs `step` on it; closes it if that fails. */
function guarded(path: string, open: () => DatabaseSync, step: (db: DatabaseSync) => void) {
  let db: DatabaseSync | null = null;
  try {
    db = open();
    step(db);
    return db;
  } catch (error) {
    db?.close();
    throw isNoDatabase(error) ? notALedger(path) : error;
  }
}

/** The ledger at `path`, made if it is not there. Throws `not-a-ledger`, `unknown-format` and `ledger-not-opened`. */
export function openForWriting(path: string, isDerived = false): DatabaseSync {
  const open = () => new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    return guarded(path, open, (db) => {
      const blank = isBlank(db);
      if (!blank) assertFormat(db, path);
      if (blank) db.exec(`PRAGMA page_size = ${pageSizeBytes}`);
      db.exec("PRAGMA journal_mode = WAL");
      db.exec(durablePragmas);
      // What is lost with the power then is lost whole transactions at a time, the last ones first.
      if (isDerived) db.exec("PRAGMA synchronous = NORMAL");
      if (blank) create(db);
      else bringUp(db);
    });
  } catch (error) {
    throw asNotOpened(path, error);
  }
}

/** The ledger at `path`, for reading. Throws `not-found`, `not-a-ledger`, `unknown-format` and `ledger-not-opened`. */
export function openForReading(path: string): DatabaseSync {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new LedgerError("not-found", `there is no ledger at ${path}`);
  }
  const options = { readOnly: true, timeout: busyTimeoutMs };
  const check = (db: DatabaseSync) => assertFormat(db, path);
  try {
    return guarded(path, () => new DatabaseSync(path, options), check);
  } catch (error) {
    // A writer has its log beside the file as long as it is there.
    if (!isUnopenable(error) || existsSync(`${path}-wal`)) throw asNotOpened(path, error);
    // Without one, on a medium that cannot be written, nothing need be shared: nothing changes.
    const still = pathToFileURL(path);
    still.search = "immutable=1";
    return guarded(path, () => new DatabaseSync(still, options), check);
  }
}
