/**
 * Lets only one process write to a ledger. The lock is the operating system's: an exclusive SQLite transaction on a
 * side file that never ends and that dies with the process, however that dies. A side file can be deleted. So a side
 * file that no writer has marked yet is trusted only if nobody has the ledger's own file open, and a writer whose side
 * file is gone recreates it (ADR 0030).
 */
import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { LedgerError } from "../../../errors.ts";
import { busyTimeoutMs } from "../../../limits/store.ts";
import { pragma } from "../rows/file-format.ts";
import { assertPlainFiles, lockSuffix, statOf } from "./side-files.ts";
import { asNotOpened, isBusy, isNoDatabase } from "../rows/sqlite-error.ts";
import type { Say } from "../../telling.ts";

/** "FLLK" in ASCII: marks that a writer has held this lock. */
const lockId = 0x464c4c4b;

export interface WriterLock {
  /** If the lock's file cannot tell, makes sure that nobody else has the ledger's file open. Throws `ledger-locked`. */
  assertAlone(say?: Say): void;
  /** Whether the lock's file is still the one that this process holds. */
  isInPlace(): boolean;
  /** Recreates a deleted lock file; returns why that failed, `null` if the lock is held. */
  takeAgain(): unknown;
  release(): void;
}

/** Takes the lock of the ledger at `path`. Throws `ledger-locked` if another writer has it, and `ledger-not-opened`. */
export function lockForWriting(path: string): WriterLock {
  assertPlainFiles(path, "write");
  return new LockFile(path);
}

class LockFile implements WriterLock {
  readonly #path: string;
  readonly #file: string;
  #side: DatabaseSync;
  #identity: string | null;

  constructor(path: string) {
    this.#path = path;
    this.#file = `${path}${lockSuffix}`;
    this.#side = this.#open();
    this.#identity = identityOf(this.#file);
  }

  assertAlone(say: Say = () => undefined): void {
    if (pragma(this.#side, "application_id") === lockId) return;
    const isOpen = isOpenElsewhere(this.#path, 0);
    // A process that only inspects the file ends soon, so startup waits for it, and says so.
    if (isOpen) {
      say(
        `${this.#path} is open in another process; waiting up to ${busyTimeoutMs / 1_000} s for it to close`,
        "info",
      );
    }
    if (isOpen && isOpenElsewhere(this.#path, busyTimeoutMs)) {
      // If somebody does write, that writer recreates its lock file.
      rmSync(this.#file, { force: true });
      throw new LedgerError(
        "ledger-locked",
        `another process has ${this.#path} open, and ${this.#file} does not show whether it writes: that file was deleted, or is from an older version. Stop every process that reads or serves the ledger, then start again`,
      );
    }
    this.#mark(this.#side);
  }

  isInPlace(): boolean {
    return this.#identity !== null && identityOf(this.#file) === this.#identity;
  }

  takeAgain(): unknown {
    try {
      const side = this.#open();
      this.#mark(side);
      this.#side.close();
      this.#side = side;
      this.#identity = identityOf(this.#file);
      return null;
    } catch (error) {
      return error;
    }
  }

  release(): void {
    this.#side.close();
  }

  #open(): DatabaseSync {
    let side: DatabaseSync | null = null;
    try {
      side = new DatabaseSync(this.#file, { timeout: 0 });
      // No journal on disk: the side file holds nothing that could be lost.
      side.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
      side.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
      return side;
    } catch (error) {
      side?.close();
      if (isNoDatabase(error)) throw noLock(this.#file, error);
      if (!isBusy(error)) throw asNotOpened(this.#path, error);
      const detail = `${this.#path} allows one writer at a time. Stop the other process, or use its API`;
      throw new LedgerError("ledger-locked", detail, { cause: error });
    }
  }

  #mark(side: DatabaseSync): void {
    side.exec(`PRAGMA application_id = ${lockId}; COMMIT; BEGIN EXCLUSIVE`);
  }
}

/** Every connection holds a shared lock on the ledger's own file, which cannot be deleted away; an exclusive lock is granted only if there is no other connection. */
function isOpenElsewhere(path: string, timeout: number): boolean {
  if ((statOf(path)?.size ?? 0) === 0) return false;
  const probe = new DatabaseSync(path, { timeout });
  try {
    probe.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK");
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    probe.close();
  }
}

function identityOf(file: string): string | null {
  const stat = statOf(file);
  return stat === null ? null : `${stat.dev}:${stat.ino}`;
}

function noLock(file: string, cause: unknown): LedgerError {
  const detail = `${file} is not a ledger's lock file. Move it away and start again`;
  return new LedgerError("ledger-not-opened", detail, { cause });
}
