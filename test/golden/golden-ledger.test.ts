/** What a release wrote: ledgers that today's code must read, prove and report on to the byte. See `README.md`. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventTypes } from "../../src/events/catalogue.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { sealNow } from "../../src/seals/seal-now.ts";
import { decisionFormatVersion, formatVersion } from "../../src/store/sqlite/rows/file-format.ts";
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

const seeReadme = "a golden ledger has to be added: test/golden/README.md says how";
const clock = { nowMs: () => Date.parse(goldenNow) };

/** The text from its last empty line but one on: the signed checkpoint at a bundle's end. */
function checkpointOf(bundle: string): string {
  return bundle.slice(bundle.indexOf("\n\n") + 2);
}

/** Each golden ledger with the format of its file, in the order in which they were made: the newest is the last. */
const formats: readonly (readonly [name: string, format: number])[] = [
  ["0.1.0", 2],
  ["0.1.0-decisions", 3],
  ["0.1.0-lookups", 4],
  ["0.1.0-lookups-decisions", 5],
];

/** The types of the events in a golden ledger's bundle. */
function typesIn(name: string): Set<string> {
  const lines = readFileSync(join(goldenFolder(name), bundleFile), "utf8").split("\n");
  const events = lines.filter((line) => line.startsWith("{"));
  return new Set(events.map((line) => (JSON.parse(line) as { type: string }).type));
}

test("each golden ledger has the file format that its release wrote", () => {
  const found = goldenNames().map((name) => {
    const file = readFileSync(join(goldenFolder(name), ledgerFile));
    // `user_version` in the header of an SQLite file.
    return [name, file.readUInt32BE(60)];
  });
  expect(found).toEqual(formats.toSorted(([a], [b]) => (a < b ? -1 : 1)));
});

test("there is a golden ledger of each file format that is written today", () => {
  const written = formats.map(([, format]) => format);
  expect(written, seeReadme).toEqual(
    expect.arrayContaining([formatVersion, decisionFormatVersion]),
  );
});

test("the newest golden ledger holds an event of every type of the catalogue", () => {
  const types = typesIn(formats.at(-1)?.[0] ?? "");
  const missing = eventTypes.filter((type) => !types.has(type));
  expect(missing, seeReadme).toEqual([]);
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
  const types = typesIn("0.1.0");
  expect(types.size).toBe(48);
  expect(eventTypes).toEqual(expect.arrayContaining([...types]));
});
