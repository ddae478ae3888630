import { afterEach, describe, expect, test } from "vitest";
import { parseKey } from "../../src/access/key-text.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { servedLedger } from "./served-ledger.ts";
import { run, temporaryFolder } from "./run.ts";

let folder = temporaryFolder();
let served: ServedLedger | null = null;
afterEach(async () => {
  await served?.close();
  served = null;
  folder.remove();
  folder = temporaryFolder();
});

const store = () => ["--store", `sqlite:${folder.path("ledger.sqlite")}`];

describe("fleetledger access on a stopped ledger", () => {
  test("issues the first key of a new ledger, and prints it alone on the output", async () => {
    const { code, out, said } = await run("access", "add", "ann", "--role", "admin", ...store());
    expect(code).toBe(0);
    const parsed = parseKey(out.trim());
    expect(parsed).not.toBeNull();
    expect(said).toContain(`key ${parsed?.key}`);
    expect(said).not.toContain(parsed?.secret);
  });

  test("refuses what no key can have in words, and issues none", async () => {
    for (const [given, words] of [
      [["env", "--role", "admin"], "the name env is reserved for the ledger itself"],
      [["dan", "--role", "Boss"], "the role Boss must be a role"],
      [["dan", "--role", "viewer", "--cluster", ""], "--cluster must not be empty"],
    ] as const) {
      const { code, out, said } = await run("access", "add", ...given, ...store());
      expect([code, out, said]).toEqual([2, "", expect.stringContaining(words)]);
    }
  });

  test("lists, rotates and revokes keys", async () => {
    const granted = ["--role", "reporter", "source:slurm", "--cluster", "aurora"];
    const more = ["--expires", "2099-01-01T00:00:00Z", "--actor", "eva"];
    const added = await run("access", "add", "slurm", ...granted, ...more, ...store());
    const { key = "" } = parseKey(added.out.trim()) ?? {};
    const rotated = await run("access", "rotate", key, "--overlap", "12h", ...store());
    const { key: second = "" } = parseKey(rotated.out.trim()) ?? {};
    expect((await run("access", "revoke", second, ...store())).said).toMatch(/revoked: sequence 4/);
    expect((await run("access", "revoke", second, ...store())).said).toContain("over already");
    const listed = await run("access", "list", "--format", "json", ...store());
    expect(JSON.parse(listed.out)).toMatchObject({
      keys: [
        { key, name: "slurm", state: "in-force", clusters: ["aurora"], issuedBy: "eva" },
        { key: second, name: "slurm", state: "revoked", roles: ["reporter", "source:slurm"] },
      ],
    });
    const text = await run("access", "list", ...store());
    expect(text.out.split("\n")[0]).toContain(`${key}  slurm`);
  });

  test.each([
    [["add", "Ann", "--role", "admin"], "the name Ann must be"],
    [["add", "env", "--role", "admin"], "is reserved"],
    [["add", "ann", "--role", "Admin"], "the role Admin must be"],
    [["add", "ann", "--role", "viewer", "--cluster", "a b"], "--cluster a cluster's name"],
    [["add", "ann"], "--role"],
    [["rotate", "0123456789", "--overlap", "soon"], "7d, 12h"],
  ])("refuses %j with exit code 2", async (args, words) => {
    const { code, said } = await run("access", ...args, ...store());
    expect([code, said]).toEqual([2, expect.stringContaining(words)]);
  });

  test("refuses a key that does not exist with exit code 1 or 2, and says so", async () => {
    await run("access", "add", "ann", "--role", "admin", ...store());
    const { code, said } = await run("access", "revoke", "0123456789", ...store());
    expect(code).not.toBe(0);
    expect(said).toContain("There is no key 0123456789");
  });
});

test("fleetledger access works through a server too", async () => {
  served = await servedLedger();
  const at = served.byServer;
  const added = await run("access", "add", "wall", "--role", "viewer", ...at);
  const { key = "" } = parseKey(added.out.trim()) ?? {};
  const rotated = await run("access", "rotate", key, "--overlap", "0", ...at);
  expect(parseKey(rotated.out.trim())).not.toBeNull();
  const listed = await run("access", "list", "--format", "json", ...at);
  expect(JSON.parse(listed.out)).toMatchObject({
    keys: [
      { name: "wall", state: "revoked", issuedBy: "env", revokedBy: "env" },
      { name: "wall", state: "in-force" },
    ],
  });
  expect((await run("access", "revoke", key, ...at)).said).toContain("over already");
});

test("serve refuses an address that others reach while there is no key, and names what to do", async () => {
  const { code, said } = await run("serve", "--host", "0.0.0.0", "--port", "0", ...store());
  expect(code).toBe(2);
  expect(said).toContain("access add NAME --role admin");
  expect(said).toContain("--open-to-all");
});
