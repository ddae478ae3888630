/** What a ledger's file says about itself: `application_id` that it is a ledger, `user_version` its format. */
import type { DatabaseSync } from "node:sqlite";

/** "FLGR" in ASCII. */
export const applicationId = 0x464c4752;
/** The format of a new file. A file of an unknown format is refused and never changed (`docs/adr/0047-one-file-format.md`). */
export const formatVersion = 2;
/** The same format, for a file that holds decisions: a version that does not know decisions then refuses the file by this number. */
export const decisionFormatVersion = 3;

const decisionText = '"decision":{';

/** Whether a stored attribution says that its event is a decision. Within a text, the quote would have a backslash before it. */
export function isDecision(attributionJson: string): boolean {
  return attributionJson.includes(decisionText);
}

/** The sequence of the first decision; `null` if there is none. */
export function firstDecisionIn(db: DatabaseSync): number | null {
  if (pragma(db, "user_version") !== decisionFormatVersion) return null;
  const row = db
    .prepare(
      "SELECT sequence FROM events WHERE instr(attribution, ?) > 0 ORDER BY sequence LIMIT 1",
    )
    .get(decisionText);
  return typeof row?.["sequence"] === "number" ? row["sequence"] : null;
}

export function pragma(db: DatabaseSync, name: string): number {
  const value = db.prepare(`PRAGMA ${name}`).get()?.[name];
  return typeof value === "number" ? value : 0;
}
