/** Words about the ledger as a whole, durable like its events. */
import type { DatabaseSync } from "node:sqlite";
import { unavailable } from "./sqlite-error.ts";

/** What the names of marks begin with that only a mirror has; a copy of its events has none of them. */
export const mirrorMarks = "mirror-";

/** How far a mirror has come in the log of its store; a file that has this mark is a mirror. */
export const positionMark = `${mirrorMarks}position`;

/** Where in that log the mirror's last event stands. */
export const lastEventMark = `${mirrorMarks}last-event`;

/** Why a mirror has stopped; empty while it has not. */
export const stoppedMark = `${mirrorMarks}stopped`;

/** What must be checked before a mirror that has stopped continues. */
export const stoppedUntilMark = `${mirrorMarks}stopped-until`;

/** Which generation of the write-ahead log the file has come to; a copy of the file has none. */
export const generationMark = "log-generation";

/** Values by name. */
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
