import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { run } from "../../cli/run.ts";
import { freshPath } from "./ledger-file.ts";

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-name-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe.each([
  ":memory:",
  "file::memory:",
  "file:trial?mode=memory&cache=shared",
  "file:trial.sqlite",
  "./:memory:",
])("a store named %s", (name) => {
  test("is refused, also for reading, and no file is made", async () => {
    const before = readdirSync(".");
    for (const mode of ["read", "write"] as const) {
      await expect(openEmbeddedStore({ path: name, mode })).rejects.toMatchObject({
        code: "invalid-request",
      });
    }
    expect(readdirSync(".")).toEqual(before);
  });

  test("is refused by every command, with advice on what to use instead", async () => {
    const before = readdirSync(".");
    for (const command of [["events"], ["serve", "--port", "0"], ["report", "--cluster", "a"]]) {
      const { code, said } = await run(...command, "--store", `sqlite:${name}`);
      expect([code, said], command[0]).toEqual([2, expect.stringMatching(/such as sqlite:\//)]);
    }
    expect(readdirSync(".")).toEqual(before);
  });
});

test("the name of an in-memory database without sqlite: is refused in the same words", async () => {
  const { code, said } = await run("events", "--store", ":memory:");
  expect([code, said]).toEqual([2, expect.stringMatching(/Name a file, such as sqlite:\//)]);
});

test("a backup to an in-memory database is refused, because it would be lost", async () => {
  const path = freshPath();
  const store = await openEmbeddedStore({ path, mode: "write" });
  onTestFinished(() => store.close());
  await expect(store.backup(":memory:")).rejects.toMatchObject({ code: "invalid-request" });
});

test("a file whose name merely contains the word is a ledger like any other", async () => {
  const path = join(emptyFolder(), "file: memory.sqlite");
  const store = await openEmbeddedStore({ path, mode: "write" });
  await store.close();
  expect((await run("events", "--store", `sqlite:${path}`)).code).toBe(0);
});
