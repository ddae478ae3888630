/** What a ledger's file says of itself: `application_id` that it is one, `user_version` in which format. */
import type { DatabaseSync } from "node:sqlite";

/** "FLGR" in ASCII. */
export const applicationId = 0x464c4752;
/** Format 1 had no leaves: it is read as it stands, and brought up to date when it is opened for writing. */
export const oldestFormat = 1;
export const formatVersion = 2;

export function pragma(db: DatabaseSync, name: string): number {
  const value = db.prepare(`PRAGMA ${name}`).get()?.[name];
  return typeof value === "number" ? value : 0;
}

export function formatOf(db: DatabaseSync): number {
  return pragma(db, "user_version");
}
