/** What lies beside a ledger's file, from elsewhere or from an earlier time. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { allEvents } from "../../contract/sample-events.ts";
import { freshPath } from "./ledger-file.ts";

const killed = join(import.meta.dirname, "append-and-be-killed.ts");

/** What a process left that appended so many events in commits of its own and was then killed. */
function leftBy(path: string, name: string, events: number): void {
  const run = spawnSync(process.execPath, [killed, path, name, String(events)], {
    encoding: "utf8",
  });
  expect([run.signal, run.stderr]).toEqual(["SIGKILL", ""]);
}

async function streamsOf(path: string): Promise<Record<string, number>> {
  const store = await openEmbeddedStore({ path, mode: "read" });
  try {
    const counts: Record<string, number> = {};
    for (const { stream } of await allEvents(store)) counts[stream] = (counts[stream] ?? 0) + 1;
    return counts;
  } finally {
    await store.close();
  }
}

async function opened(path: string, mode: "read" | "write"): Promise<void> {
  await (await openEmbeddedStore({ path, mode })).close();
}

const bytesOf = (path: string) =>
  ["", "-wal"].map((suffix) => existsSync(`${path}${suffix}`) && readFileSync(`${path}${suffix}`));

async function expectRefused(path: string, code = "foreign-leftovers"): Promise<void> {
  const before = bytesOf(path);
  for (const mode of ["read", "write"] as const) {
    await expect(openEmbeddedStore({ path, mode })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(path) as unknown,
    });
  }
  expect(bytesOf(path)).toEqual(before);
}

describe("the log of a writer that was killed", () => {
  test("is applied, however often that happens", async () => {
    const path = freshPath();
    for (let time = 1; time <= 4; time++) {
      leftBy(path, `s${time}`, 3);
      expect((await streamsOf(path))[`s${time}`]).toBe(3);
    }
    await opened(path, "write");
    expect(await streamsOf(path)).toEqual({ s1: 3, s2: 3, s3: 3, s4: 3 });
  });

  test("is applied even if a reader kept it from being checkpointed", async () => {
    const path = freshPath();
    leftBy(path, "s1", 3);
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec("BEGIN; SELECT * FROM events");
    onTestFinished(() => reader.close());
    leftBy(path, "s2", 3);
    leftBy(path, "s3", 3);
    expect(await streamsOf(path)).toEqual({ s1: 3, s2: 3, s3: 3 });
  });

  test("is applied even if an older version wrote it, which marks nothing", async () => {
    const path = freshPath();
    leftBy(path, "s1", 3);
    await opened(path, "write");
    const db = new DatabaseSync(path);
    db.exec("DELETE FROM marks");
    db.close();
    const script = `const { DatabaseSync } = require("node:sqlite");
      const db = new DatabaseSync(${JSON.stringify(path)});
      db.exec("INSERT INTO marks VALUES ('a', 'b')");
      process.kill(process.pid, "SIGKILL");`;
    expect(spawnSync(process.execPath, ["-e", script]).signal).toBe("SIGKILL");
    expect(await streamsOf(path)).toEqual({ s1: 3 });
    await opened(path, "write");
    expect(await streamsOf(path)).toEqual({ s1: 3 });
  });
});

describe("a log that does not belong to the file is refused, and nothing is changed, such as", () => {
  test("the log of another ledger", async () => {
    const [path, other] = [freshPath(), freshPath()];
    leftBy(path, "mine", 3);
    await opened(path, "write");
    leftBy(other, "theirs", 5);
    copyFileSync(`${other}-wal`, `${path}-wal`);
    await expectRefused(path);
    rmSync(`${path}-wal`);
    expect(await streamsOf(path)).toEqual({ mine: 3 });
  });

  test("a later log beside an earlier copy of the ledger", async () => {
    const path = freshPath();
    leftBy(path, "early", 3);
    await opened(path, "write");
    copyFileSync(path, `${path}.copy`);
    leftBy(path, "middle", 3);
    await opened(path, "write");
    leftBy(path, "late", 3);
    copyFileSync(`${path}.copy`, path);
    await expectRefused(path);
    rmSync(`${path}-wal`);
    expect(await streamsOf(path)).toEqual({ early: 3 });
  });

  test("a leftover log beside a backup that was copied over the ledger", async () => {
    const path = freshPath();
    leftBy(path, "early", 3);
    await opened(path, "write");
    const { copyToFile } = await import("../../../src/cli/commands/audit/backup.ts");
    const store = await openEmbeddedStore({ path, mode: "read" });
    await copyToFile(store, `${path}.backup`);
    await store.close();
    leftBy(path, "late", 3);
    copyFileSync(`${path}.backup`, path);
    await expectRefused(path);
    rmSync(`${path}-wal`);
    expect(await streamsOf(path)).toEqual({ early: 3 });
  });

  test("a log whose file is gone or empty, which no empty ledger replaces", async () => {
    const path = freshPath();
    leftBy(path, "mine", 3);
    const file = readFileSync(path);
    rmSync(path);
    await expectRefused(path);
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, "");
    await expect(openEmbeddedStore({ path, mode: "write" })).rejects.toMatchObject({
      code: "foreign-leftovers",
    });
    writeFileSync(path, file);
    expect(await streamsOf(path)).toEqual({ mine: 3 });
  });
});

