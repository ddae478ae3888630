/** Whether a file keeps a hash with each event: one of format 1 does not. */
import type { DatabaseSync } from "node:sqlite";
import { LedgerError } from "../../../errors.ts";
import { formatOf, formatVersion } from "./file-format.ts";
import { LeafRows } from "./leaf-rows.ts";
import type { LeafKeeping } from "../../leaf-store.ts";
import { readMark } from "./marks.ts";
import { isDamage, unavailable } from "./sqlite-error.ts";

/** How many events had their hashes computed when the file was brought up from format 1. */
export const computedLaterMark = "hashes-computed-later";

function hasLeavesTable(db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'leaves'").get() !== undefined;
}

/** The leaves table; `null` where there is none. */
export function leafRowsOf(db: DatabaseSync): LeafRows | null {
  return hasLeavesTable(db) ? new LeafRows(db) : null;
}

/** Throws `corrupt-event` for a mark that is no count. */
export function leafKeepingOf(db: DatabaseSync): LeafKeeping {
  const isOldFormat = formatOf(db) < formatVersion;
  const mark = readMark(db, computedLaterMark) ?? "0";
  if (!/^\d{1,15}$/.test(mark)) {
    throw new LedgerError("corrupt-event", `the mark ${computedLaterMark} says "${mark}"`);
  }
  return {
    isOldFormat,
    hasTable: hasLeavesTable(db),
    computedLater: Number(mark),
    firstProof: isOldFormat ? firstProof(db) : null,
    strayEvent: strayEvent(db),
  };
}

/** No read in the order of the sequence comes by it; one of its stream does. */
function strayEvent(db: DatabaseSync): number | null {
  try {
    const statement = db.prepare("SELECT min(sequence) AS first FROM events WHERE sequence < 1");
    statement.setReadBigInts(true);
    const first = statement.get()?.["first"];
    return typeof first === "bigint" ? Number(first) : null;
  } catch (error) {
    if (!isDamage(error)) throw unavailable("a read of the ledger", error);
    throw new LedgerError("corrupt-event", "the ledger's file is damaged", { cause: error });
  }
}

function firstProof(db: DatabaseSync): number | null {
  const types = "('LedgerSealed', 'ReportIssued')";
  const row = db.prepare(`SELECT min(sequence) AS first FROM events WHERE type IN ${types}`).get();
  return typeof row?.["first"] === "number" ? row["first"] : null;
}
