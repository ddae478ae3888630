/** The SQL of every table, index and trigger in a ledger's file; `schema-check.ts` compares it byte for byte. */
import { lookupsTable } from "../lookups/lookup-rows.ts";
import { leavesTable } from "../rows/leaf-rows.ts";

/**
 * `sequence` is the row number. Each piece of content is in exactly one column; `data` and `attribution`
 * are RFC 8785 text; times are milliseconds since the epoch.
 */
const eventsTable = `
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    data TEXT NOT NULL,
    attribution TEXT NOT NULL
  ) STRICT;
`;

/** In files of the formats before 4; lookups have taken its place. */
const streamIndex = `
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
`;

/** Named texts about the ledger as a whole (`marks.ts`). */
const marksTable = `
  CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

const guards = `
  CREATE TRIGGER events_are_not_edited BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'a fact is never edited'); END;
  CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;
`;

export const ledgerTables: string = eventsTable + guards + marksTable + leavesTable + lookupsTable;

/** As files of the formats before 4 have them. */
export const tablesWithIndex: string =
  eventsTable + streamIndex + guards + marksTable + leavesTable;
