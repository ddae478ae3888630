/**
 * Verifies proofs that a leaf is in a tree, by RFC 9162, section 2.1.3.2 (the same tree as RFC 6962). Sizes and indices
 * are BigInt: a foreign proof may be about a tree beyond 2^53.
 */
import { hashChildren, hashSizeBytes } from "../events/canonical/merkle-hash.ts";

interface InclusionClaim {
  readonly leafIndex: bigint;
  readonly treeSize: bigint;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

const maxSize = 2n ** 64n;

/** Whether the proof shows that the leaf has that index in the tree with that root. */
export function verifyInclusion(claim: InclusionClaim): boolean {
  const { leafIndex, treeSize, proof } = claim;
  if (leafIndex < 0n || leafIndex >= treeSize || treeSize >= maxSize) return false;
  if (!areHashes([claim.leafHash, claim.root, ...proof])) return false;
  let fn = leafIndex;
  let sn = treeSize - 1n;
  let running: Buffer = Buffer.from(claim.leafHash);
  for (const sibling of proof) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      running = hashChildren(sibling, running);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      running = hashChildren(running, sibling);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && running.equals(claim.root);
}

function areHashes(values: readonly Uint8Array[]): boolean {
  return values.every((value) => value.length === hashSizeBytes);
}