describe("missing acknowledged events are noticed at the next start, and nothing is changed, after", () => {
  /** What the next start says. */
  async function saidOf(path: string): Promise<string> {
    const before = readFileSync(path);
    const error: unknown = await opened(path, "write").catch((thrown: unknown) => thrown);
    expect(readFileSync(path)).toEqual(before);
    expect(error).toMatchObject({ code: "foreign-leftovers" });
    return error instanceof Error ? error.message : "";
  }

  test("a log was removed after a crash, which is accepted once it is back", async () => {
    const path = freshPath();
    leftBy(path, "mine", 5);
    renameSync(`${path}-wal`, `${path}.away`);
    expect(await saidOf(path)).toContain(
      `${path} ends at sequence 0, but ${path}.head says that events were acknowledged up to 5`,
    );
    renameSync(`${path}.away`, `${path}-wal`);
    await opened(path, "write");
    expect(await streamsOf(path)).toEqual({ mine: 5 });
  });

  test("a log was emptied after a crash", async () => {
    const path = freshPath();
    leftBy(path, "mine", 5);
    truncateSync(`${path}-wal`);
    expect(await saidOf(path)).toContain("acknowledged up to 5");
  });

  test("the file was replaced by an older copy, which is accepted once the note is deleted, as the message says", async () => {
    const path = freshPath();
    leftBy(path, "early", 3);
    await opened(path, "write");
    copyFileSync(path, `${path}.copy`);
    leftBy(path, "late", 2);
    await opened(path, "write");
    copyFileSync(`${path}.copy`, path);
    expect(await saidOf(path)).toContain(`delete ${path}.head and start again`);
    rmSync(`${path}.head`);
    await opened(path, "write");
    leftBy(path, "anew", 1);
    await opened(path, "write");
    expect(await streamsOf(path)).toEqual({ early: 3, anew: 1 });
  });

  test("the file was replaced by another ledger with as many events", async () => {
    const [path, other] = [freshPath(), freshPath()];
    for (const each of [path, other]) {
      leftBy(each, "s", 3);
      await opened(each, "write");
    }
    copyFileSync(other, path);
    expect(await saidOf(path)).toContain(`${path} has a different event at sequence 3`);
  });

  test("the file was deleted", async () => {
    const path = freshPath();
    leftBy(path, "mine", 3);
    await opened(path, "write");
    rmSync(path);
    await expect(openEmbeddedStore({ path, mode: "write" })).rejects.toMatchObject({
      code: "foreign-leftovers",
      message: expect.stringContaining(`${path}.head`) as unknown,
    });
    expect(existsSync(path)).toBe(false);
  });

  test("the note was emptied by a power loss, in which case nothing is noticed", async () => {
    const path = freshPath();
    leftBy(path, "mine", 3);
    writeFileSync(`${path}.head`, Buffer.alloc(54));
    await opened(path, "write");
    expect(await streamsOf(path)).toEqual({ mine: 3 });
  });
});

test("derived data of a missing ledger prevent a new ledger of that name", async () => {
  const path = freshPath();
  writeFileSync(`${path}.derived`, "figures of events that are gone");
  await expect(openEmbeddedStore({ path, mode: "write" })).rejects.toMatchObject({
    code: "foreign-leftovers",
    message: expect.stringContaining(`${path}.derived`) as unknown,
  });
  expect(existsSync(path)).toBe(false);
});

describe.each(["", "-wal", "-shm", ".lock"])(
  "if something else is in place of the file ledger.sqlite%s,",
  (suffix) => {
    test.each([
      ["a folder", (path: string) => mkdirSync(path)],
      ["a named pipe", (path: string) => execFileSync("mkfifo", [path])],
    ])("%s is named, and nobody waits for it", async (kind, make) => {
      const path = freshPath();
      await opened(path, "write");
      rmSync(`${path}${suffix}`, { force: true });
      make(`${path}${suffix}`);
      // A reader needs neither the log's index nor the lock.
      const isShared = suffix === "-shm" || suffix === ".lock";
      for (const mode of isShared ? (["write"] as const) : (["read", "write"] as const)) {
        await expect(openEmbeddedStore({ path, mode })).rejects.toMatchObject({
          code: "ledger-not-opened",
          message: expect.stringContaining(`${path}${suffix} is ${kind}`) as unknown,
        });
      }
    });
  },
);

test("something else in place of the lock file is named", async () => {
  const path = freshPath();
  writeFileSync(`${path}.lock`, "no lock at all, but long enough to have a header ".repeat(10));
  await expect(openEmbeddedStore({ path, mode: "write" })).rejects.toMatchObject({
    code: "ledger-not-opened",
    message: expect.stringContaining(`${path}.lock is not a ledger's lock`) as unknown,
  });
});

test.each(["read", "write"] as const)(
  "a damaged page is reported with the file's path (%s)",
  async (mode) => {
    const path = freshPath();
    await opened(path, "write");
    const bytes = readFileSync(path);
    // The first page's own table of contents: the schema.
    writeFileSync(path, bytes.fill(0xff, 100, 140));
    await expect(openEmbeddedStore({ path, mode })).rejects.toMatchObject({
      code: "corrupt-event",
      message: expect.stringContaining(`${path} is damaged`) as unknown,
    });
  },
);
