/** Verification with threads says what it says without; blocks end anywhere and change nothing. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { lookAtBlocks } from "../../src/verify/leaves/block-pool.ts";
import { BlockMemory, blocksOfTexts } from "../../src/verify/leaves/block-source.ts";
import { bundleText } from "../../src/verify/bundle.ts";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { EventPositions } from "../../src/verify/leaves/event-positions.ts";
import type { LeafBlockLook } from "../../src/verify/leaves/leaf-block.ts";
import { hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { rootOf } from "../tree/recursive-root.ts";
import { MerkleTree } from "../../src/tree/merkle-tree.ts";
import { verifyBundle } from "../../src/verify/verify.ts";
import type { Verification } from "../../src/verify/verify.ts";
import { canonicalEvent } from "../../src/events/canonical/canonical.ts";
import { isLedgerError } from "../../src/errors.ts";
import { leafBlockLeaves } from "../../src/limits/seals.ts";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { uuid } from "../ledger/sample-events.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";
import { signer, verifier } from "../seals/sealed-ledger.ts";

const at = Date.UTC(2026, 0, 1);

/** A leaf whose data and reason hold what looks like an envelope, and letters beyond ASCII. */
function leaf(n: number, of: { id?: string; stream?: string; revision?: number } = {}): string {
  const { id = uuid(n), stream = `node-c:size${n % 7}`, revision = Math.floor(n / 7) } = of;
  const rack = `"type":"x","stream":"y" ${"ü".repeat(n % 40)}`;
  const dataJson = JSON.stringify({ cluster: "c", node: stream.slice("node-c:".length), rack });
  const reason = n % 3 === 0 ? { reason: `said "id":"z" ${"€".repeat(n % 300)}` } : {};
  const attributionJson = JSON.stringify({ ...reason, ...(n % 5 === 0 ? { ticket: "T" } : {}) });
  const parts = { stream, revision, id, type: "NodeCommissioned", schemaVersion: 1 };
  return canonicalEvent({ ...parts, occurredAt: at, recordedAt: at, dataJson, attributionJson });
}

async function* inBatches(leaves: readonly string[]): AsyncGenerator<readonly string[]> {
  for (let i = 0; i < leaves.length; i += 1_000) yield leaves.slice(i, i + 1_000);
}

async function looks(leaves: readonly string[], threads: number): Promise<LeafBlockLook[]> {
  const memory = new BlockMemory();
  const blocks = blocksOfTexts(inBatches(leaves), memory);
  const found: LeafBlockLook[] = [];
  for await (const look of lookAtBlocks(blocks, threads, (bytes) => memory.give(bytes)))
    found.push(look);
  return found;
}

async function bundleOf(leaves: readonly string[]): Promise<string> {
  const path = join(freshPath(), "..", "bundle.txt");
  const root = rootOf(leaves.map((text) => hashLeaf(text)));
  const head = { origin: signer.name, size: BigInt(leaves.length), root };
  let text = "";
  const checkpoint = async (): Promise<string> => signCheckpoint(head, signer);
  for await (const piece of bundleText(inBatches(leaves), checkpoint)) text += piece;
  writeFileSync(path, text);
  return path;
}

async function result(path: string, threads: number): Promise<Verification | string> {
  try {
    return await verifyBundle(path, { verifier, threads });
  } catch (error) {
    if (isLedgerError(error, "invalid-request")) return error.message;
    throw error;
  }
}

const many = Array.from({ length: 2 * leafBlockLeaves + 300 }, (_, n) => leaf(n));

