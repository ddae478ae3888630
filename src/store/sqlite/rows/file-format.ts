/** What a ledger's file says about itself: `application_id` that it is a ledger, `user_version` its format. */
import type { DatabaseSync } from "node:sqlite";

/** "FLGR" in ASCII. */
export const applicationId = 0x464c4752;
/**
 * The formats of a file without decisions and of one that holds some: a version that does not know decisions then refuses it
 * by this number. A file of an unknown format is refused and never changed (`docs/adr/0047-one-file-format.md`).
 */
export const formatVersion = 4;
export const decisionFormatVersion = 5;

/** The same two before there were lookups, with an index of streams (ADR 124). A writer brings them to the present ones. */
const withIndex: ReadonlyMap<number, number> = new Map([
  [2, formatVersion],
  [3, decisionFormatVersion],
]);

export function isKnownFormat(version: number): boolean {
  return hasLookups(version) || withIndex.has(version);
}

export function hasLookups(version: number): boolean {
  return version === formatVersion || version === decisionFormatVersion;
}

/** The present format of a file of an earlier one. */
export function lookupFormatOf(version: number): number {
  return withIndex.get(version) ?? version;
}

/** Whether a file of this format may hold decisions. */
export function mayHoldDecisions(version: number): boolean {
  return lookupFormatOf(version) === decisionFormatVersion;
}

const decisionText = '"decision":{';

/** Whether a stored attribution says that its event is a decision. Within a text, the quote would have a backslash before it. */
export function isDecision(attributionJson: string): boolean {
  return attributionJson.includes(decisionText);
}

/** The sequence of the first decision; `null` if there is none. */
export function firstDecisionIn(db: DatabaseSync): number | null {
  if (!mayHoldDecisions(pragma(db, "user_version"))) return null;
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
