/**
 * A file of format 1 is brought up to date when it is opened for writing. Its hashes are computed from
 * the events as they stand then, so they show no change that was made before; a mark says of how many
 * events that is so.
 */
import type { DatabaseSync } from "node:sqlite";
import { PackedHashes } from "../../../events/canonical/leaf-hash.ts";
import { readBatchEvents } from "../../../limits.ts";
import { EventRows } from "../rows/event-rows.ts";
import { formatOf, formatVersion } from "../rows/file-format.ts";
import { computedLaterMark, leafKeepingOf } from "../rows/leaf-format.ts";
import { leafText } from "../rows/leaf-reader.ts";
import { LeafRows, leavesTable } from "../rows/leaf-rows.ts";
import { writeMark } from "../rows/marks.ts";
import { corrupt } from "../rows/row-codec.ts";

/**
 * Adds what older formats lack, all of it or nothing. Throws `corrupt-event` for a file that was only
 * made to look old: it has hashes, or what a version that stores hashes has written.
 */
export function bringUp(db: DatabaseSync): void {
  if (formatOf(db) === formatVersion) return;
  const { hasTable, firstProof: proof } = leafKeepingOf(db);
  const pretended = "of format 1, from before hashes were stored; they were taken away";
  if (hasTable)
    throw corrupt(1, `has a hash stored beside it, in a file that says it is ${pretended}`);
  if (proof !== null)
    throw corrupt(proof, `was written by a later version than a file ${pretended}`);
  db.exec("BEGIN IMMEDIATE");
  try {
    db.exec(leavesTable);
    const computed = fill(new EventRows(db), new LeafRows(db));
    if (computed > 0) writeMark(db, computedLaterMark, String(computed));
    db.exec(`PRAGMA user_version = ${formatVersion}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** Gives how many events there are. */
function fill(rows: EventRows, leaves: LeafRows): number {
  const packed = new PackedHashes();
  for (let after = 0; ;) {
    const batch = rows.range(after, Number.MAX_SAFE_INTEGER, readBatchEvents);
    if (batch.length === 0) return after;
    for (const raw of batch) packed.add(leafText(raw));
    leaves.insert(after + 1, packed.bytes());
    packed.clear();
    after += batch.length;
  }
}
