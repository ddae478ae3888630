/** Ledger files for tests, and what a stranger with a SQLite tool can do to them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";

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
  const guards = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of guards) db.exec(`DROP TRIGGER ${String(name)}`);
  const result = change();
  for (const { sql } of guards) db.exec(String(sql));
  return result;
}
