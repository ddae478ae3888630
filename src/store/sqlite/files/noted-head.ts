/**
 * Notes beside the ledger's file which event was acknowledged last. SQLite accepts a file whose log is missing, or an
 * older copy of it, without a word; this note shows that events are missing. It is written after each durable commit, so
 * it is never ahead of the ledger on disk. It is never synced: a note that lags behind does no harm.
 */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { LedgerError } from "../../../errors.ts";
import { EventRows } from "../rows/event-rows.ts";
import { headSuffix, statOf } from "./side-files.ts";
import type { Say } from "../../telling.ts";

interface Noted {
  readonly sequence: number;
  readonly id: string;
}

/** Fixed, so that every note has the same length and overwrites the previous one completely. */
const sequenceDigits = 16;
const form = /^(\d{16}) ([0-9a-f-]{36})\n$/;

export class HeadNote {
  readonly #file: string;
  readonly #say: Say;
  #descriptor: number | null = null;
  #hasFailed = false;

  constructor(path: string, say: Say) {
    this.#file = `${path}${headSuffix}`;
    this.#say = say;
  }

  /** Never throws: a durable event is acknowledged even if it cannot be noted. */
  note(sequence: number, id: string): void {
    try {
      // Opened with the first event: a ledger without events leaves no such file behind.
      this.#descriptor ??= openSync(this.#file, statOf(this.#file) === null ? "w" : "r+");
      writeSync(this.#descriptor, `${String(sequence).padStart(sequenceDigits, "0")} ${id}\n`, 0);
      this.#hasFailed = false;
    } catch (error) {
      if (this.#hasFailed) return;
      this.#hasFailed = true;
      const why = error instanceof Error ? error.message : String(error);
      this.#say(
        `${this.#file} cannot be written (${why}): if part of the ledger is lost while it is not served, the next start will not notice`,
        "warn",
      );
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
  }
}

/** Throws `foreign-leftovers` if the ledger at `path` lacks acknowledged events. Call before anything is written. */
export function assertNotedHead(db: DatabaseSync, path: string): void {
  const noted = readNote(path);
  if (noted === null) return;
  const rows = new EventRows(db);
  const last = rows.lastSequence();
  const [event] = last < noted.sequence ? [] : rows.range(noted.sequence - 1, noted.sequence, 1);
  if (event?.id === noted.id) return;
  const file = `${path}${headSuffix}`;
  const what =
    last < noted.sequence
      ? `${path} ends at sequence ${last}, but ${file} says that events were acknowledged up to ${noted.sequence}: its write-ahead log was removed, or the file was replaced by an older copy.`
      : `${path} has a different event at sequence ${noted.sequence} than ${file} says was acknowledged: the file was replaced by another ledger.`;
  throw new LedgerError(
    "foreign-leftovers",
    `${what} Nothing was changed. Put the file back, with its -wal if it had one. Or, to use the ledger as it is (a backup that you put there), delete ${file} and start again`,
  );
}

/** `null` if there is no note, or a power loss has left only part of one. */
function readNote(path: string): Noted | null {
  const file = `${path}${headSuffix}`;
  if (statOf(file) === null) return null;
  const [, sequence, id] = form.exec(readFileSync(file, "latin1")) ?? [];
  return sequence === undefined || id === undefined ? null : { sequence: Number(sequence), id };
}
