/** Named texts about the ledger as a whole, as durable as its events. */
import type { DatabaseSync } from "node:sqlite";
import { unavailable } from "./sqlite-error.ts";

/** The prefix of marks that only a mirror has; a copy of its events carries none of them. */
export const mirrorMarks = "mirror-";

/** How far a mirror has read its store's log; a file with this mark is a mirror. */
export const positionMark = `${mirrorMarks}position`;

/** The position of the mirror's last event in that log. */
export const lastEventMark = `${mirrorMarks}last-event`;

/** Why a mirror has stopped; empty while it runs. */
export const stoppedMark = `${mirrorMarks}stopped`;

/** What must be checked before a stopped mirror continues. */
export const stoppedUntilMark = `${mirrorMarks}stopped-until`;

/** The file's current generation of the write-ahead log; a copy of the file has none. */
export const generationMark = "log-generation";

/** Values by name of the mark. */
export type Marks = Readonly<Record<string, string>>;

export function readMark(db: DatabaseSync, name: string): string | null {
  try {
    const value = db.prepare("SELECT value FROM marks WHERE name = ?").get(name)?.value;
    return typeof value === "string" ? value : null;
  } catch (error) {
    throw unavailable("a read of the ledger", error);
  }
}

export function writeMark(db: DatabaseSync, name: string, value: string): void {
  try {
    db.prepare("INSERT OR REPLACE INTO marks (name, value) VALUES (?, ?)").run(name, value);
  } catch (error) {
    throw unavailable("a write to the ledger", error);
  }
}
