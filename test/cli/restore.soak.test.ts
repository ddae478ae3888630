import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeSealedLedger, publicKeyText, secretKeyText } from "../seals/sealed-ledger.ts";
import { newKey } from "../../src/tree/signed-note.ts";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { tamper } from "../store/sqlite/ledger-file.ts";
import { run, temporaryFolder } from "./run.ts";

const program = fileURLToPath(new URL("../../bin/fleetledger.js", import.meta.url));
const folder = temporaryFolder();
afterAll(folder.remove);

const original = `sqlite:${folder.path("original.sqlite")}`;
const key = folder.path("ledger.pub");
const secret = folder.path("ledger.key");
const files = { backup: folder.path("ledger.backup"), bundle: folder.path("ledger.bundle") };
const sources = ["backup", "bundle"] as const;
let made = 0;

/** A name that no ledger has yet. */
function freshName(): string {
  return folder.path(`restored-${++made}.sqlite`);
}

/** What there is of a ledger of that name, whole or in part. */
function traces(path: string): string[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return readdirSync(folder.path(".")).filter((each) => each.startsWith(name));
}

async function restore(from: string, to: string, ...more: string[]) {
  return await run("restore", from, "--store", `sqlite:${to}`, "--key", key, ...more);
}

async function exported(store: string): Promise<string> {
  const bundle = folder.path(`bundle-${++made}`);
  const args = [bundle, "--bundle", "--key", secret, "--store", store];
  expect(await run("export", ...args)).toMatchObject({ code: 0 });
  return readFileSync(bundle, "utf8");
}

beforeAll(async () => {
  const { firstCheckpoint } = await makeSealedLedger(folder.path("original.sqlite"));
  writeFileSync(key, `${publicKeyText}\n`);
  writeFileSync(secret, `${secretKeyText}\n`);
  writeFileSync(folder.path("first-checkpoint"), firstCheckpoint);
  await run("backup", files.backup, "--store", original);
  await run("export", files.bundle, "--bundle", "--key", secret, "--store", original);
});

describe.each(sources)("a ledger restored from a %s", (kind) => {
  test("is the same ledger: its events with positions and times, its tree, its figures", async () => {
    const target = freshName();
    const outcome = await restore(files[kind], target, "--since", folder.path("first-checkpoint"));
    expect(outcome).toMatchObject({ code: 0 });
    expect(outcome.out).toContain("verified: no findings");
    expect(outcome.said).toContain(`restored: sqlite:${target}`);
    const store = `sqlite:${target}`;
    expect(await exported(store)).toBe(readFileSync(files.bundle, "utf8"));
    expect((await run("replay", "--store", store)).out).toMatch(/^equal byte for byte/);
    const verified = await run("verify", "--store", store, "--key", key);
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.out).toMatch(/issued reports +2 recomputed/);
    const report = ["report", "--cluster", "alpha", "--period", "2026-01", "--format", "json"];
    const [then, now] = [original, store].map((each) => run(...report, "--store", each));
    expect((await now)?.out).toBe((await then)?.out);
  });

  test("can be continued: it accepts events and is sealed", async () => {
    const target = freshName();
    await restore(files[kind], target);
    const store = `sqlite:${target}`;
    const said = ["--actor", "eva", "--reason", "it did not happen", "--store", store];
    const id = "00000000-0000-4000-8000-000000000003";
    expect(await run("retract", id, ...said)).toMatchObject({ code: 0 });
    expect(await run("seal", "--key", secret, "--store", store)).toMatchObject({ code: 0 });
    const since = folder.path("first-checkpoint");
    const args = ["--store", store, "--key", key, "--since", since];
    expect(await run("verify", ...args)).toMatchObject({ code: 0 });
  });

  test("is refused under a name in use, and the files there are unchanged", async () => {
    const target = freshName();
    copyFileSync(files.backup, target);
    const before = readFileSync(target);
    const outcome = await restore(files[kind], target);
    expect(outcome).toMatchObject({ code: 2 });
    expect(outcome.said).toContain("already exists");
    expect(readFileSync(target).equals(before)).toBe(true);
  });

  test("ignores derived files of an earlier ledger with its name", async () => {
    const target = freshName();
    writeFileSync(`${target}.derived`, "of another");
    await restore(files[kind], target);
    expect(existsSync(`${target}.derived`)).toBe(false);
  });

  test("is refused while another process writes to a ledger with that name", async () => {
    const target = freshName();
    const { lockForWriting } = await import("../../src/store/sqlite/files/writer-lock.ts");
    const lock = lockForWriting(target);
    const outcome = await restore(files[kind], target);
    lock.release();
    expect(outcome).toMatchObject({ code: 2 });
    expect(outcome.said).toContain("Ledger locked by another process");
    expect(existsSync(target)).toBe(false);
  });
});

