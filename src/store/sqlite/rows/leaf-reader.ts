/** Leaves of the embedded store: texts from the rows; hashes as stored or, in a file of format 1, from the texts. */
import type { DatabaseSync } from "node:sqlite";
import { canonicalEvent } from "../../../events/canonical/canonical.ts";
import { leafHashBytes, PackedHashes } from "../../../events/canonical/leaf-hash.ts";
import { readBatchEvents } from "../../../limits.ts";
import type { EventRows } from "./event-rows.ts";
import { formatOf, formatVersion } from "./file-format.ts";
import { leafKeepingOf, leafRowsOf } from "./leaf-format.ts";
import type { LeafRows } from "./leaf-rows.ts";
import type { LeafRun, StoredLeaves } from "../../leaf-store.ts";
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

export class LeafReader {
  readonly #db: DatabaseSync;
  readonly #rows: EventRows;
  /** `null` where the file has no table for them. */
  readonly table: LeafRows | null;
  readonly #mayCompute: boolean;

  constructor(db: DatabaseSync, rows: EventRows) {
    this.#db = db;
    this.#rows = rows;
    this.table = leafRowsOf(db);
    this.#mayCompute = this.table === null && formatOf(db) < formatVersion;
  }

  stored(): StoredLeaves {
    const runs = (from: number, to: number) => this.#runs(from, to);
    const places = (after: number, limit: number) => this.table?.places(after, limit) ?? [];
    return { ...leafKeepingOf(this.#db), runs, places };
  }

  /** Throws `corrupt-event` where the hashes that are stored do not end where the events do. */
  assertEnd(): void {
    const last = this.#rows.lastSequence();
    const stored = this.table?.lastSequence() ?? 0;
    if (stored > last) throw corrupt(last + 1, "is missing: its hash is stored");
    if (stored < last) throw corrupt(stored + 1, "has no hash stored beside it: verify tells more");
  }

  /** The hashes of the leaves `[from, to)`, counted from 0. Throws `corrupt-event` for one that is not stored. */
  hashes(from: number, to: number): Buffer {
    const all = Buffer.allocUnsafe((to - from) * leafHashBytes);
    let next = from;
    for (const run of this.#runs(from, to)) {
      // Runs that overlap were not written by the ledger: the first one counts.
      const at = Math.max(run.first - 1, next);
      this.#fillIn(next, at, all, from);
      const skipped = at - (run.first - 1);
      all.set(run.hashes.subarray(skipped * leafHashBytes), (at - from) * leafHashBytes);
      next = Math.max(next, run.first - 1 + run.hashes.length / leafHashBytes);
    }
    this.#fillIn(next, to, all, from);
    return all;
  }

  #runs(from: number, to: number): LeafRun[] {
    return to <= from ? [] : (this.table?.runs(from + 1, to) ?? []);
  }

  /** What is not stored. Computed in silence, it would turn a changed event into a proven one. */
  #fillIn(from: number, to: number, all: Buffer, origin: number): void {
    if (from >= to) return;
    if (!this.#mayCompute) throw corrupt(from + 1, "has no hash stored beside it");
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
