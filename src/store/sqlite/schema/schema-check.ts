/**
 * Checks the schema of a ledger's file. SQLite silently runs triggers, views, generated columns and whatever else a
 * schema contains, so a file is opened only if every object of its schema equals, byte for byte, one that this
 * version creates.
 */
import { DatabaseSync } from "node:sqlite";
import { LedgerError } from "../../../errors.ts";
import { maxSchemaObjects } from "../../../limits/store.ts";
import { hasLookups, pragma } from "../rows/file-format.ts";
import { ledgerTables, tablesWithIndex } from "./ledger-tables.ts";

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

/** Of files with lookups, and of those with an index of streams. */
const knownObjects = new Map<string, readonly SchemaObject[]>();

function objectsOf(tables: string): readonly SchemaObject[] {
  const objects = knownObjects.get(tables) ?? madeSchema(tables);
  knownObjects.set(tables, objects);
  return objects;
}

/** Throws `foreign-schema`, naming the first object that is unknown, different or missing. */
export function assertSchema(db: DatabaseSync, path: string): void {
  const version = pragma(db, "user_version");
  const known = objectsOf(hasLookups(version) ? ledgerTables : tablesWithIndex);
  const found = schemaOf(db);
  for (const each of found) {
    const own = known.find(({ type, name }) => type === each.type && name === each.name);
    if (own === undefined)
      throw foreign(path, `it has ${named(each)}, which a ledger does not have`);
    if (own.sql !== each.sql || own.table !== each.table) {
      throw foreign(path, `${named(each)} differs from the ledger's own`);
    }
  }
  for (const own of known) {
    const count = found.filter(({ type, name }) => type === own.type && name === own.name).length;
    if (count === 1) continue;
    throw foreign(path, `${named(own)} ${count === 0 ? "is missing" : "exists more than once"}`);
  }
}

function madeSchema(tables: string): readonly SchemaObject[] {
  const db = new DatabaseSync(":memory:");
  try {
    db.exec(tables);
    return schemaOf(db);
  } finally {
    db.close();
  }
}

function schemaOf(db: DatabaseSync): SchemaObject[] {
  const rows = db
    .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema LIMIT ?")
    .all(maxSchemaObjects);
  return rows.map((row) => ({
    type: String(row["type"]),
    name: String(row["name"]),
    table: String(row["tbl_name"]),
    sql: String(row["sql"]),
  }));
}

/** A name may contain anything: quoted, it stays on one line. */
function named({ type, name, table }: SchemaObject): string {
  const of = type === "table" || type === "view" ? "" : ` on ${JSON.stringify(table)}`;
  return `the ${type} ${JSON.stringify(name)}${of}`;
}

function foreign(path: string, what: string): LedgerError {
  return new LedgerError(
    "foreign-schema",
    `${path}: ${what}; another program has changed the file. Restore the ledger from a backup, or undo that change`,
  );
}
