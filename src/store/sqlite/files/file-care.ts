/**
 * Looks after the files of a ledger that is written to: that they are still what this process has made of them
 * before anything is acknowledged, that each generation of the log says whose it is, that the log can be moved into
 * the file, and that what failed is tried again.
 */
import type { DatabaseSync } from "node:sqlite";
import { LedgerError } from "../../../errors.ts";
import { quickCheckpointPages, storeLookMs, walCheckpointPages } from "../../../limits/store.ts";
import type { StoreTrouble, TroubleKind } from "../../port.ts";
import { beginGeneration } from "./log-generation.ts";
import { generationMark, readMark, writeMark } from "../rows/marks.ts";
import type { LogLength } from "./own-files.ts";
import { HeadNote } from "./noted-head.ts";
import { OwnFiles } from "./own-files.ts";
import { unavailable } from "../rows/sqlite-error.ts";
import type { Say } from "../../telling.ts";
import type { WriterLock } from "./writer-lock.ts";

interface CareSettings {
  readonly db: DatabaseSync;
  readonly path: string;
  readonly lock: WriterLock;
  /** Called when something goes wrong, again with every look while it is, and when it is right again. */
  readonly say?: Say | undefined;
  /** What a loss of power takes away can be had again: nobody need know what there was. */
  readonly isDerived?: boolean | undefined;
}

export class FileCare {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #lock: WriterLock;
  readonly #say: Say;
  readonly #files: OwnFiles;
  readonly #note: HeadNote | null;
  /** Of the generation that has its mark, or of one that may have none. */
  #marked: string;
  #isMarking = false;
  readonly #troubles = new Map<TroubleKind, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ db, path, lock, say = () => undefined, isDerived = false }: CareSettings) {
    this.#db = db;
    this.#path = path;
    this.#lock = lock;
    this.#say = say;
    this.#files = new OwnFiles(db, path);
    this.#note = isDerived ? null : new HeadNote(path, say);
    this.#marked = this.#files.generation();
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
    this.#isMarking = this.#files.generation() !== this.#marked;
    if (this.#isMarking) beginGeneration(this.#db);
  }

  /** To be called after a commit and before it is acknowledged: why it may not be, `null` if it may. */
  afterCommit(): LedgerError | null {
    this.#settle("appends");
    // A commit may begin a generation itself: one that it has not marked gets its mark with the next.
    if (this.#isMarking) this.#marked = this.#files.generation();
    const moved = this.moved();
    if (moved === null) this.#keepLogShort();
    return moved;
  }

  /** To be called before events are acknowledged, with the last of them. */
  noteHead(sequence: number, id: string): void {
    this.#note?.note(sequence, id);
  }

  /** An append failed for a reason that is not its own. */
  failed(error: LedgerError): void {
    this.#trouble("appends", error.message);
  }

  /** Why nothing may be acknowledged: a file is no longer the one that was opened under its name, or not as it was left. */
  moved(): LedgerError | null {
    this.#keepLock();
    const message = this.#files.problem();
    if (message === null) {
      this.#settle("file");
      return null;
    }
    this.#trouble("file", message);
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

  /** Closes the database as well. */
  close(): void {
    clearInterval(this.#timer);
    this.#files.close();
    this.#note?.close();
  }

  /** Before anything is taken: the file itself has a mark, so that it can be told from every other. */
  #establish(): void {
    if (readMark(this.#db, generationMark) === null) beginGeneration(this.#db);
    const { log, checkpointed } = this.#checkpointed();
    // Readers can keep a part of the log out of the file: the generation that it has then goes on.
    if (log !== checkpointed) return;
    beginGeneration(this.#db);
    this.#marked = this.#files.generation();
  }

  #keepLock(): void {
    if (this.#lock.isInPlace()) return;
    const error = this.#lock.takeAgain();
    const words = `the lock file beside ${this.#path} was deleted`;
    if (error === null) {
      this.#say(`${words}; it was recreated, and nobody else wrote in the meantime`, "warn");
    } else {
      this.#say(`${words} and could not be recreated yet: ${wordsOf(error)}`, "warn");
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
      this.#trouble("appends", wordsOf(error));
    }
  }

  /** Not SQLite but this process moves the log into the file, so that it knows who has written there. */
  #keepLogShort(): void {
    if (this.#files.length().log >= walCheckpointPages) this.#tryCheckpoint();
  }

  #checkpoint(): void {
    const { log, checkpointed } = this.#files.length();
    const waiting = log - checkpointed;
    const isDue =
      this.#troubles.has("checkpoints") ||
      waiting <= quickCheckpointPages ||
      log > 2 * walCheckpointPages;
    if (waiting > 0 && isDue) this.#tryCheckpoint();
    else this.#settle("checkpoints");
  }

  #tryCheckpoint(): void {
    try {
      this.#checkpointed();
      this.#settle("checkpoints");
    } catch (error) {
      const message = `the write-ahead log cannot be checkpointed into ${this.#path} and keeps growing: ${wordsOf(error)}. Acknowledged events are safe in the log. Free disk space, or check the disk`;
      this.#trouble("checkpoints", message);
    }
  }

  /** As much as readers allow, whatever comes of it: what was written until it failed is this process's too. */
  #checkpointed(): LogLength {
    try {
      const row = this.#db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get();
      return { log: Number(row?.["log"]), checkpointed: Number(row?.["checkpointed"]) };
    } finally {
      this.#files.noteCheckpoint();
    }
  }

  #trouble(what: TroubleKind, message: string): void {
    if (!this.#troubles.has(what)) this.#say(message, "error");
    this.#troubles.set(what, message);
  }

  #settle(what: TroubleKind): void {
    if (!this.#troubles.delete(what)) return;
    this.#say(`${this.#path}: ${rightAgain[what]}`, "info");
  }
}

const rightAgain: Readonly<Record<TroubleKind, string>> = {
  appends: "appends are accepted again",
  checkpoints: "the write-ahead log is being checkpointed again",
  file: "the ledger's files are back in place",
};

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
