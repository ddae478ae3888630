import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { bundleText } from "../../src/verify/bundle.ts";
import { openCheckpoint, signCheckpoint } from "../../src/tree/checkpoint.ts";
import { hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { rootOf } from "../tree/recursive-root.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { verifyBundle, verifyStore } from "../../src/verify/verify.ts";
import type { Verification } from "../../src/verify/verify.ts";
import { isLedgerError } from "../../src/errors.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { randomRuns } from "../random-runs.ts";
import { randomSource } from "../histories/random-source.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";
import type { SealedOptions } from "../seals/sealed-ledger.ts";
import { forger, makeSealedLedger, signer, verifier } from "../seals/sealed-ledger.ts";

/** The bundle of a sealed ledger as bytes, and where to put changed ones. */
async function sealedBundle(
  options?: SealedOptions,
): Promise<{ bytes: Buffer; path: string; firstCheckpoint: string }> {
  const ledgerPath = freshPath();
  const { firstCheckpoint } = await makeSealedLedger(ledgerPath, options);
  const store = await openEmbeddedStore({ path: ledgerPath, mode: "read" });
  onTestFinished(() => store.close());
  const tree = await openLedgerTree(store);
  let text = "";
  const checkpoint = async () =>
    signCheckpoint(
      { origin: signer.name, size: BigInt(tree.size), root: await tree.root() },
      signer,
    );
  for await (const piece of bundleText(store.readLeaves(0), checkpoint)) text += piece;
  const path = join(ledgerPath, "..", "bundle.txt");
  writeFileSync(path, text);
  return { bytes: Buffer.from(text), path, firstCheckpoint };
}

/** What is wrong with the bytes as a bundle; a file that is none is wrong too. */
async function flawsOf(path: string, bytes: Buffer): Promise<readonly unknown[]> {
  writeFileSync(path, bytes);
  try {
    return (await verifyBundle(path, { verifier })).flaws;
  } catch (error) {
    if (isLedgerError(error, "invalid-request")) return [error.message];
    throw error;
  }
}

const lineOf = ({ lines }: Verification, what: string) =>
  lines.find((line) => line.what === what)?.words;

describe("a bundle", () => {
  test("that lacks no more than the last event of what was seen before is refused", async () => {
    const { path } = await sealedBundle();
    const since = { origin: signer.name, size: 39n, root: Buffer.alloc(32) };
    const { flaws } = await verifyBundle(path, { verifier, since });
    expect(flaws.map(({ message }) => message)).toEqual([
      "not consistent with the checkpoint seen before: it has 39 events, this history only 38",
    ]);
  });

  test("of an honest ledger is verified, line by line", async () => {
    const { path, firstCheckpoint } = await sealedBundle();
    const since = openCheckpoint(firstCheckpoint, verifier);
    const result = await verifyBundle(path, { verifier, since });
    expect(result.flaws).toEqual([]);
    expect(lineOf(result, "events")).toMatch(/^38, /);
    expect(lineOf(result, "seals")).toMatch(/^2, .*first 35 of 38/);
    expect(lineOf(result, "issued reports")).toMatch(/^2 computed again/);
    expect(lineOf(result, "consistency")).toMatch(/over 30 events: these are the first ones/);
  });

  test("in which any byte is changed, is not", async () => {
    const { bytes, path } = await sealedBundle({ nodes: ["n1"], reports: false });
    const random = randomSource(1);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
      expect(await flawsOf(path, changed), `byte ${at}`).not.toEqual([]);
    }
  }, 600_000);

  test("with issued reports in which a byte is changed, is not", async () => {
    const { bytes, path } = await sealedBundle();
    const random = randomSource(3);
    for (let run = 0; run < randomRuns(500); run++) {
      const at = random.between(0, bytes.length - 1);
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
      expect(await flawsOf(path, changed), `byte ${at}`).not.toEqual([]);
    }
  });

  test("from which any bytes are cut, or into which any are put, is not", async () => {
    const { bytes, path } = await sealedBundle();
    const random = randomSource(2);
    for (let run = 0; run < randomRuns(500); run++) {
      const from = random.between(0, bytes.length - 1);
      const to = random.between(from + 1, bytes.length);
      const cut = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
      expect(await flawsOf(path, cut), `without ${from} to ${to}`).not.toEqual([]);
      const put = Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
      expect(await flawsOf(path, put), `${from} to ${to} twice`).not.toEqual([]);
    }
  });

  test("signed by another key, or cut back and signed anew, is refused", async () => {
    const { bytes, path, firstCheckpoint } = await sealedBundle();
    const lines = bytes.toString().split("\n");
    const first = lines.slice(0, 31).join("\n");
    const shorter = Buffer.from(`${first}\n\n${firstCheckpoint}`);
    expect(await flawsOf(path, shorter)).toEqual([]);
    const result = await verifyBundle(path, {
      verifier,
      since: { origin: "test-ledger", size: 38n, root: Buffer.alloc(32) },
    });
    expect(result.flaws[0]?.message).toMatch(/it has 38 events, this history only 30/);
    const head = openCheckpoint(firstCheckpoint, verifier);
    const forged = Buffer.from(`${first}\n\n${signCheckpoint(head, forger)}`);
    expect(await flawsOf(path, forged)).not.toEqual([]);
  });
});

