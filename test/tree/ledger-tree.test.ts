import { rmSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { rootOf } from "./recursive-root.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { verifyInclusion } from "../../src/tree/merkle-verify.ts";
import { isConsistent } from "./outside-verifier.ts";
import type { EmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { checkedEvents, part, positionOf } from "../contract/sample-events.ts";
import { freshPath, tamper } from "../store/sqlite/ledger-file.ts";

async function open(path: string, mode: "read" | "write" = "write"): Promise<EmbeddedStore> {
  const store = await openEmbeddedStore({ path, mode });
  onTestFinished(() => store.close());
  return store;
}

async function textsOf(store: EmbeddedStore): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of store.readLeaves(0)) texts.push(...batch);
  return texts;
}

/** Events in appends of 1, 2, 3, … events, each to a stream of its own. */
async function appendSome(store: EmbeddedStore, appends: number, name = "s"): Promise<void> {
  for (let n = 1; n <= appends; n++) {
    await positionOf(store, part(`${name}${n}`, "no-stream", checkedEvents(n)));
  }
}

describe("the tree over a ledger", () => {
  test("has the root of the stored events at every size, with valid proofs", async () => {
    const store = await open(freshPath());
    await appendSome(store, 30);
    const hashes = (await textsOf(store)).map((text) => hashLeaf(text));
    expect(hashes).toHaveLength(465);
    const tree = await openLedgerTree(store);
    const root = rootOf(hashes);
    expect((await tree.root()).equals(root)).toBe(true);
    for (let size = 1; size <= hashes.length; size++) {
      const firstRoot = await tree.root(size);
      expect(firstRoot.equals(rootOf(hashes, 0, size))).toBe(true);
      const leafHash = await tree.leafHash(size);
      expect(leafHash.equals(hashes[size - 1] ?? root)).toBe(true);
      const inclusion = {
        leafIndex: BigInt(size - 1),
        treeSize: 465n,
        leafHash,
        root,
        proof: await tree.inclusionProof(size - 1, 465),
      };
      expect(verifyInclusion(inclusion)).toBe(true);
      const [first, last] = [
        { size: BigInt(size), root: firstRoot },
        { size: 465n, root },
      ];
      expect(isConsistent(first, last, await tree.consistencyProof(size, 465))).toBe(true);
    }
  });

  test("follows the ledger when it is read, also after another process's appends", async () => {
    const path = freshPath();
    const store = await open(path);
    const reader = await open(path, "read");
    const [tree, seen] = [await openLedgerTree(store), await openLedgerTree(reader)];
    expect(tree.size).toBe(0);
    await appendSome(store, 4);
    expect(await tree.root(10)).toEqual(await seen.root(10));
    expect(tree.size).toBe(10);
    await expect(tree.root(11)).rejects.toMatchObject({ code: "position-past-head" });
    const waiting = seen.waitFor(11);
    await positionOf(store, part("later", "no-stream", checkedEvents(1)));
    await waiting;
    expect(seen.size).toBe(11);
    await expect(seen.waitFor(12, 1)).rejects.toMatchObject({ code: "not-ready" });
    tree.close();
    await expect(tree.root()).rejects.toMatchObject({ code: "store-unavailable" });
  });
});

describe("stored hashes", () => {
  test.each([
    { sql: "DELETE FROM leaves", sequence: 1 },
    { sql: "DELETE FROM leaves WHERE first = 4", sequence: 4 },
  ])("that were deleted ($sql) are not recreated for a writer", async ({ sql, sequence }) => {
    const path = freshPath();
    const store = await openEmbeddedStore({ path, mode: "write" });
    await appendSome(store, 3);
    await store.close();
    tamper(path, sql);
    await expect(openEmbeddedStore({ path, mode: "write" })).rejects.toMatchObject({
      code: "corrupt-event",
      extra: { sequence },
    });
  });

  test("with a gap give no tree", async () => {
    const path = freshPath();
    const store = await openEmbeddedStore({ path, mode: "write" });
    await appendSome(store, 3);
    await store.close();
    tamper(path, "DELETE FROM leaves WHERE first = 2");
    await expect(openLedgerTree(await open(path))).rejects.toMatchObject({
      code: "corrupt-event",
      extra: { sequence: 2 },
    });
  });

  test("beyond the last event keep a writer out, and the message names the sequence", async () => {
    const path = freshPath();
    const store = await openEmbeddedStore({ path, mode: "write" });
    await appendSome(store, 3);
    await store.close();
    tamper(path, "DELETE FROM events WHERE sequence > 4");
    // Without what notes the last event beside the file, the hashes alone tell.
    rmSync(`${path}.head`);
    await expect(openEmbeddedStore({ path, mode: "write" })).rejects.toMatchObject({
      code: "corrupt-event",
      extra: { sequence: 5 },
    });
  });
});
