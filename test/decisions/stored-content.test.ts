/** That a decision is part of what is stored: in the leaf, in copies and bundles, and by no sender's word. */
import { execFile } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { requestHash } from "../../src/decisions/command/asked.ts";
import { deciding } from "../../src/decisions/command/deciding.ts";
import { submitRollout } from "../../src/decisions/rollouts/rollouts.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";

const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

const id = "00000000-0000-4000-8000-000000000001";
const submission = {
  rollout: "r1",
  cluster: "alpha",
  updates: [{ component: "driver", version: "2" }],
  impact: { kind: "impactless" as const },
  urgency: "routine" as const,
};
const fact = {
  id: "00000000-0000-4000-8000-00000000000f",
  type: "ClusterRegistered",
  occurredAt: "2026-01-01T00:00:00Z",
  data: { cluster: "alpha" },
};
const reported = {
  id,
  type: "RolloutStarted",
  occurredAt: "2026-01-02T00:00:00Z",
  data: { rollout: "r1", cluster: "alpha" },
};
const decision = { command: "start", sequence: 1, request: "0".repeat(64) };

async function run(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]);
  return stdout;
}

/** Submits a rollout as the second event. */
async function decide(ledger: Ledger): Promise<void> {
  await ledger.submit([fact]);
  await submitRollout(
    deciding(ledger),
    {
      command: "submit",
      caller: { actor: "ann", roles: null, clusters: null },
      said: { reason: "due", ticket: "OPS-1" },
      id,
      request: requestHash("submit", "/v1/rollouts", submission),
      minSequence: 0,
    },
    submission,
  );
}

function formatOf(path: string): unknown {
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare("PRAGMA user_version").get()?.["user_version"];
}

describe("a decision that a sender writes", () => {
  test("is refused at /decision, with a word on how a whole ledger is moved", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const [refusal] = await ledger.submit([{ ...reported, decision }]);
    if (refusal?.status !== "refused") throw new Error("it was taken");
    expect(refusal.error.code).toBe("invalid-event");
    expect(refusal.error.errors).toEqual([
      { path: "/decision", message: expect.stringContaining("--keep-recorded-at") as unknown },
    ]);
  });

  test("is taken with the events of a whole ledger, and shown", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const recordedAt = "2026-01-03T00:00:00Z";
    const moved = [fact, { ...reported, decision }].map((each) => ({ ...each, recordedAt }));
    await ledger.submit(moved, { preserveTimestamps: true });
    expect((await ledger.store.readAt(2))?.attribution).toEqual({ decision });
  });

  test.each([
    [{ ...decision, command: "Start!" }],
    [{ ...decision, sequence: -1 }],
    [{ ...decision, request: "no hash" }],
    [{ ...decision, more: 1 }],
  ])("is refused when it is none that the ledger writes: %j", async (forged) => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const moved = { ...reported, decision: forged, recordedAt: "2026-01-03T00:00:00Z" };
    const [outcome] = await ledger.submit([moved], { preserveTimestamps: true });
    expect(outcome?.status).toBe("refused");
  });

  test("is refused on a type that is never decided", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const moved = { ...fact, decision, recordedAt: "2026-01-03T00:00:00Z" };
    const [outcome] = await ledger.submit([moved], { preserveTimestamps: true });
    expect(outcome).toMatchObject({ status: "refused", error: { code: "invalid-event" } });
  });
});

describe("a ledger with a decision", () => {
  test("has it in the leaf between the data and the id; leaves of facts have their bytes", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await decide(ledger);
    await ledger.close();
    const store = await openEmbeddedStore({ path: temporary.path, mode: "read" });
    const leaves: string[] = [];
    for await (const batch of store.readLeaves(0)) leaves.push(...batch);
    await store.close();
    expect(leaves[0]).not.toContain("decision");
    const request = requestHash("submit", "/v1/rollouts", submission);
    expect(leaves[1]).toContain(
      `},"decision":{"command":"submit","request":"${request}","sequence":1},"id":"${id}","occurredAt"`,
    );
  });

  test("is in file format 5 from its first decision on, which older versions refuse", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([fact]);
    expect(formatOf(temporary.path)).toBe(4);
    await decide(ledger);
    expect(formatOf(temporary.path)).toBe(5);
  });

  test("is exported as a bundle of format 2, which verifies and restores to the same tree head", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await decide(ledger);
    await ledger.close();
    const folder = dirname(temporary.path);
    const [bundle, copy, keys] = ["b.bundle", "copy.sqlite", "keys"].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    await run("keys", "new", "--out", keys);
    const key = join(keys, "ledger.key");
    const store = `sqlite:${temporary.path}`;
    await run("export", bundle, "--bundle", "--store", store, "--key", key);
    const text = readFileSync(bundle, "utf8");
    expect(text.split("\n", 1)).toEqual(["fleetledger bundle 2"]);
    const trusted = ["--key", join(keys, "ledger.pub")];
    await run("verify", bundle, ...trusted);
    await run("restore", bundle, "--store", `sqlite:${copy}`, ...trusted);
    expect(formatOf(copy)).toBe(5);
    const forged = join(folder, "forged.bundle");
    for (const changed of [
      text.replace("bundle 2", "bundle 1"),
      text.replace('"command":"submit"', '"command":"cancel"'),
      text.replace(/,"decision":\{[^}]*\}/, ""),
    ]) {
      writeFileSync(forged, changed);
      await expect(run("verify", forged, ...trusted)).rejects.toThrow("Command failed");
    }
  });

  test("whose stored decision was changed does not open its leaf", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await decide(ledger);
    await ledger.close();
    const path = join(dirname(temporary.path), "changed.sqlite");
    copyFileSync(temporary.path, path);
    const db = new DatabaseSync(path);
    db.exec("DROP TRIGGER events_are_not_edited");
    db.exec(
      `UPDATE events SET attribution = replace(attribution, '"sequence":1', '"sequence":"1"')`,
    );
    db.exec(
      "CREATE TRIGGER events_are_not_edited BEFORE UPDATE ON events\n    BEGIN SELECT RAISE(ABORT, 'a fact is never edited'); END",
    );
    db.close();
    const store = await openEmbeddedStore({ path, mode: "read" });
    await expect(store.readAt(2)).rejects.toMatchObject({ code: "corrupt-event" });
    await store.close();
  });
});

test("the hash of what was asked leaves out the id, and nothing else", () => {
  const hash = requestHash("start", "/v1/rollouts/r1/start", { actor: "ann" });
  expect(requestHash("start", "/v1/rollouts/r1/start", { actor: "ann", id })).toBe(hash);
  expect(requestHash("start", "/v1/rollouts/r2/start", { actor: "ann" })).not.toBe(hash);
  expect(requestHash("pause", "/v1/rollouts/r1/start", { actor: "ann" })).not.toBe(hash);
  expect(requestHash("start", "/v1/rollouts/r1/start", { actor: "ben" })).not.toBe(hash);
});
