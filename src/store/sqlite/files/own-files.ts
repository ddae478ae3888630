/**
 * Checks that the files of a ledger open for writing are still the ones that this process wrote. Only its own
 * checkpoints write to the main file, so between them the file must not change; the write-ahead log must keep its
 * header and everything that was committed to it.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { StatementSync } from "node:sqlite";
import { busyTimeoutMs } from "../../../limits/store.ts";
import { pragma } from "../rows/file-format.ts";
import { logIndexSuffix, logSuffix, statOf } from "./side-files.ts";
import { isFileOf } from "./log-generation.ts";

/** The log's header: "7F" and the format, two numbers that change with each generation; then its pages follow. */
const logHeaderBytes = 32;
const pageHeaderBytes = 24;
const logFormats: ReadonlySet<number> = new Set([0x377f0682, 0x377f0683]);
const saltsAt = 16;
const saltBytes = 8;

/** Pages of the log, and how many of them have been checkpointed into the file. */
export interface LogLength {
  readonly log: number;
  readonly checkpointed: number;
}

export class OwnFiles {
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #identities: readonly (readonly [file: string, identity: string])[];
  /** A descriptor of our own: SQLite's locks are on the two other files, never on the log. */
  readonly #log: number;
  readonly #header = Buffer.alloc(logHeaderBytes);
  readonly #askLength: StatementSync;
  readonly #pageBytes: number;
  /** Never reads. While it is open, closing the ledger's connection leaves file and log as they are. */
  readonly #keeper: DatabaseSync;
  /** The first of the log's two numbers when it was last seen intact; `null` while the log had no header. */
  #salt: number | null = null;
  #print: string;

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    // SQLite creates the log and its index at the first read of a file that has none.
    db.prepare("SELECT count(*) FROM sqlite_schema").get();
    const files = ["", logSuffix, logIndexSuffix].map((suffix) => `${path}${suffix}`);
    this.#identities = files.map((file) => [file, identityOf(file)]);
    this.#askLength = db.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#pageBytes = pageHeaderBytes + pragma(db, "page_size");
    this.#log = openSync(`${path}${logSuffix}`, "r");
    this.#keeper = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
    // A connection takes part in the locks only after its first read.
    this.#keeper.prepare("SELECT count(*) FROM sqlite_schema").get();
    this.#print = printOf(path);
    if (this.#readHeader()) this.#salt = this.#header.readUInt32BE(saltsAt);
  }

  /** Identifies the log's generation; empty while the log is empty. */
  generation(): string {
    const read = readSync(this.#log, this.#header, saltsAt, saltBytes, saltsAt);
    return this.#header.toString("latin1", saltsAt, saltsAt + read);
  }

  /** Call after each checkpoint of this process. */
  noteCheckpoint(): void {
    this.#print = printOf(this.#path);
  }

  length(): LogLength {
    const row = this.#askLength.get();
    return { log: Number(row?.["log"]), checkpointed: Number(row?.["checkpointed"]) };
  }

  /** Why nothing may be acknowledged, in words; `null` if every file is the one that was opened. Do not call within a transaction. */
  problem(): string | null {
    const lost = this.#identities.find(([file, identity]) => identityOf(file) !== identity)?.[0];
    if (lost !== undefined) {
      const how = statOf(lost) === null ? "deleted or moved away" : "replaced by another file";
      return `${lost} was ${how} while the ledger was open, so nothing more is appended. Put it back if it was moved. If it is lost, copy the events that this process still serves (GET /v1/events) before stopping it`;
    }
    if (!this.#fileIsOwn()) return writtenOver(this.#path);
    return this.#logIsWhole() ? null : writtenOver(`${this.#path}${logSuffix}`);
  }

  /** Also closes the database. A file that somebody overwrote is not written to again, and nothing of it is deleted. */
  close(): void {
    const [first, last] =
      this.problem() === null ? [this.#keeper, this.#db] : [this.#db, this.#keeper];
    first.close();
    last.close();
    closeSync(this.#log);
  }

  /** Another process may have checkpointed the log into the file or only touched it; then it still bears the ledger's mark. */
  #fileIsOwn(): boolean {
    const print = printOf(this.#path);
    if (print === this.#print) return true;
    if (!isFileOf(this.#path, this.#db)) return false;
    this.#print = print;
    return true;
  }

  #logIsWhole(): boolean {
    const { log } = this.length();
    if (log <= 0) return true;
    if (!this.#readHeader() || !logFormats.has(this.#header.readUInt32BE(0))) return false;
    const salt = this.#header.readUInt32BE(saltsAt);
    // When the log restarts, its number grows by one.
    const isOwn = this.#salt === null || (salt - this.#salt) >>> 0 <= 1;
    if (!isOwn) return false;
    const size = statOf(`${this.#path}${logSuffix}`)?.size ?? 0;
    if (size < logHeaderBytes + log * this.#pageBytes) return false;
    this.#salt = salt;
    return true;
  }

  #readHeader(): boolean {
    return readSync(this.#log, this.#header, 0, logHeaderBytes, 0) === logHeaderBytes;
  }
}

function writtenOver(file: string): string {
  return `${file} was overwritten or truncated by another program while the ledger was open, so nothing more is appended. Stop this process, replace the file with the newest backup, and have senders send again what came after it (docs/operations.md, "The files of a ledger")`;
}

/** A fingerprint of the file that changes with every write to it. */
function printOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "" : `${stat.size} ${stat.mtimeNs}`;
}

function identityOf(file: string): string {
  const stat = statOf(file);
  return stat === null ? "" : `${stat.dev}:${stat.ino}`;
}
