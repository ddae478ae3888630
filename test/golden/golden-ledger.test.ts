/** What a release wrote: ledgers that today's code must read, prove and report on to the byte. See `README.md`. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventTypes } from "../../src/events/catalogue.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { sealNow } from "../../src/seals/seal-now.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { openCheckpoint } from "../../src/tree/checkpoint.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { replay } from "../../src/verify/replay.ts";
import { verifyBundle, verifyStore } from "../../src/verify/verify.ts";
import {
  answeredReports,
  bundleFile,
  filesOf,
  goldenFolder,
  goldenNames,
  goldenNow,
  goldenSigner,
  goldenVerifier,
  ledgerFile,
  sumsFile,
  sumsOf,
} from "./golden-ledger.ts";

const clock = { nowMs: () => Date.parse(goldenNow) };

/** The text from its last empty line but one on: the signed checkpoint at a bundle's end. */
function checkpointOf(bundle: string): string {
  return bundle.slice(bundle.indexOf("\n\n") + 2);
}

test("at least one golden ledger exists", () => {
  expect(goldenNames()).toContain("0.1.0");
});

describe.each(goldenNames())("the golden ledger of %s", (name) => {
  const golden = goldenFolder(name);
  const scratch = mkdtempSync(join(tmpdir(), "fleetledger-golden-"));
  const bundle = join(golden, bundleFile);
  const since = openCheckpoint(checkpointOf(readFileSync(bundle, "utf8")), goldenVerifier);

  beforeAll(() => {
    for (const file of filesOf(golden)) copyFileSync(join(golden, file), join(scratch, file));
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  async function opened<T>(mode: "read" | "write", work: (ledger: Ledger) => Promise<T>) {
    const store = `sqlite:${join(scratch, ledgerFile)}`;
    const ledger = await openLedger({ store, mode, clock });
    try {
      return await work(ledger);
    } finally {
      await ledger.close();
    }
  }

  test("has not changed since it was written", () => {
    expect(sumsOf(golden)).toBe(readFileSync(join(golden, sumsFile), "utf8"));
  });

  test("and its bundle are both verified, and one continues the other", async () => {
    const verified = await opened("read", (ledger) =>
      verifyStore(leafStore(ledger.store), { verifier: goldenVerifier, since }),
    );
    expect(verified.findings).toEqual([]);
    expect(verified.head.size).toBe(since.size);
    expect((await verifyBundle(bundle, { verifier: goldenVerifier, since })).findings).toEqual([]);
  });

  test("replays without a difference", async () => {
    const { documents, difference } = await opened("read", (ledger) =>
      replay(ledger, leafStore(ledger.store)),
    );
    expect(difference).toBeNull();
    expect(documents).toBeGreaterThan(4);
  });

  test("gives each issued report, and its restatement, byte for byte as the release did", async () => {
    const answers = await opened("read", (ledger) => answeredReports(ledger, clock));
    const reports = filesOf(golden).filter((file) => /\.(json|csv)$/.test(file));
    expect(reports.length).toBeGreaterThan(8);
    expect([...answers.keys()].sort()).toEqual(reports);
    for (const file of reports) {
      expect(answers.get(file), file).toBe(readFileSync(join(golden, file), "utf8"));
    }
  });

  test("accepts events and seals of today's version, and is still verified from its old end on", async () => {
    await opened("write", async (ledger) => {
      const data = { cluster: "alpha", node: "n5", faultId: "f9", category: "unknown" };
      const id = "60000000-0000-4000-8002-000000000001";
      const fact = { id, type: "NodeFailed", occurredAt: "2026-04-10T00:00:00Z", data };
      const [taken] = await ledger.submit([fact]);
      expect(taken).toMatchObject({ status: "appended", sequence: Number(since.size) + 1 });
      const tree = await openLedgerTree(ledger.store);
      await sealNow({ ledger, tree, signer: goldenSigner, clock });
    });
    const { findings, head } = await opened("read", (ledger) =>
      verifyStore(leafStore(ledger.store), { verifier: goldenVerifier, since }),
    );
    expect(findings).toEqual([]);
    expect(head.size).toBe(since.size + 2n);
  });
});

test("the golden ledger of 0.1.0 holds an event of each of the 48 types that 0.1.0 had", () => {
  const types = new Set(
    readFileSync(join(goldenFolder("0.1.0"), bundleFile), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => (JSON.parse(line) as { type: string }).type),
  );
  expect(types.size).toBe(48);
  expect(eventTypes).toEqual(expect.arrayContaining([...types]));
});
