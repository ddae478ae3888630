import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyRoot, hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { rootOf } from "./recursive-root.ts";
import { MerkleTree } from "../../src/tree/merkle-tree.ts";
import { verifyInclusion } from "../../src/tree/merkle-verify.ts";
import { isConsistent, isIncluded } from "./outside-verifier.ts";
import { randomRuns } from "../random-runs.ts";
import { explainSkip, hasSharedData, sharedData } from "../verify/shared-data.ts";

type Json = Record<string, unknown>;

/** Numbers of the vectors go up to 2^64 - 1: their digits become strings before they are parsed. */
function readVector(path: string): Json {
  return JSON.parse(
    readFileSync(path, "utf8").replaceAll(/:\s*(\d+)(?=\s*[,}])/g, ': "$1"'),
  ) as Json;
}

function vectorFiles(kind: string): string[] {
  const folder = join(sharedData, "vectors/rfc6962-proofs/testdata", kind);
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name));
}

const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : "", "base64");
const proofOf = (value: unknown) => ((value as string[] | null) ?? []).map(bytes);

explainSkip("vectors of RFC 6962 proofs and trees");

describe.skipIf(!hasSharedData)("test vectors from elsewhere:", () => {
  test("every inclusion proof is judged as its vector says", () => {
    const files = vectorFiles("inclusion");
    expect(files).toHaveLength(98);
    for (const file of files) {
      const v = readVector(file);
      const verdict = verifyInclusion({
        leafIndex: BigInt(v.leafIdx as string),
        treeSize: BigInt(v.treeSize as string),
        leafHash: bytes(v.leafHash),
        root: bytes(v.root),
        proof: proofOf(v.proof),
      });
      expect(verdict, file).toBe(v.wantErr !== true);
      const head = { size: BigInt(v.treeSize as string), root: bytes(v.root) };
      const index = BigInt(v.leafIdx as string);
      const ofAuditor = isIncluded(bytes(v.leafHash), index, head, proofOf(v.proof));
      expect(ofAuditor, file).toBe(v.wantErr !== true);
    }
  });

  test("every consistency proof is judged as its vector says, including those from size 0", () => {
    const files = vectorFiles("consistency");
    expect(files).toHaveLength(98);
    let refusedFromZero = 0;
    for (const file of files) {
      const v = readVector(file);
      const first = { size: BigInt(v.size1 as string), root: bytes(v.root1) };
      const second = { size: BigInt(v.size2 as string), root: bytes(v.root2) };
      const verdict = isConsistent(first, second, proofOf(v.proof));
      expect(verdict, file).toBe(v.wantErr !== true);
      if (v.size1 === "0" && !verdict) refusedFromZero++;
    }
    expect(refusedFromZero).toBeGreaterThanOrEqual(3);
  });

  test("the reference tree of eight leaves has the reference roots", () => {
    const tree = JSON.parse(
      readFileSync(join(sharedData, "vectors/rfc6962-tree/reference-tree.json"), "utf8"),
    ) as { leafInputs: string[]; nodeHashesByLevel: string[][]; roots?: string[] } & Json;
    const leaves = tree.leafInputs.map((input) => hashLeaf(Buffer.from(input, "hex")));
    expect(leaves.map((leaf) => leaf.toString("hex"))).toEqual(tree.nodeHashesByLevel[0]);
    const roots = Object.values(tree).find(
      (value): value is string[] =>
        Array.isArray(value) && value.length === 9 && typeof value[0] === "string",
    );
    expect(roots).toBeDefined();
    for (let size = 0; size <= 8; size++)
      expect(rootOf(leaves, 0, size).toString("hex")).toBe(roots?.[size]);
  });
});

describe("the growing tree", () => {
  const leafCount = 1_200;
  const leaves = Array.from({ length: leafCount }, (_, i) => hashLeaf(`leaf ${i}`));
  const tree = new MerkleTree((from, to) => Promise.resolve(Buffer.concat(leaves.slice(from, to))));
  for (const leaf of leaves) tree.append(leaf);

  test("has the root of the recursive definition at every requested size", async () => {
    expect((await tree.root(0)).equals(emptyRoot)).toBe(true);
    for (const size of [1, 2, 3, 255, 256, 257, 511, 512, 513, 767, 1_024, 1_199, leafCount]) {
      expect((await tree.root(size)).equals(rootOf(leaves, 0, size)), `size ${size}`).toBe(true);
    }
  });

  test("proves every leaf at any size, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: leafCount }),
        fc.nat(),
        fc.nat(255),
        async (size, pick, flip) => {
          const index = pick % size;
          const proof = await tree.inclusionProof(index, size);
          const claim = {
            leafIndex: BigInt(index),
            treeSize: BigInt(size),
            leafHash: leaves[index] as Buffer,
            root: rootOf(leaves, 0, size),
            proof,
          };
          expect(verifyInclusion(claim)).toBe(true);
          const wrong = Buffer.from(claim.leafHash);
          wrong[flip % 32] = (wrong[flip % 32] ?? 0) ^ (1 << (flip % 8));
          expect(verifyInclusion({ ...claim, leafHash: wrong })).toBe(false);
          expect(verifyInclusion({ ...claim, proof: [...proof, wrong] })).toBe(false);
        },
      ),
      { numRuns: randomRuns(200) },
    );
  });

  test("proves that each of its states is the beginning of each later state", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: leafCount }),
        fc.nat(),
        async (secondSize, pick) => {
          const firstSize = 1 + (pick % secondSize);
          const proof = await tree.consistencyProof(firstSize, secondSize);
          const first = { size: BigInt(firstSize), root: rootOf(leaves, 0, firstSize) };
          const second = { size: BigInt(secondSize), root: rootOf(leaves, 0, secondSize) };
          expect(isConsistent(first, second, proof)).toBe(true);
          const otherRoot = hashLeaf("another history");
          expect(isConsistent({ ...first, root: otherRoot }, second, proof)).toBe(false);
          expect(isConsistent(first, { ...second, root: otherRoot }, proof)).toBe(false);
        },
      ),
      { numRuns: randomRuns(200) },
    );
  });

  test("refuses a state that it never had", async () => {
    await expect(async () => tree.root(leafCount + 1)).rejects.toThrow(RangeError);
    await expect(tree.inclusionProof(5, 5)).rejects.toThrow(RangeError);
    await expect(tree.consistencyProof(0, 5)).rejects.toThrow(RangeError);
  });
});
