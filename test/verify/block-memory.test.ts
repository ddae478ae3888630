/** What `verify` takes of memory: as much as its leaves need, up to what blocks have. */
import { statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { leafBlockBytes } from "../../src/limits/seals.ts";
import { bundleBlocks } from "../../src/verify/bundle-blocks.ts";
import { BlockMemory, blocksOfTexts } from "../../src/verify/leaves/block-source.ts";
import { verifyBundle } from "../../src/verify/verify.ts";
import { verifier } from "../seals/sealed-ledger.ts";
import { sealedBundle } from "./sealed-bundle.ts";

async function sizesOf(
  blocks: AsyncIterable<{ readonly bytes: Uint8Array }>,
): Promise<readonly number[]> {
  const sizes: number[] = [];
  for await (const { bytes } of blocks) sizes.push(bytes.buffer.byteLength);
  return sizes;
}

async function* batchesOf(...leaves: string[]) {
  yield leaves;
}

test("a small bundle takes memory of its own size, and a longer one more", async () => {
  const { bytes, path } = await sealedBundle();
  writeFileSync(path, bytes);
  const { size } = statSync(path);
  const small = bundleBlocks(path, new BlockMemory(size + 2), () => undefined);
  expect(await sizesOf(small)).toEqual([size + 2]);
  const unknown = bundleBlocks(path, new BlockMemory(), () => undefined);
  expect(await sizesOf(unknown)).toEqual([2 * leafBlockBytes]);
});

test("a bundle that is longer than it was said to be is read whole", async () => {
  const { bytes, path } = await sealedBundle();
  writeFileSync(path, bytes);
  let rest = "";
  const blocks = bundleBlocks(path, new BlockMemory(10), (text) => (rest = text));
  let leaves = 0;
  for await (const { ends } of blocks) leaves += ends.length;
  const lines = bytes.toString().split("\n");
  expect(leaves).toBe(lines.indexOf("") - 1);
  expect(bytes.toString().endsWith(rest)).toBe(true);
  expect((await verifyBundle(path, { verifier })).findings).toEqual([]);
});

test("leaves from a store take what they need, whatever letters they have", async () => {
  const ascii = "x".repeat(leafBlockBytes / 2);
  const wide = "€".repeat(leafBlockBytes / 2);
  const memory = () => new BlockMemory(0);
  expect(await sizesOf(blocksOfTexts(batchesOf(ascii), memory()))).toEqual([ascii.length + 2]);
  expect(await sizesOf(blocksOfTexts(batchesOf(wide), memory()))).toEqual([3 * wide.length + 2]);
});
