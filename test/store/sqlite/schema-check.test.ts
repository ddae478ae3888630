import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { checkedEvents, part, positionOf } from "../../contract/sample-events.ts";
import { freshPath, withoutGuards } from "./ledger-file.ts";

async function ledger(): Promise<string> {
  const path = freshPath();
  const store = await openEmbeddedStore({ path, mode: "write" });
  await positionOf(store, part("a", "no-stream", checkedEvents(3)));
  await store.close();
  return path;
}

/** The table as it is, but for what `change` does to its words. */
function remade(change: (sql: string) => string) {
  return (db: DatabaseSync): void => {
    const row = db.prepare("SELECT sql FROM sqlite_schema WHERE name = 'events'").get();
    withoutGuards(db, () => {
      db.exec("ALTER TABLE events RENAME TO old");
      db.exec(change(String(row?.["sql"])));
      const columns =
        "sequence, stream, revision, id, type, schema_version, occurred_at, recorded_at, data, attribution";
      db.exec(`INSERT INTO events (${columns}) SELECT ${columns} FROM old; DROP TABLE old`);
    });
  };
}

const changes: readonly (readonly [string, string, string | ((db: DatabaseSync) => void)])[] = [
  [
    "a trigger that drops what is appended",
    'the trigger "quiet" on "events"',
    "CREATE TRIGGER quiet BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END",
  ],
  [
    "a trigger that writes elsewhere",
    'the trigger "copy" on "marks"',
    "CREATE TRIGGER copy AFTER INSERT ON marks BEGIN DELETE FROM leaves; END",
  ],
  ["a view", 'the view "Events2"', "CREATE VIEW Events2 AS SELECT * FROM events"],
  ["a table", 'the table "more\\nlines"', 'CREATE TABLE "more\nlines" (a)'],
  ["an index", 'the index "by_id" on "events"', "CREATE INDEX by_id ON events (id)"],
  ["statistics of the planner", 'the table "sqlite_stat1"', "ANALYZE"],
  ["no table of hashes", 'the table "leaves"', "DROP TABLE leaves"],
  ["no guard", 'the trigger "events_are_not_deleted"', "DROP TRIGGER events_are_not_deleted"],
  [
    "another guard of the same name",
    'the trigger "events_are_not_edited"',
    "DROP TRIGGER events_are_not_edited; CREATE TRIGGER events_are_not_edited BEFORE UPDATE ON marks BEGIN SELECT 1; END",
  ],
  [
    "a view where a table was",
    'the view "marks"',
    "DROP TABLE marks; CREATE VIEW marks AS SELECT 'a' AS name, 'b' AS value",
  ],
  [
    "a generated column",
    'the table "events"',
    remade((sql) =>
      sql.replace("attribution TEXT NOT NULL", "attribution TEXT NOT NULL, x TEXT AS ('y')"),
    ),
  ],
  [
    "a default",
    'the table "events"',
    remade((sql) => sql.replace("data TEXT NOT NULL", "data TEXT NOT NULL DEFAULT '{}'")),
  ],
  [
    "a table without row numbers",
    'the table "events"',
    remade((sql) => sql.replace(/STRICT$/, "STRICT, WITHOUT ROWID")),
  ],
  [
    "a table of other letters",
    'the table "events"',
    remade((sql) => sql.replace("    stream", "\tstream")),
  ],
];

test.each(changes)(
  "a ledger's file with %s cannot be opened, and the message names it",
  async (_, name, change) => {
    const path = await ledger();
    const db = new DatabaseSync(path);
    if (typeof change === "string") db.exec(change);
    else change(db);
    db.close();
    for (const mode of ["read", "write"] as const) {
      await expect(openEmbeddedStore({ path, mode })).rejects.toMatchObject({
        code: "foreign-schema",
        message: expect.stringContaining(name) as unknown,
      });
    }
  },
);

test.each([
  ["another program's mark", "PRAGMA application_id = 1", "not-a-ledger"],
  ["format 0", "PRAGMA user_version = 0", "unknown-format"],
  ["format 1", "PRAGMA user_version = 1", "unknown-format"],
  ["format 6", "PRAGMA user_version = 6", "unknown-format"],
  ["lookups under a format that has none", "PRAGMA user_version = 2", "foreign-schema"],
])("a file with %s is refused and not changed", async (_, sql, code) => {
  const path = await ledger();
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.exec("PRAGMA journal_mode = DELETE");
  db.close();
  const before = readFileSync(path);
  for (const mode of ["read", "write"] as const) {
    await expect(openEmbeddedStore({ path, mode })).rejects.toMatchObject({ code });
  }
  expect(readFileSync(path).equals(before)).toBe(true);
});
