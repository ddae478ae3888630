/** Leaves of the embedded store: texts from the rows, hashes as stored or, where none is, from the texts. */
import type { DatabaseSync } from "node:sqlite";
import { canonicalEvent } from "../events/canonical.ts";
import { leafHashBytes, PackedHashes } from "../events/leaf-hash.ts";
import { readBatchEvents } from "../limits.ts";
import type { EventRows } from "./event-rows.ts";
import type { LeafRun } from "./leaf-rows.ts";
import { LeafRows } from "./leaf-rows.ts";
import type { RawEvent } from "./row-codec.ts";
import { corrupt } from "./row-codec.ts";

/** The canonical text of a row. Throws `corrupt-event` for one that has none. */
export function leafText(raw: RawEvent): string {
  try {
    return canonicalEvent(raw);
  } catch (error) {
    throw corrupt(raw.sequence, "has no canonical text", error);
  }
}

/** The leaves table; `null` in a ledger from before there was one. */
export function leafRowsOf(db: DatabaseSync): LeafRows | null {
  const row = db.prepare("SELECT 1 AS found FROM sqlite_schema WHERE name = 'leaves'").get();
  return row === undefined ? null : new LeafRows(db);
}

/** Stores the hashes that are missing at the end. Throws `corrupt-event` where more are stored than there are events. */
export async function fillLeaves(
  db: DatabaseSync,
  rows: EventRows,
  leaves: LeafRows,
): Promise<void> {
  const last = rows.lastSequence();
  let stored = leaves.lastSequence();
  if (stored > last) throw corrupt(last + 1, "is missing");
  const packed = new PackedHashes();
  while (stored < last) {
    const batch = rows.range(stored, last, readBatchEvents);
    for (const raw of batch) packed.add(leafText(raw));
    db.exec("BEGIN IMMEDIATE");
    leaves.insert(stored + 1, packed.bytes());
    db.exec("COMMIT");
    packed.clear();
    stored += batch.length;
    await new Promise((resume) => setImmediate(resume));
  }
}

export class LeafReader {
  readonly #rows: EventRows;
  readonly #leaves: LeafRows | null;

  constructor(rows: EventRows, leaves: LeafRows | null) {
    this.#rows = rows;
    this.#leaves = leaves;
  }

  /** The hashes of the leaves `[from, to)`, counted from 0. Throws `corrupt-event` for an event that is not there. */
  hashes(from: number, to: number): Buffer {
    const all = Buffer.allocUnsafe((to - from) * leafHashBytes);
    let next = from;
    for (const run of this.stored(from, to)) {
      // Runs that overlap were not written by the ledger: the first one counts.
      const at = Math.max(run.first - 1, next);
      this.#compute(next, at, all, from);
      const skipped = at - (run.first - 1);
      all.set(run.hashes.subarray(skipped * leafHashBytes), (at - from) * leafHashBytes);
      next = Math.max(next, run.first - 1 + run.hashes.length / leafHashBytes);
    }
    this.#compute(next, to, all, from);
    return all;
  }

  /** The stored runs within `[from, to)`, counted from 0. */
  stored(from: number, to: number): LeafRun[] {
    return to <= from ? [] : (this.#leaves?.runs(from + 1, to) ?? []);
  }

  #compute(from: number, to: number, all: Buffer, origin: number): void {
    const packed = new PackedHashes();
    for (let next = from; next < to; next += readBatchEvents) {
      const end = Math.min(to, next + readBatchEvents);
      const batch = this.#rows.range(next, end, readBatchEvents);
      if (batch.length < end - next) throw corrupt(next + batch.length + 1, "is missing");
      for (const raw of batch) packed.add(leafText(raw));
      all.set(packed.bytes(), (next - origin) * leafHashBytes);
      packed.clear();
    }
  }
}