describe("a store", () => {
  test("of an honest ledger is verified, and one that does not go on from the checkpoint seen before is not", async () => {
    const path = freshPath();
    const { firstCheckpoint } = await makeSealedLedger(path);
    const store = await openEmbeddedStore({ path, mode: "read" });
    onTestFinished(() => store.close());
    const since = openCheckpoint(firstCheckpoint, verifier);
    const good = await verifyStore(store, { verifier, since });
    expect(good.flaws).toEqual([]);
    expect(lineOf(good, "stored hashes")).toMatch(/^38 compared/);
    const other = { ...since, root: Buffer.alloc(32, 7) };
    const { flaws } = await verifyStore(store, { verifier, since: other });
    expect(flaws[0]?.message).toMatch(/^not consistent with the checkpoint seen before/);
  });
});

describe("a bundle's issued reports", () => {
  const changedReport = async (): Promise<{ text: string; path: string }> => {
    const { bytes, path } = await sealedBundle();
    const text = bytes.toString().split("\n\n")[0] ?? "";
    return { text: text.replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${"0".repeat(64)}"`), path };
  };

  test("that do not come out as they were issued are named, whoever signed them", async () => {
    const { text, path } = await changedReport();
    // Somebody with the key could sign anything: the report is found by what it says.
    const leaves = text.split("\n").slice(1);
    const root = rootOf(leaves.map((leaf) => hashLeaf(leaf)));
    const head = { origin: signer.name, size: BigInt(leaves.length), root };
    writeFileSync(path, `${text}\n\n${signCheckpoint(head, signer)}`);
    const result = await verifyBundle(path, { verifier });
    expect(result.flaws.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^report alpha-january comes out otherwise/),
    );
    expect(lineOf(result, "issued reports")).toMatch(/^2 computed again/);
  });

  test("are not computed where the checkpoint is over other events", async () => {
    const { text, path } = await changedReport();
    const [, ...note] = readFileSync(path, "utf8").split("\n\n");
    writeFileSync(path, `${text}\n\n${note.join("\n\n")}`);
    const result = await verifyBundle(path, { verifier });
    expect(lineOf(result, "issued reports")).toMatch(/^NOT CHECKED: the key of test-ledger/);
    expect(result.flaws.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^the tree over these events is not the one that was signed/),
    );
  });
});

describe("a bundle that the key has not signed", () => {
  test("is refused by its last lines: not one of its events is read", async () => {
    const { bytes, path, firstCheckpoint } = await sealedBundle();
    const head = openCheckpoint(firstCheckpoint, verifier);
    const [text = ""] = bytes.toString().split("\n\n");
    // Whoever read this line would say that it is no event.
    const unreadable = text.replace("\n{", "\nnot an event {");
    writeFileSync(path, `${unreadable}\n\n${signCheckpoint(head, forger)}`);
    const steps: unknown[] = [];
    const onProgress = (...step: unknown[]) => steps.push(step);
    const result = await verifyBundle(path, { verifier, onProgress });
    expect(result.lines).toEqual([
      { what: "events", words: "NOT READ: the key of test-ledger does not vouch for them" },
    ]);
    expect(result.flaws).toEqual([
      { sequence: null, message: expect.stringMatching(/^the checkpoint at the end is not good/) },
    ]);
    expect(steps).toEqual([]);
  });
});
