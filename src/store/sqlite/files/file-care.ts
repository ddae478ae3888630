/**
 * Watches the files of a ledger that is open for writing. Before anything is acknowledged, it checks that they are
 * still as this process left them. It marks each generation of the log with the file that it belongs to, checkpoints
 * the log into the file, and retries what failed.
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
  /** Called when something goes wrong, again at every look while it lasts, and once when it is right again. */
  readonly say?: Say | undefined;
  /** What a power loss takes away can be fetched again, so the head need not be noted. */
  readonly isDerived?: boolean | undefined;
}

export class FileCare {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #lock: WriterLock;
  readonly #say: Say;
  readonly #files: OwnFiles;
  readonly #note: HeadNote | null;
  /** The log generation that already has its mark, or that needs none. */
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
      // The ledger can still be read, so opening it goes on; monitoring must see what is wrong.
      this.failed(unavailable("a write to the ledger", error));
    }
  }

  /** Starts the periodic looks. */
  start(): void {
    this.#timer = setInterval(() => this.look(), storeLookMs).unref();
  }

  /** The current problems. */
  troubles(): readonly StoreTrouble[] {
    this.moved();
    return Array.from(this.#troubles, ([what, message]) => ({ what, message }));
  }

  /** Whether the last look found that a file was moved. */
  get isMoved(): boolean {
    return this.#troubles.has("file");
  }

  /** Call within a transaction, before it is committed. */
  beforeCommit(): void {
    this.#isMarking = this.#files.generation() !== this.#marked;
    if (this.#isMarking) beginGeneration(this.#db);
  }

  /** Call after a commit and before acknowledging it. Returns why it must not be acknowledged, or `null`. */
  afterCommit(): LedgerError | null {
    this.#settle("appends");
    // The commit itself may have begun a generation without a mark; the next commit then marks it.
    if (this.#isMarking) this.#marked = this.#files.generation();
    const moved = this.moved();
    if (moved === null) this.#keepLogShort();
    return moved;
  }

  /** Call with the last event of a commit before acknowledging it. */
  noteHead(sequence: number, id: string): void {
    this.#note?.note(sequence, id);
  }

  /** Records that an append failed through no fault of its own. */
  failed(error: LedgerError): void {
    this.#trouble("appends", error.message);
  }

  /** Why nothing may be acknowledged: a file was replaced or changed by somebody else; `null` if nothing is wrong. */
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

  /** Retries what failed, checkpoints the log, and reports again what is still wrong. */
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

  /** Also closes the database. */
  close(): void {
    clearInterval(this.#timer);
    this.#files.close();
    this.#note?.close();
  }

  /** Before the first append: gives the file itself a mark, so that it can be told from every other file. */
  #establish(): void {
    if (readMark(this.#db, generationMark) === null) beginGeneration(this.#db);
    const { log, checkpointed } = this.#checkpointed();
    // Readers can keep part of the log from being checkpointed; then the generation goes on.
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
      // The mark is written again unchanged: it carries no new information.
      const mark = readMark(this.#db, generationMark);
      if (mark === null) beginGeneration(this.#db);
      else writeMark(this.#db, generationMark, mark);
      this.#settle("appends");
    } catch (error) {
      this.#trouble("appends", wordsOf(error));
    }
  }

  /** This process checkpoints the log itself instead of SQLite, so that it knows who has written to the file. */
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

  /** Checkpoints as much as readers allow. Even after a failure, what was written until then is this process's own. */
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
