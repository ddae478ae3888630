import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { openCheckpoint, signCheckpoint } from "../../src/tree/checkpoint.ts";
import { hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { rootOf } from "../tree/recursive-root.ts";
import { verifyBundle, verifyStore } from "../../src/verify/verify.ts";
import type { Verification } from "../../src/verify/verify.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { findingsOf, sealedBundle } from "./sealed-bundle.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";
import { forger, makeSealedLedger, signer, verifier } from "../seals/sealed-ledger.ts";

const lineOf = ({ lines }: Verification, what: string) =>
  lines.find((line) => line.what === what)?.words;

describe("a bundle", () => {
  test("that lacks only the last event of those seen before is refused", async () => {
    const { path } = await sealedBundle();
    const since = { origin: signer.name, size: 39n, root: Buffer.alloc(32) };
    const { findings } = await verifyBundle(path, { verifier, since });
    expect(findings.map(({ message }) => message)).toEqual([
      "not consistent with the earlier checkpoint: it covers 39 events, but this history has only 38",
    ]);
  });

  test("of an intact ledger is verified, and the report has a line per check", async () => {
    const { path, firstCheckpoint } = await sealedBundle();
    const since = openCheckpoint(firstCheckpoint, verifier);
    const result = await verifyBundle(path, { verifier, since });
    expect(result.findings).toEqual([]);
    expect(lineOf(result, "events")).toMatch(/^38: /);
    expect(lineOf(result, "seals")).toMatch(/^2, .*first 35 of 38/);
    expect(lineOf(result, "issued reports")).toMatch(/^2 recomputed/);
    expect(lineOf(result, "consistency")).toMatch(/over 30 events: these are the first ones/);
  });

  test("signed by another key, or cut back and signed again, is refused", async () => {
    const { bytes, path, firstCheckpoint } = await sealedBundle();
    const lines = bytes.toString().split("\n");
    const first = lines.slice(0, 31).join("\n");
    const shorter = Buffer.from(`${first}\n\n${firstCheckpoint}`);
    expect(await findingsOf(path, shorter)).toEqual([]);
    const result = await verifyBundle(path, {
      verifier,
      since: { origin: "test-ledger", size: 38n, root: Buffer.alloc(32) },
    });
    expect(result.findings[0]?.message).toMatch(
      /it covers 38 events, but this history has only 30/,
    );
    const head = openCheckpoint(firstCheckpoint, verifier);
    const forged = Buffer.from(`${first}\n\n${signCheckpoint(head, forger)}`);
    expect(await findingsOf(path, forged)).not.toEqual([]);
  });
});

describe("a store", () => {
  test("of an intact ledger is verified, unless it does not continue the checkpoint seen before", async () => {
    const path = freshPath();
    const { firstCheckpoint } = await makeSealedLedger(path);
    const store = await openEmbeddedStore({ path, mode: "read" });
    onTestFinished(() => store.close());
    const since = openCheckpoint(firstCheckpoint, verifier);
    const good = await verifyStore(store, { verifier, since });
    expect(good.findings).toEqual([]);
    expect(lineOf(good, "stored hashes")).toMatch(/^38 compared/);
    const other = { ...since, root: Buffer.alloc(32, 7) };
    const { findings } = await verifyStore(store, { verifier, since: other });
    expect(findings[0]?.message).toMatch(/^not consistent with the earlier checkpoint/);
  });
});

describe("a bundle's issued reports", () => {
  const changedReport = async (): Promise<{ text: string; path: string }> => {
    const { bytes, path } = await sealedBundle();
    const text = bytes.toString().split("\n\n")[0] ?? "";
    return { text: text.replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${"0".repeat(64)}"`), path };
  };

  test("that differ from what was issued are named, whoever signed them", async () => {
    const { text, path } = await changedReport();
    // Somebody with the key could sign anything: the report is found by what it says.
    const leaves = text.split("\n").slice(1);
    const root = rootOf(leaves.map((leaf) => hashLeaf(leaf)));
    const head = { origin: signer.name, size: BigInt(leaves.length), root };
    writeFileSync(path, `${text}\n\n${signCheckpoint(head, signer)}`);
    const result = await verifyBundle(path, { verifier });
    expect(result.findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^report alpha-january gives a different document/),
    );
    expect(lineOf(result, "issued reports")).toMatch(/^2 recomputed/);
  });

  test("are not computed if the checkpoint covers other events", async () => {
    const { text, path } = await changedReport();
    const [, ...note] = readFileSync(path, "utf8").split("\n\n");
    writeFileSync(path, `${text}\n\n${note.join("\n\n")}`);
    const result = await verifyBundle(path, { verifier });
    expect(lineOf(result, "issued reports")).toMatch(/^NOT CHECKED: no signature by test-ledger/);
    expect(result.findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^the tree over these events differs from the signed one/),
    );
  });
});

describe("a bundle that the key has not signed", () => {
  test("is refused by its last lines, before any of its events is read", async () => {
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
      { what: "events", words: "NOT READ: no valid signature by test-ledger covers them" },
    ]);
    expect(result.findings).toEqual([
      { sequence: null, message: expect.stringMatching(/^the checkpoint at the end is invalid/) },
    ]);
    expect(steps).toEqual([]);
  });
});
