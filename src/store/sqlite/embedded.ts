/** The embedded event store: one SQLite file, one writing process, any number of readers. */
import type { DatabaseSync } from "node:sqlite";
import { lookupBlockEvents } from "../../limits/store.ts";
import type { EmbeddedOptions, EmbeddedStore } from "./embedded-store.ts";
import { EventRows } from "./rows/event-rows.ts";
import { LeafReader } from "./rows/leaf-reader.ts";
import { lookupsForWriting } from "./lookups/ready-lookups.ts";
import { realPath } from "./files/real-path.ts";
import { openForReading, openForWriting } from "./schema/schema.ts";
import { asNotALedger } from "./rows/sqlite-error.ts";
import { lockForWriting } from "./files/writer-lock.ts";

import { SqliteStore } from "./sqlite-store.ts";

export type { EmbeddedStore };

/**
 * Opens the ledger at `path`. Throws `ledger-locked` (another writer has it), `not-found` (opened for reading,
 * but missing), `not-a-ledger`, `unknown-format`, `foreign-schema`, `foreign-leftovers`, `ledger-not-opened`,
 * `invalid-request` (`path` is no name of a file), and `corrupt-event` (the file is damaged, or a sequence is missing).
 */
export async function openEmbeddedStore(options: EmbeddedOptions): Promise<EmbeddedStore> {
  const path = realPath(options.path);
  const { blockEvents = lookupBlockEvents } = options;
  if (options.mode === "read") {
    const db = openForReading(path);
    return await storeOn(path, db, () => new SqliteStore(path, db, blockEvents, null));
  }
  const lock = lockForWriting(path);
  try {
    const { isDerived, say } = options;
    const db = openForWriting(path, { isDerived, alone: () => lock.assertAlone(say) });
    return await storeOn(path, db, async () => {
      const rows = new EventRows(db);
      const leaves = new LeafReader(db, rows);
      const lookups = await lookupsForWriting({ db, rows, leaves, blockEvents, say });
      leaves.assertEnd();
      return new SqliteStore(path, db, blockEvents, { lock, say, isDerived, lookups });
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function storeOn(
  path: string,
  db: DatabaseSync,
  make: () => SqliteStore | Promise<SqliteStore>,
): Promise<SqliteStore> {
  try {
    return await make();
  } catch (error) {
    db.close();
    throw asNotALedger(path, error);
  }
}
