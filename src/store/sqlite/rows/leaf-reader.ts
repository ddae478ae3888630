/** The leaves of the embedded store: texts made from the rows, and the hashes stored with them. */
import type { DatabaseSync } from "node:sqlite";
import { canonicalEvent } from "../../../events/canonical/canonical.ts";
import { leafHashBytes } from "../../../events/canonical/leaf-hash.ts";
import { LedgerError } from "../../../errors.ts";
import type { StoredLeaves } from "../../leaf-store.ts";
import type { EventRows } from "./event-rows.ts";
import { LeafRows } from "./leaf-rows.ts";
import type { RawEvent } from "./row-codec.ts";
import { corrupt } from "./row-codec.ts";
import { isDamage, unavailable } from "./sqlite-error.ts";

/** The canonical text of a row. Throws `corrupt-event` if it cannot be made. */
export function leafText(raw: RawEvent): string {
  try {
    return canonicalEvent(raw);
  } catch (error) {
    throw corrupt(raw.sequence, "has no canonical text", error);
  }
}

export class LeafReader {
  readonly #db: DatabaseSync;
  readonly #rows: EventRows;
  readonly table: LeafRows;

  constructor(db: DatabaseSync, rows: EventRows) {
    this.#db = db;
    this.#rows = rows;
    this.table = new LeafRows(db);
  }

  stored(): Omit<StoredLeaves, "rangeRoot" | "lookupDifference"> {
    return {
      strayEvent: strayEvent(this.#db),
      runs: (from, to) => (to <= from ? [] : this.table.runs(from + 1, to)),
      positions: (after, limit) => this.table.positions(after, limit),
    };
  }

  /** Throws `corrupt-event` if the last stored hash is not that of the last event. */
  assertEnd(): void {
    const last = this.#rows.lastSequence();
    const stored = this.table.lastSequence();
    if (stored > last) throw corrupt(last + 1, "is missing, but its hash is stored");
    if (stored < last) throw corrupt(stored + 1, "has no stored hash; run verify for details");
  }

  /**
   * The hashes of the leaves `[from, to)`, counted from 0. Throws `corrupt-event` if one is not stored: to compute
   * it here without a word would turn a changed event into a proven one.
   */
  hashes(from: number, to: number): Buffer {
    const all = Buffer.allocUnsafe((to - from) * leafHashBytes);
    let next = from;
    for (const { first, hashes } of to <= from ? [] : this.table.runs(from + 1, to)) {
      if (first - 1 > next) break;
      // The ledger does not write overlapping runs; if there are any, the first one counts.
      const skipped = next - (first - 1);
      const fresh = hashes.subarray(skipped * leafHashBytes);
      all.set(fresh, (next - from) * leafHashBytes);
      next += fresh.length / leafHashBytes;
    }
    if (next < to) throw corrupt(next + 1, "has no stored hash");
    return all;
  }
}

/** Finds a row whose sequence is below 1: reads in order of sequence pass it over, reads of its stream do not. */
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