describe("reading blocks of leaves", () => {
  test.each([0, 2])(
    "gives the hashes, and the roots of the tree's blocks (%d threads)",
    async (threads) => {
      const found = await looks(many, threads);
      expect(found.map(({ count }) => count)).toEqual([leafBlockLeaves, leafBlockLeaves, 300]);
      const hashes = many.map((text) => hashLeaf(text));
      expect(Buffer.concat(found.map((look) => look.hashes)).equals(Buffer.concat(hashes))).toBe(
        true,
      );
      const tree = new MerkleTree(async () => Buffer.alloc(0));
      for (const look of found) {
        for (let i = 0; i < look.roots.length; i += 32)
          tree.appendBlock(Buffer.from(look.roots.subarray(i, i + 32)));
      }
      tree.appendAll(Buffer.concat(hashes.slice(tree.size)));
      expect(tree.size).toBe(many.length);
      expect(await tree.root()).toEqual(rootOf(hashes));
      const positions = new EventPositions();
      expect(found.flatMap((look) => positions.take(look, look.count))).toEqual([]);
    },
  );

  test("uses only the block's own text, whatever its memory contained before", async () => {
    const memory = new BlockMemory();
    const dirty = memory.take(1);
    dirty.fill(0xc3);
    memory.give(dirty);
    const blocks = blocksOfTexts(inBatches(many.slice(0, 50)), memory);
    const found: boolean[] = [];
    for await (const { isUtf8 } of lookAtBlocks(blocks, 0, () => undefined)) found.push(isUtf8);
    expect(found).toEqual([true]);
  });

  test("finds a duplicate id and a wrong revision, within a block and across blocks", async () => {
    const changed = [...many];
    const far = leafBlockLeaves + 5;
    changed[40] = leaf(40, { id: uuid(7) });
    changed[far] = leaf(far, { id: uuid(0) });
    changed[50] = leaf(50, { revision: 99 });
    const missing = 2 * leafBlockLeaves + 1;
    changed[missing] = leaf(missing, { stream: "node-c:other" });
    const positions = new EventPositions();
    const found = (await looks(changed, 0)).flatMap((look) => positions.take(look, look.count));
    const told = (n: number): string[] =>
      found.filter(({ sequence }) => sequence === n + 1).map(({ message }) => message);
    expect(told(40)).toEqual([`the id ${uuid(7)} is already used by event 8`]);
    expect(told(far)).toEqual([`the id ${uuid(0)} is already used by event 1`]);
    expect(told(50)).toEqual(["it has revision 99 of node-c:size1 instead of 7"]);
    expect(told(57)).toEqual(["it has revision 8 of node-c:size1 instead of 100"]);
    const revision = Math.floor(missing / 7);
    expect(told(missing)).toEqual([`it has revision ${revision} of node-c:other instead of 0`]);
    expect(told(missing + 7)).toEqual([
      `it has revision ${revision + 1} of node-c:size${missing % 7} instead of ${revision}`,
    ]);
    expect(found).toHaveLength(6);
  });
});

describe("verification with threads", () => {
  test("accepts a valid bundle, and reports the same about changed ones as without threads", async () => {
    const path = await bundleOf(many);
    onTestFinished(() => expect(many[0]).toBe(leaf(0)));
    expect(await result(path, 2)).toMatchObject({ findings: [] });
    const bytes = readFileSync(path);
    const random = randomSource(11);
    for (let run = 0; run < soakRuns(8, 1); run++) {
      const changed = Buffer.from(bytes);
      const place = random.between(0, bytes.length - 1);
      changed[place] = (bytes[place] ?? 0) ^ (1 << random.between(0, 7));
      writeFileSync(path, changed);
      const without = await result(path, 0);
      expect(await result(path, 2), `byte ${place}`).toEqual(without);
      const isFound = typeof without === "string" || without.findings.length > 0;
      expect(isFound, `byte ${place}`).toBe(true);
    }
  });

  test("accepts long lines, a few of which fill a block", async () => {
    const fault = { category: "hardware", cluster: "c", codes: [""], faultId: "f", node: "n" };
    const codes = Array.from({ length: 240 }, (_, i) => String(i).padEnd(250, "x"));
    const parts = { stream: "node-c:n", id: uuid(1), type: "NodeFailed", schemaVersion: 1 };
    const long = (revision: number, id: string): string =>
      canonicalEvent({
        ...parts,
        id,
        revision,
        occurredAt: at,
        recordedAt: at,
        dataJson: JSON.stringify({ ...fault, codes: codes.slice(0, 4 * revision + 1) }),
        attributionJson: "{}",
      });
    const leaves = Array.from({ length: 60 }, (_, n) => long(n, uuid(n)));
    const path = await bundleOf(leaves);
    expect(await result(path, 0)).toMatchObject({ findings: [] });
    expect(await result(path, 2)).toMatchObject({ findings: [] });
  });

  test("ends with the error with which a thread fails", async () => {
    async function* broken(): AsyncGenerator<never> {
      yield await Promise.reject(new Error("the disk is gone"));
    }
    const all = lookAtBlocks(broken(), 2, () => undefined);
    await expect(all.next()).rejects.toThrow("the disk is gone");
  });
});
