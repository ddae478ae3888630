/**
 * Opens and creates the ledger's file: one SQLite database whose rows any SQLite tool can read. `application_id`
 * says that it is a ledger, `user_version` in which format.
 */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { LedgerError } from "../../../errors.ts";
import { busyTimeoutMs, walKeptBytes } from "../../../limits/store.ts";
import {
  applicationId,
  decisionFormatVersion,
  formatVersion,
  isKnownFormat,
  pragma,
} from "../rows/file-format.ts";
import { assertPlainFiles, refuseLeftovers, statOf } from "../files/side-files.ts";
import { ledgerTables } from "./ledger-tables.ts";
import { assertOwnLog } from "../files/log-generation.ts";
import { assertNotedHead } from "../files/noted-head.ts";
import { assertSchema } from "./schema-check.ts";
import { asDamaged, asNotOpened, isNoDatabase, isUnopenable } from "../rows/sqlite-error.ts";

/** Measured with rows of about 400 bytes: half the page writes and less overflow than with 4 KiB. */
const pageSizeBytes = 8192;
/** Room for the index pages that appends to thousands of streams keep changing. */
const pageCacheKiB = 32 * 1024;

/** WAL with a sync at each commit, so that acknowledged events survive a power loss. The writer checkpoints the log itself (`file-care.ts`). */
const durablePragmas = `
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -${pageCacheKiB};
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA journal_size_limit = ${walKeptBytes};
`;

function notALedger(path: string): LedgerError {
  return new LedgerError("not-a-ledger", `${path} is not a ledger`);
}

function assertFormat(db: DatabaseSync, path: string): void {
  if (pragma(db, "application_id") !== applicationId) throw notALedger(path);
  const version = pragma(db, "user_version");
  if (isKnownFormat(version)) return;
  const advice =
    version > decisionFormatVersion
      ? "Open it with the newer version of fleetledger that wrote it."
      : "No released version of fleetledger wrote that format; restore the ledger from a backup.";
  throw new LedgerError(
    "unknown-format",
    `${path} is a ledger in file format ${version}; this version reads and writes formats 2 to ${decisionFormatVersion} only. ${advice}`,
    { extra: { found: version, known: decisionFormatVersion } },
  );
}

/** Throws unless the file says that it is a ledger and has nothing but what a ledger has. */
function assertLedger(db: DatabaseSync, path: string): void {
  assertFormat(db, path);
  assertSchema(db, path);
}

function withoutLog(path: string): LedgerError {
  const detail = `the file system of ${path} cannot share memory between processes, which a write-ahead log needs; put the ledger on a local disk`;
  return new LedgerError("ledger-not-opened", detail);
}

/** Whether nothing was ever stored: a new file, or one that a crash left before its first commit. */
function isBlank(db: DatabaseSync): boolean {
  const row = db.prepare("SELECT count(*) AS count FROM sqlite_schema").get();
  return row?.count === 0 && pragma(db, "application_id") === 0 && pragma(db, "user_version") === 0;
}

function create(db: DatabaseSync): void {
  db.exec("BEGIN IMMEDIATE");
  db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}`);
  db.exec(ledgerTables);
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
    throw isNoDatabase(error) ? notALedger(path) : asDamaged(path, error);
  }
}

/** `alone` makes sure that nobody else writes; it is called once the files are known to belong together. */
interface WritingOptions {
  readonly alone?: () => void;
  /** Everything in it can be fetched again from elsewhere. */
  readonly isDerived?: boolean | undefined;
}

/**
 * The ledger at `path`, created if it is missing. Throws `not-a-ledger`, `unknown-format`, `foreign-schema`,
 * `foreign-leftovers`, `corrupt-event` and `ledger-not-opened`.
 */
export function openForWriting(
  path: string,
  { alone = () => undefined, isDerived = false }: WritingOptions = {},
): DatabaseSync {
  const open = (): DatabaseSync => {
    assertPlainFiles(path, "write");
    refuseLeftovers(path);
    assertOwnLog(path);
    alone();
    return new DatabaseSync(path, { timeout: busyTimeoutMs });
  };
  try {
    return guarded(path, open, (db) => {
      const blank = isBlank(db);
      if (!blank) assertLedger(db, path);
      if (blank) db.exec(`PRAGMA page_size = ${pageSizeBytes}`);
      const mode = db.prepare("PRAGMA journal_mode = WAL").get()?.["journal_mode"];
      if (mode !== "wal") throw withoutLog(path);
      db.exec(durablePragmas);
      // A power loss then loses whole transactions, the latest ones first.
      if (isDerived) db.exec("PRAGMA synchronous = NORMAL");
      if (blank) create(db);
      else assertNotedHead(db, path);
    });
  } catch (error) {
    throw asNotOpened(path, error);
  }
}

/** The ledger at `path`, for reading. Throws `not-found` and what `openForWriting` throws. */
export function openForReading(path: string): DatabaseSync {
  assertPlainFiles(path, "read");
  if (statOf(path) === null) {
    refuseLeftovers(path);
    throw new LedgerError("not-found", `no ledger at ${path}`);
  }
  const options = { readOnly: true, timeout: busyTimeoutMs };
  const check = (db: DatabaseSync) => assertLedger(db, path);
  const open = (): DatabaseSync => {
    assertOwnLog(path);
    return new DatabaseSync(path, options);
  };
  try {
    return guarded(path, open, check);
  } catch (error) {
    // As long as a writer runs, its log is beside the file.
    if (!isUnopenable(error) || existsSync(`${path}-wal`)) throw asNotOpened(path, error);
    // Without a log, on a read-only medium, nothing can change, so nothing need be shared.
    const still = pathToFileURL(path);
    still.search = "immutable=1";
    return guarded(path, () => new DatabaseSync(still, options), check);
  }
}
