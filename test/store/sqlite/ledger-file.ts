/** Ledger files for tests, and what a stranger with a SQLite tool can do to them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { guards } from "../../../src/store/sqlite/schema/ledger-tables.ts";

/** The path of a ledger that is not there yet, in a directory of its own that goes with the test. */
export function freshPath(): string {
  const directory = mkdtempSync(join(tmpdir(), "fleetledger-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "ledger.sqlite");
}

/** Runs SQL on the file as its administrator could: the guards against edits are off meanwhile, and no trace is left of that. */
export function tamper(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  try {
    withoutGuards(db, () => db.exec(sql));
  } finally {
    db.close();
  }
}

export function withoutGuards<T>(db: DatabaseSync, change: () => T): T {
  db.exec("DROP TRIGGER IF EXISTS events_are_not_edited");
  db.exec("DROP TRIGGER IF EXISTS events_are_not_deleted");
  const result = change();
  db.exec(guards);
  return result;
}
