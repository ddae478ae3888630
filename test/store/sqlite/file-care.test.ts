/** A ledger whose files are moved, deleted or cannot be written while it is open. */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import type { EmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import type { Say } from "../../../src/store/telling.ts";
import {
  allEvents,
  checkedEvents,
  part,
  positionOf,
  refusalOf,
} from "../../contract/sample-events.ts";
import { freshPath } from "./ledger-file.ts";

const opener = join(import.meta.dirname, "open-for-writing.ts");
const filler = join(import.meta.dirname, "fill-the-file.ts");

async function open(path: string, said: string[] = []): Promise<EmbeddedStore> {
  const say: Say = (text, level) => said.push(`${level}: ${text}`);
  const store = await openEmbeddedStore({ path, mode: "write", say });
  onTestFinished(() => store.close());
  return store;
}

/** What another process is told that would write to the ledger. */
function openedElsewhere(path: string): string {
  return spawnSync(process.execPath, [opener, path], { encoding: "utf8" }).stdout;
}

const troublesOf = (store: EmbeddedStore) => store.troubles().map(({ what }) => what);

test.each(["", "-wal", "-shm"])(
  "nothing is acknowledged while the file ledger.sqlite%s is missing",
  async (suffix) => {
    const path = freshPath();
    const said: string[] = [];
    const store = await open(path, said);
    await positionOf(store, part("a", "no-stream", checkedEvents(1)));
    renameSync(`${path}${suffix}`, `${path}.away`);
    const error = await refusalOf(store, part("a", 0n, checkedEvents(1)));
    expect(error).toMatchObject({
      code: "ledger-file-moved",
      message: expect.stringContaining(`${path}${suffix} was deleted or moved away`) as unknown,
    });
    expect(troublesOf(store)).toEqual(["file"]);
    expect(said).toEqual([expect.stringMatching(/^error: .*was deleted or moved away/)]);
    const [late] = checkedEvents(1);
    if (late === undefined) throw new Error("no event");
    expect(await refusalOf(store, part("b", "no-stream", [late]))).toMatchObject({
      code: "ledger-file-moved",
    });
    renameSync(`${path}.away`, `${path}${suffix}`);
    await positionOf(store, part("b", "no-stream", [late]));
    expect(store.troubles()).toEqual([]);
    expect(said.at(-1)).toMatch(/^info: .*are back in place/);
  },
);

test("nothing is acknowledged once another file has replaced the ledger", async () => {
  const path = freshPath();
  const store = await open(path);
  await positionOf(store, part("a", "no-stream", checkedEvents(1)));
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
  expect(await refusalOf(store, part("a", 0n, checkedEvents(1)))).toMatchObject({
    code: "ledger-file-moved",
    message: expect.stringContaining("was replaced by another file") as unknown,
  });
});

interface Overwriting {
  readonly path: string;
  readonly other: string;
}

describe("if a file is overwritten in place while the ledger is open,", () => {
  const overwritings: readonly [string, string, (files: Overwriting) => void][] = [
    [
      "another ledger over the file",
      "",
      ({ path, other }) => writeFileSync(path, readFileSync(other)),
    ],
    ["an emptied file", "", ({ path }) => truncateSync(path)],
    ["a file cut short", "", ({ path }) => truncateSync(path, 8192)],
    ["a file with other bytes", "", ({ path }) => writeFileSync(path, "no ledger at all")],
    ["an emptied log", "-wal", ({ path }) => truncateSync(`${path}-wal`)],
    ["a log cut short", "-wal", ({ path }) => truncateSync(`${path}-wal`, 8192)],
    [
      "the log of another ledger",
      "-wal",
      ({ path, other }) => writeFileSync(`${path}-wal`, readFileSync(`${other}-wal`)),
    ],
  ];

  test.each(overwritings)(
    "(%s) nothing is acknowledged afterwards",
    async (_, suffix, overwrite) => {
      const path = freshPath();
      const said: string[] = [];
      const store = await open(path, said);
      const other = freshPath();
      const stranger = await open(other);
      await positionOf(store, part("a", "no-stream", checkedEvents(1)));
      for (const name of ["a", "b", "c"])
        await positionOf(stranger, part(name, "no-stream", checkedEvents(20)));
      overwrite({ path, other });
      for (const stream of ["b", "c"]) {
        expect(await refusalOf(store, part(stream, "no-stream", checkedEvents(1)))).toMatchObject({
          code: "ledger-file-moved",
          message: expect.stringContaining(`${path}${suffix} was overwritten`) as unknown,
        });
      }
      await expect(store.setMark("a", "b")).rejects.toMatchObject({ code: "ledger-file-moved" });
      expect(troublesOf(store)).toEqual(["file"]);
      expect(said).toEqual([expect.stringMatching(/^error: .* was overwritten/)]);
      const left = ["", "-wal"].map((end) => readFileSync(`${path}${end}`));
      store.lookAfterFiles();
      await store.close();
      // Not even the end of the process writes to what is somebody else's now.
      expect(["", "-wal"].map((end) => readFileSync(`${path}${end}`))).toEqual(left);
    },
  );

  test("and then put back byte for byte, it is accepted again with all acknowledged events", async () => {
    const path = freshPath();
    const store = await open(path);
    await positionOf(store, part("a", "no-stream", checkedEvents(1)));
    const bytes = readFileSync(path);
    truncateSync(path);
    await refusalOf(store, part("b", "no-stream", checkedEvents(1)));
    writeFileSync(path, bytes);
    await positionOf(store, part("c", "no-stream", checkedEvents(1)));
    await store.close();
    const again = await open(path);
    expect((await allEvents(again)).map(({ stream }) => stream)).toEqual(["a", "c"]);
  });

  test("but only touched, or checkpointed by another process, it still counts as the ledger's", async () => {
    const path = freshPath();
    const store = await open(path);
    await positionOf(store, part("a", "no-stream", checkedEvents(1)));
    utimesSync(path, 1, 1);
    await positionOf(store, part("a", 0n, checkedEvents(1)));
    const other = new DatabaseSync(path);
    other.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    other.close();
    await positionOf(store, part("a", 1n, checkedEvents(1)));
    expect(store.troubles()).toEqual([]);
  });
});

test("deleting the lock file lets no second writer in, and the file is recreated", async () => {
  const path = freshPath();
  const said: string[] = [];
  const store = await open(path, said);
  await positionOf(store, part("a", "no-stream", checkedEvents(1)));
  rmSync(`${path}.lock`);
  const waiting: string[] = [];
  expect(openedElsewhere(path)).toBe("ledger-locked");
  rmSync(`${path}.lock`, { force: true });
  await expect(open(path, waiting)).rejects.toMatchObject({ code: "ledger-locked" });
  expect(waiting).toEqual([expect.stringMatching(/^info: .* is open in another process; waiting/)]);
  await positionOf(store, part("a", 0n, checkedEvents(1)));
  expect(existsSync(`${path}.lock`)).toBe(true);
  expect(said).toEqual([
    expect.stringMatching(/^warn: the lock file beside .* was deleted; it was recreated/),
  ]);
  expect(openedElsewhere(path)).toBe("ledger-locked");
  await store.close();
  expect(openedElsewhere(path)).toBe("opened");
});

test("deleting the lock file while nobody writes keeps nobody out", async () => {
  const path = freshPath();
  await (await open(path)).close();
  rmSync(`${path}.lock`);
  expect(openedElsewhere(path)).toBe("opened");
});

test("writes of another process to the file end the writing here, and are neither lost nor duplicated", async () => {
  const path = freshPath();
  const store = await open(path);
  await positionOf(store, part("a", "no-stream", checkedEvents(1)));
  const other = new DatabaseSync(path);
  other.exec(
    "INSERT INTO events SELECT 2, stream, 1, 'x', type, schema_version, occurred_at, recorded_at, data, attribution FROM events",
  );
  other.close();
  const error = await refusalOf(store, part("a", 0n, checkedEvents(1)));
  expect(error.message).toContain("another process has written to the ledger");
  expect(troublesOf(store)).toEqual(["appends"]);
});

interface Told {
  readonly whenFull: readonly string[];
  readonly afterwards: readonly string[];
  readonly said: readonly string[];
  readonly readable: number;
  readonly taken: number;
}

const hasLimits = spawnSync("prlimit", ["--version"]).status === 0;

/** A process that may write no file beyond 512 KiB, until it lifts that limit itself. */
function filled(kind: "appends" | "checkpoints"): Told {
  const path = freshPath();
  const limited = `ulimit -S -f 1024; exec "${process.execPath}" "${filler}" "${path}" ${kind}`;
  const run = spawnSync("sh", ["-c", limited], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  return JSON.parse(run.stdout) as Told;
}

test.skipIf(!hasLimits)(
  "failed appends are a trouble until one succeeds again, even if nobody sends any more",
  () => {
    const told = filled("appends");
    expect(told.whenFull).toContain("appends");
    expect(told.afterwards).toEqual([]);
    expect(told.said).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^error: .*failed/),
        expect.stringMatching(/^info: .*appends are accepted again/),
      ]),
    );
    expect(told.readable).toBe(told.taken);
  },
);

test.skipIf(!hasLimits)(
  "a log that cannot be checkpointed is a trouble while appends still succeed, until it can be",
  () => {
    const told = filled("checkpoints");
    expect(told.whenFull).toEqual(["checkpoints"]);
    expect(told.afterwards).toEqual([]);
    expect(told.said).toEqual([
      expect.stringMatching(
        /^error: the write-ahead log cannot be checkpointed into .*ledger\.sqlite/,
      ),
      expect.stringMatching(/^info: .*being checkpointed again/),
    ]);
    expect(told.readable).toBe(told.taken);
  },
);

test("the file contains the acknowledged events, whatever was moved in between", async () => {
  const path = freshPath();
  const store = await open(path);
  await positionOf(store, part("a", "no-stream", checkedEvents(1)));
  renameSync(path, `${path}.away`);
  const sent = checkedEvents(1);
  await refusalOf(store, part("b", "no-stream", sent));
  renameSync(`${path}.away`, path);
  // The same ids again, as a sender does that was told to come back.
  await positionOf(store, part("b", "no-stream", sent));
  expect((await allEvents(store)).map(({ stream }) => stream)).toEqual(["a", "b"]);
});
