/**
 * Looks after the files of a ledger that is written to: that they are still where they were opened before
 * anything is acknowledged, that each generation of the log says whose it is, that the log can be moved into
 * the file, and that what failed is tried again.
 */
import { closeSync, openSync, readSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { LedgerError } from "../errors.ts";
import { quickCheckpointPages, storeLookMs, walCheckpointPages } from "../limits.ts";
import type { StoreTrouble, TroubleKind } from "./event-store.ts";
import { logIndexSuffix, logSuffix, statOf } from "./files-beside.ts";
import { beginGeneration } from "./log-generation.ts";
import { generationMark, readMark, writeMark } from "./marks.ts";
import { unavailable } from "./sqlite-error.ts";
import type { Say } from "./telling.ts";
import type { WriterLock } from "./writer-lock.ts";

export interface CareSettings {
  readonly db: DatabaseSync;
  readonly path: string;
  readonly lock: WriterLock;
  /** Told when something goes wrong, again with every look while it is, and when it is right again. */
  readonly say?: Say | undefined;
}

/** Where the two numbers stand in the log's header that are new with each of its generations. */
const saltsAt = 16;
const saltBytes = 8;

export class FileCare {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #lock: WriterLock;
  readonly #say: Say;
  readonly #places: readonly (readonly [file: string, place: string])[];
  /** A descriptor of its own: SQLite's locks hang on the two other files, never on the log. */
  readonly #log: number;
  readonly #salts = Buffer.alloc(saltBytes);
  /** Of the generation that has its mark, or of one that may have none. */
  #marked: string;
  #isMarking = false;
  readonly #troubles = new Map<TroubleKind, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ db, path, lock, say = () => undefined }: CareSettings) {
    this.#db = db;
    this.#path = path;
    this.#lock = lock;
    this.#say = say;
    const files = ["", logSuffix, logIndexSuffix].map((suffix) => `${path}${suffix}`);
    this.#places = files.map((file) => [file, placeOf(file)]);
    this.#log = openSync(`${path}${logSuffix}`, "r");
    this.#marked = this.#generation();
    try {
      this.#establish();
    } catch (error) {
      // It can be read all the same: who watches it must see what is wrong.
      this.failed(unavailable("a write to the ledger", error));
    }
  }

  /** Looks now and then of its own accord. */
  start(): void {
    this.#timer = setInterval(() => this.look(), storeLookMs).unref();
  }

  /** What is wrong now. */
  troubles(): readonly StoreTrouble[] {
    this.moved();
    return Array.from(this.#troubles, ([what, message]) => ({ what, message }));
  }

  /** Whether the last look found that a file was moved. */
  get isMoved(): boolean {
    return this.#troubles.has("file");
  }

  /** To be called within a transaction before it is committed. */
  beforeCommit(): void {
    this.#isMarking = this.#generation() !== this.#marked;
    if (this.#isMarking) beginGeneration(this.#db);
  }

  /** To be called after a commit and before it is acknowledged: why it may not be, `null` if it may. */
  afterCommit(): LedgerError | null {
    this.#settle("appends");
    // A commit may begin a generation itself: one that it has not marked gets its mark with the next.
    if (this.#isMarking) this.#marked = this.#generation();
    return this.moved();
  }

  /** An append failed for a reason that is not its own. */
  failed(error: LedgerError): void {
    this.#note("appends", error.message);
  }

  /** Why nothing may be acknowledged: a file is no longer the one that was opened under its name. */
  moved(): LedgerError | null {
    this.#keepLock();
    const lost = this.#places.find(([file, place]) => placeOf(file) !== place)?.[0];
    if (lost === undefined) {
      this.#settle("file");
      return null;
    }
    const how = statOf(lost) === null ? "deleted or moved away" : "replaced by another file";
    const message = `${lost} was ${how} while the ledger is open; nothing more is taken. Put it back if it was moved; if it is gone, copy the events that this process still serves (GET /v1/events) before it ends`;
    this.#note("file", message);
    return new LedgerError("ledger-file-moved", message);
  }

  /** Tries what failed, moves the log into the file, and says again what is still wrong. */
  look(): void {
    const before = this.troubles();
    if (!this.isMoved) {
      if (this.#troubles.has("appends")) this.#tryToWrite();
      this.#checkpoint();
    }
    for (const { what } of before) {
      const message = this.#troubles.get(what);
      if (message !== undefined) this.#say(message, "error");
    }
  }

  close(): void {
    clearInterval(this.#timer);
    closeSync(this.#log);
  }

  /** Before anything is taken: the file itself has a mark, so that it can be told from every other. */
  #establish(): void {
    if (readMark(this.#db, generationMark) === null) beginGeneration(this.#db);
    const { log, checkpointed } = this.#checkpointed("PASSIVE");
    // Readers can keep a part of the log out of the file: the generation that it has then goes on.
    if (log !== checkpointed) return;
    beginGeneration(this.#db);
    this.#marked = this.#generation();
  }

  #keepLock(): void {
    if (this.#lock.isInPlace()) return;
    const error = this.#lock.takeAgain();
    const words = `the lock's file beside ${this.#path} was deleted`;
    if (error === null) {
      this.#say(`${words}; it was made again, and nobody else wrote meanwhile`, "warn");
    } else {
      this.#say(`${words} and could not be made again yet: ${wordsOf(error)}`, "warn");
    }
  }

  #tryToWrite(): void {
    try {
      // The mark as it stands: nothing is said anew.
      const mark = readMark(this.#db, generationMark);
      if (mark === null) beginGeneration(this.#db);
      else writeMark(this.#db, generationMark, mark);
      this.#settle("appends");
    } catch (error) {
      this.#note("appends", wordsOf(error));
    }
  }

  /** SQLite does so after a commit when the log is long; then nobody hears of what goes wrong. */
  #checkpoint(): void {
    try {
      const { log, checkpointed } = this.#checkpointed("NOOP");
      const waiting = log - checkpointed;
      const isDue =
        this.#troubles.has("checkpoints") ||
        waiting <= quickCheckpointPages ||
        log > 2 * walCheckpointPages;
      if (waiting > 0 && isDue) this.#checkpointed("PASSIVE");
      this.#settle("checkpoints");
    } catch (error) {
      const message = `the write-ahead log cannot be moved into ${this.#path}, and grows: ${wordsOf(error)}. What was acknowledged is in the log; make room, or look at the disk`;
      this.#note("checkpoints", message);
    }
  }

  /** Pages of the log, and those of them that are in the file; `NOOP` only asks. */
  #checkpointed(mode: "NOOP" | "PASSIVE"): { log: number; checkpointed: number } {
    const row = this.#db.prepare(`PRAGMA wal_checkpoint(${mode})`).get();
    return { log: Number(row?.["log"]), checkpointed: Number(row?.["checkpointed"]) };
  }

  /** Empty while the log is. */
  #generation(): string {
    const read = readSync(this.#log, this.#salts, 0, saltBytes, saltsAt);
    return this.#salts.toString("latin1", 0, read);
  }

  #note(what: TroubleKind, message: string): void {
    if (!this.#troubles.has(what)) this.#say(message, "error");
    this.#troubles.set(what, message);
  }

  #settle(what: TroubleKind): void {
    if (!this.#troubles.delete(what)) return;
    this.#say(`${this.#path}: ${rightAgain[what]}`, "info");
  }
}

const rightAgain: Readonly<Record<TroubleKind, string>> = {
  appends: "appends are taken again",
  checkpoints: "the write-ahead log is moved into the file again",
  file: "the files are where they were again",
};

function placeOf(file: string): string {
  const stat = statOf(file);
  return stat === null ? "" : `${stat.dev}:${stat.ino}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
