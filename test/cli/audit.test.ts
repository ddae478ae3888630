import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { emptyRoot, hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { witness } from "../../src/seals/witness.ts";
import { parseSigner } from "../../src/tree/signed-note.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { tamper } from "../store/sqlite/ledger-file.ts";
import { run } from "./run.ts";
import { sealedFolder } from "./sealed-folder.ts";

const folder = sealedFolder();
const { store, secret, publicKey, sealed } = folder;

/** Rewrites the stored hashes so that they are those of the events as they stand. */
async function hashAnew(path: string): Promise<void> {
  const read = await openEmbeddedStore({ path, mode: "read" });
  let hashes = "";
  for await (const leaves of read.readLeaves(0)) {
    for (const leaf of leaves) hashes += hashLeaf(leaf).toString("hex");
  }
  await read.close();
  tamper(path, `DELETE FROM leaves; INSERT INTO leaves VALUES (1, x'${hashes}')`);
}

describe("the command keys new", () => {
  test("writes a secret key that only its owner can read, and never overwrites one", async () => {
    const first = await run("keys", "new", "--out", folder.path("keys"));
    expect(first.code).toBe(0);
    expect(first.out).toBe(readFileSync(publicKey(), "utf8"));
    expect(statSync(secret()).mode & 0o777).toBe(0o600);
    const before = readFileSync(secret(), "utf8");
    expect(first.out + first.said).not.toContain(before.trim());
    expect((await run("keys", "new", "--out", folder.path("keys"))).code).toBe(2);
    expect(readFileSync(secret(), "utf8")).toBe(before);
  });
});

describe("a key that is not the ledger's", () => {
  test("does not seal a ledger sealed with another one, because no single key would verify the ledger any more", async () => {
    await sealed();
    await run("keys", "new", "--out", folder.path("others"), "--name", "test");
    const other = folder.path("others/ledger.key");
    const commands = [
      ["seal"],
      ["serve", "--port", "0", "--log-level", "silent"],
      ["export", folder.path("bundle.txt"), "--bundle"],
    ];
    for (const command of commands) {
      const { code, said } = await run(...command, "--store", store(), "--key", other);
      expect(said, command[0]).toMatch(
        /is not this ledger's key: another key signed its last seal, at sequence 4,/,
      );
      expect(code, command[0]).toBe(2);
    }
    expect((await run("seal", "--store", store(), "--key", secret())).code).toBe(0);
    expect((await run("verify", "--store", store(), "--key", publicKey())).code).toBe(0);
  });
});

describe("the command verify", () => {
  test("does not accept the ledger's own key as a witness's, because then nobody else has signed", async () => {
    await sealed();
    const key = ["--key", publicKey(), "--witness", publicKey()];
    const { code, said } = await run("verify", "--store", store(), ...key);
    expect([code, said]).toEqual([2, expect.stringMatching(/is the ledger's own key/)]);
  });

  test("accepts a bundle of a sealed ledger that continues the checkpoint seen before", async () => {
    const since = await sealed();
    const bundle = folder.path("bundle.txt");
    const exported = await run("export", bundle, "--bundle", "--key", secret(), "--store", store());
    expect(exported.said).toContain("4 events exported");
    const { code, out } = await run("verify", bundle, "--key", publicKey(), "--since", since);
    expect(out).toMatch(/verified: no findings\n$/);
    expect(code).toBe(0);
    writeFileSync(bundle, readFileSync(bundle, "utf8").replace("hardware", "software"));
    const changed = await run("verify", bundle, "--key", publicKey());
    expect(changed.out).toMatch(/WRONG {2}event 4: the seal over 3 events does not match/);
    expect(changed.code).toBe(1);
  });

  test("refuses a checkpoint over no events, because it would fit any history", async () => {
    await sealed();
    const signer = parseSigner(readFileSync(secret(), "utf8"));
    const empty = signCheckpoint({ origin: "test", size: 0n, root: emptyRoot }, signer);
    writeFileSync(folder.path("empty"), empty);
    const args = ["verify", "--store", store(), "--key", publicKey()];
    const { code, said } = await run(...args, "--since", folder.path("empty"));
    expect(said).toContain("a checkpoint over no events fits any history");
    expect(code).toBe(2);
  });

  test("says that missing events at the end cannot be ruled out, unless an earlier checkpoint is given", async () => {
    await sealed();
    const args = ["verify", "--store", store(), "--key", publicKey()];
    const before = await run(...args);
    expect(before.out).toMatch(/consistency +NOT CHECKED: the history may be truncated/);
    expect(before.code).toBe(0);
  });

  test("checks every checkpoint in the file that --seal-to writes, and finds missing events at the end", async () => {
    await sealed();
    const place = folder.path("checkpoints");
    for (const n of [5, 6]) {
      const fact = { id: `00000000-0000-4000-8000-00000000001${n}`, type: "NodeReturned" };
      const data = { cluster: "a", node: "n", faultIds: [`f${n}`] };
      const line = JSON.stringify({ ...fact, occurredAt: "2026-01-03T00:00:00Z", data });
      writeFileSync(folder.path("more.ndjson"), line);
      await run("import", "events", folder.path("more.ndjson"), "--store", store());
      const { out } = await run("seal", "--store", store(), "--key", secret());
      await witness(place).write(out);
    }
    const args = ["verify", "--store", store(), "--key", publicKey(), "--since", place];
    const whole = await run(...args);
    expect(whole.out).toMatch(/over 7 events and 1 earlier ones: these are the first ones/);
    expect(whole.code).toBe(0);
    const cut = "DELETE FROM events WHERE sequence > 4; DELETE FROM leaves WHERE first > 4";
    tamper(folder.path("ledger.sqlite"), cut);
    // Who can do that can take away what notes the last event beside the file.
    rmSync(folder.path("ledger.sqlite.head"));
    const shorter = await run(...args);
    expect(shorter.out).toContain("it covers 7 events, but this history has only 4");
    expect(shorter.code).toBe(1);
    // Grown again beyond what was seen, and sealed to the same place: the older heads tell.
    for (let n = 0; n < 4; n++) {
      const { out } = await run("seal", "--store", store(), "--key", secret());
      await witness(place).write(out);
    }
    const regrown = await run(...args);
    expect(regrown.out).toMatch(/not consistent with .*: the first 5 events are not the ones/);
    expect(regrown.code).toBe(1);
    writeFileSync(place, readFileSync(place, "utf8").slice(0, -20));
    const torn = await run(...args);
    expect(torn.said).toContain(`${place}, line 26: not a signed note`);
    expect(torn.code).toBe(2);
    writeFileSync(place, "");
    expect((await run(...args)).said).toContain("contains no checkpoint");
  });

  test("names the changed event in a store, and a backup of such a store is not restored", async () => {
    await sealed();
    expect((await run("verify", "--store", store(), "--key", publicKey())).code).toBe(0);
    tamper(folder.path("ledger.sqlite"), "UPDATE events SET occurred_at = 1 WHERE sequence = 2");
    const { code, out } = await run("verify", "--store", store(), "--key", publicKey());
    expect(out).toMatch(/WRONG {2}event 2: it is not what was stored/);
    expect(code).toBe(1);
    const backup = folder.path("backup");
    expect((await run("backup", backup, "--store", store())).code).toBe(0);
    const target = `sqlite:${folder.path("restored.sqlite")}`;
    expect((await run("restore", backup, "--store", target, "--key", publicKey())).code).toBe(1);
    expect((await run("events", "--store", target)).code).toBe(2);
  });

  test("finds deleted hashes, and no bundle of the ledger is signed", async () => {
    await sealed();
    tamper(folder.path("ledger.sqlite"), "DELETE FROM leaves WHERE first = 1");
    const what = /event 1: no hash is stored for it/;
    const { code, out } = await run("verify", "--store", store(), "--key", publicKey());
    expect([code, out]).toEqual([1, expect.stringMatching(what)]);
    const bundle = folder.path("bundle.txt");
    const args = [bundle, "--bundle", "--key", secret(), "--store", store()];
    const exported = await run("export", ...args);
    expect([exported.code, exported.said]).toEqual([1, expect.stringMatching(what)]);
    expect(existsSync(bundle)).toBe(false);
  });

  test.each([
    { sql: "PRAGMA user_version = 1", what: /in file format 1; this version reads and writes/ },
    { sql: "DROP TABLE leaves", what: /the table "leaves" is missing/ },
    {
      sql: "DROP TABLE leaves; PRAGMA user_version = 1",
      what: /in file format 1; this version reads and writes/,
    },
  ])(
    "refuses a file altered to look as if no hashes were ever stored ($sql), as does every command that signs",
    async ({ sql, what }) => {
      await sealed();
      tamper(folder.path("ledger.sqlite"), sql);
      const bundle = folder.path("bundle.txt");
      const commands = [
        ["verify", "--key", publicKey()],
        ["seal", "--key", secret()],
        ["export", bundle, "--bundle", "--key", secret()],
      ];
      for (const command of commands) {
        const { code, said } = await run(...command, "--store", store());
        expect([code, said], command[0]).toEqual([2, expect.stringMatching(what)]);
      }
      expect(existsSync(bundle)).toBe(false);
    },
  );

  test("finds an event that was rewritten together with its hash, and nothing of the ledger is signed again", async () => {
    await sealed();
    const path = folder.path("ledger.sqlite");
    tamper(path, "UPDATE events SET occurred_at = 1 WHERE sequence = 2");
    await hashAnew(path);
    const wrong = /something among events 1 to 3 (was changed|was changed after it was sealed)/;
    const { code, out } = await run("verify", "--store", store(), "--key", publicKey());
    expect([code, out]).toEqual([1, expect.stringMatching(wrong)]);
    const bundle = folder.path("bundle.txt");
    for (const command of [["seal"], ["export", bundle, "--bundle"]]) {
      const signed = await run(...command, "--store", store(), "--key", secret());
      expect([signed.code, signed.said]).toEqual([1, expect.stringMatching(wrong)]);
    }
    expect(existsSync(bundle)).toBe(false);
  });

  test("refuses a secret key in place of a public one, and says what is missing", async () => {
    await sealed();
    const withSecret = await run("verify", "--store", store(), "--key", secret());
    expect(withSecret.code).toBe(2);
    expect(withSecret.said).toContain("takes the public one");
  });
});

describe("the commands backup and restore", () => {
  test("restore the whole ledger with its seals, and refuse a name that is in use", async () => {
    const since = await sealed();
    const backup = folder.path("backup");
    await run("backup", backup, "--store", store());
    expect((await run("backup", backup, "--store", store())).code).toBe(2);
    const target = `sqlite:${folder.path("restored.sqlite")}`;
    const args = ["restore", backup, "--store", target, "--key", publicKey(), "--since", since];
    const { code, said } = await run(...args);
    expect(said).toContain(`restored: ${target}`);
    expect(code).toBe(0);
    const [before, after] = [
      await run("events", "--store", store()),
      await run("events", "--store", target),
    ];
    expect(after.out).toBe(before.out);
    expect((await run(...args)).code).toBe(2);
  });
});
