/**
 * The leaves table: the hashes of the events' canonical texts, 32 bytes each in order of sequence, one
 * row per commit. Derived from the events and written in the same transaction.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { leafHashBytes } from "../../../events/canonical/leaf-hash.ts";
import { LedgerError } from "../../../errors.ts";
import { isDamage, unavailable } from "./sqlite-error.ts";

export const leavesTable = `
  CREATE TABLE leaves (first INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
`;

import type { LeafRowPosition, LeafRun } from "../../leaf-store.ts";
export class LeafRows {
  readonly #insert: StatementSync;
  readonly #runs: StatementSync;
  readonly #last: StatementSync;
  readonly #positions: StatementSync;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare("INSERT INTO leaves (first, hashes) VALUES (?, ?)");
    this.#runs = db.prepare(
      `SELECT first, hashes FROM leaves
       WHERE first >= coalesce((SELECT max(first) FROM leaves WHERE first <= ?), 0) AND first <= ?
       ORDER BY first`,
    );
    this.#last = db.prepare(
      `SELECT first + length(hashes) / ${leafHashBytes} - 1 AS last FROM leaves ORDER BY first DESC LIMIT 1`,
    );
    this.#positions = db.prepare(
      `SELECT min(max(first, 0), ${Number.MAX_SAFE_INTEGER}) AS first,
         CASE typeof(hashes) WHEN 'blob' THEN length(hashes) ELSE 0 END AS size
       FROM leaves WHERE first > ? ORDER BY leaves.first LIMIT ?`,
    );
  }

  /** Up to `limit` rows that begin after `after`, in order; -1 starts at the first row. */
  positions(after: number, limit: number): LeafRowPosition[] {
    const from = after < 0 ? -(2n ** 63n) : after;
    const rows = this.#read(() => this.#positions.all(from, limit));
    return rows.map((row) => ({ first: Number(row["first"]), sizeBytes: Number(row["size"]) }));
  }

  /** The sequence of the last event with a stored hash; 0 if there is none. */
  lastSequence(): number {
    return this.#read(() => Number(this.#last.get()?.["last"] ?? 0));
  }

  insert(first: number, hashes: Uint8Array): void {
    this.#insert.run(first, hashes);
  }

  /** The runs that cover the events from sequence `first` to `last`, cut to that range. */
  runs(first: number, last: number): LeafRun[] {
    const rows = this.#read(() => this.#runs.all(first, last));
    const runs: LeafRun[] = [];
    for (const row of rows) {
      if (!(row["hashes"] instanceof Uint8Array)) continue;
      const all = Buffer.from(row["hashes"].buffer, row["hashes"].byteOffset, row["hashes"].length);
      const start = Number(row["first"]);
      const skipped = Math.max(0, first - start);
      const end = Math.min(Math.floor(all.length / leafHashBytes), last + 1 - start);
      if (end <= skipped) continue;
      const hashes = all.subarray(skipped * leafHashBytes, end * leafHashBytes);
      runs.push({ first: start + skipped, hashes });
    }
    return runs;
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!isDamage(error)) throw unavailable("a read of the ledger", error);
      throw new LedgerError("corrupt-event", "the ledger's stored hashes cannot be read", {
        cause: error,
      });
    }
  }
}
