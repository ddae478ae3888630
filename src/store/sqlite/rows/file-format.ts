/** What a ledger's file says of itself: `application_id` that it is one, `user_version` in which format. */
import type { DatabaseSync } from "node:sqlite";

/** "FLGR" in ASCII. */
export const applicationId = 0x464c4752;
/** The only format there is: a file of another one is refused, and never changed. See `docs/adr/0047-one-file-format.md`. */
export const formatVersion = 2;

export function pragma(db: DatabaseSync, name: string): number {
  const value = db.prepare(`PRAGMA ${name}`).get()?.[name];
  return typeof value === "number" ? value : 0;
}
