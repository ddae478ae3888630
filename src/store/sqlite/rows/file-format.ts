/** What a ledger's file says of itself: `application_id` that it is one, `user_version` in which format. */
import type { DatabaseSync } from "node:sqlite";

/** "FLGR" in ASCII. */
export const applicationId = 0x464c4752;
/** What a new file has. One of a format that is none of these is refused, and never changed (`docs/adr/0047-one-file-format.md`). */
export const formatVersion = 2;
/** As the other, and it holds decisions: a version that knows none of them refuses it by its number. */
export const decisionFormatVersion = 3;

const decisionText = '"decision":{';

/** Whether an attribution as it is stored says that its event is a decision: within a text a quote has a backslash before it. */
export function isDecision(attributionJson: string): boolean {
  return attributionJson.includes(decisionText);
}

/** The sequence of the first event that is a decision; `null` if none is. */
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