/** Copies a file with a change to its bytes. */
function changed(kind: keyof typeof files, change: (bytes: Buffer) => Buffer): string {
  const path = folder.path(`changed-${++made}`);
  writeFileSync(path, change(readFileSync(files[kind])));
  return path;
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

const cutInHalf = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);

describe("nothing is restored", () => {
  test.each([
    ["a backup that was cut off", () => changed("backup", cutInHalf), 1],
    // Whether what ends too early is a bundle that is wrong or none at all is verify's word.
    ["a bundle that was cut off", () => changed("bundle", cutInHalf), expect.any(Number)],
    [
      "a bundle without its checkpoint",
      () => changed("bundle", (bytes) => bytes.subarray(0, bytes.indexOf("\n\n") + 2)),
      1,
    ],
    [
      "a backup with a changed event",
      () => changed("backup", (bytes) => flip(bytes, bytes.lastIndexOf("hardware"))),
      1,
    ],
    [
      "a bundle with a changed event",
      () => changed("bundle", (bytes) => flip(bytes, bytes.indexOf("hardware"))),
      1,
    ],
    [
      "a backup whose pages were overwritten",
      () => changed("backup", (bytes) => bytes.fill(7, 16_384, 24_576)),
      1,
    ],
    ["an empty file", () => changed("bundle", () => Buffer.alloc(0)), 2],
    ["a file of something else", () => key, 2],
    ["a file that is not there", () => folder.path("nothing"), 2],
    ["a folder", () => folder.path("."), 2],
  ])("from %s, and the message says so", async (_, file, code) => {
    const target = freshName();
    const outcome = await restore(file(), target);
    expect(outcome.code, outcome.said).toEqual(code);
    expect(outcome.code).not.toBe(0);
    expect(outcome.said).not.toMatch(/internal error|\n +at /);
    expect(traces(target)).toEqual([]);
  });

  test.each(sources)("from a %s signed with another key", async (kind) => {
    const other = folder.path("other.pub");
    writeFileSync(other, `${newKey("test-ledger").verifier}\n`);
    const target = freshName();
    const args = [files[kind], "--store", `sqlite:${target}`, "--key", other];
    expect(await run("restore", ...args)).toMatchObject({ code: 1 });
    expect(traces(target)).toEqual([]);
  });

  test.each(sources)("from a %s that does not continue what was seen before", async (kind) => {
    const seen = folder.path(`seen-${kind}`);
    const other = folder.path(`other-${kind}.sqlite`);
    await makeSealedLedger(other, { nodes: ["n7"] });
    const sealed = await run("seal", "--store", `sqlite:${other}`, "--key", secret);
    writeFileSync(seen, sealed.out);
    const target = freshName();
    const outcome = await restore(files[kind], target, "--since", seen);
    expect(outcome).toMatchObject({ code: 1 });
    expect(traces(target)).toEqual([]);
  });

  test("from a backup in which an event and its stored hash were changed, which its seals show", async () => {
    const path = folder.path(`rewritten-${++made}`);
    copyFileSync(files.backup, path);
    tamper(path, "UPDATE events SET occurred_at = occurred_at + 1 WHERE sequence = 4");
    const target = freshName();
    const outcome = await restore(path, target);
    expect(outcome).toMatchObject({ code: 1 });
    expect(outcome.out).toMatch(/WRONG +event 4/);
    expect(traces(target)).toEqual([]);
  });

  test("from a backup with a foreign trigger, which would silently lose later events", async () => {
    const path = folder.path(`with-trigger-${++made}`);
    copyFileSync(files.backup, path);
    tamper(path, "CREATE TRIGGER quiet BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END");
    const target = freshName();
    const outcome = await restore(path, target);
    expect(outcome.code).not.toBe(0);
    expect(outcome.said).toContain(
      'it has the trigger "quiet" on "events", which a ledger does not have',
    );
    expect(traces(target)).toEqual([]);
  });

  test.skipIf(process.platform === "win32").each(sources)("from a %s onto a full disk", (kind) => {
    const target = freshName();
    // A process that may write no file beyond 32 KiB.
    const command = `ulimit -f 64; exec "${process.execPath}" "${program}" restore "${files[kind]}" --store "sqlite:${target}" --key "${key}"`;
    const { status, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
    expect(status, stderr).not.toBe(0);
    expect(stderr).toMatch(/full|I\/O error/);
    expect(stderr).not.toMatch(/\n +at /);
    expect(traces(target)).toEqual([]);
  });
});

test.each(sources)(
  "a restore from a %s that is stopped or killed leaves the whole ledger or none",
  async (kind) => {
    const random = randomSource(9);
    let stopped = 0;
    for (let n = 0; n < soakRuns(4, 1); n++) {
      const target = freshName();
      const signal = random.pick(["SIGINT", "SIGTERM", "SIGKILL"] as const);
      const args = [program, "restore", files[kind], "--store", `sqlite:${target}`, "--key", key];
      const child = spawn(process.execPath, args, { stdio: "ignore" });
      const over = once(child, "exit");
      const isBegun = (): boolean => traces(target).some((each) => each.includes(".part"));
      while (child.exitCode === null && !isBegun()) await pause(1);
      // The first one at once, so that it comes before the end on any machine.
      if (n > 0) await pause(random.between(0, 40));
      child.kill(signal);
      await over;
      if (!existsSync(target)) {
        stopped++;
        await restore(files[kind], target);
      }
      const store = `sqlite:${target}`;
      expect(await exported(store)).toBe(readFileSync(files.bundle, "utf8"));
    }
    expect(stopped).toBeGreaterThan(0);
  },
);

describe("a backup of an unsealed ledger", () => {
  const backup = folder.path("unsealed.backup");

  beforeAll(async () => {
    const plain = `sqlite:${folder.path("unsealed.sqlite")}`;
    const events = fileURLToPath(new URL("../../examples/events.ndjson", import.meta.url));
    const file = folder.path("events.ndjson");
    writeFileSync(file, readFileSync(events, "utf8").replaceAll("NOW", "2026-03-01T00:00:00Z"));
    await run("import", "events", file, "--store", plain);
    await run("backup", backup, "--store", plain);
  });

  test("is restored with --unsealed, and not with a key that has signed nothing in it", async () => {
    const target = freshName();
    const refused = await restore(backup, target);
    expect(refused).toMatchObject({
      code: 1,
      out: expect.stringContaining("not sealed") as string,
    });
    expect(traces(target)).toEqual([]);
    const done = await run("restore", backup, "--store", `sqlite:${target}`, "--unsealed");
    expect(done).toMatchObject({ code: 0, said: expect.stringContaining("restored") as string });
  });

  test("needs --unsealed, which restores no sealed ledger", async () => {
    for (const from of [files.backup, files.bundle]) {
      const target = freshName();
      const refused = await run("restore", from, "--store", `sqlite:${target}`, "--unsealed");
      expect(refused.code).toBe(1);
      expect(traces(target)).toEqual([]);
    }
  });

  test("takes exactly one of --key and --unsealed, and the message says what each is for", async () => {
    for (const both of [[], ["--key", key, "--unsealed"]]) {
      const refused = await run("restore", backup, "--store", `sqlite:${freshName()}`, ...both);
      expect(refused).toMatchObject({
        code: 2,
        said: expect.stringContaining("--unsealed for a ledger that was never sealed") as string,
      });
    }
  });
});
