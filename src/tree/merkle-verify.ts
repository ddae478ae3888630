/**
 * Checking proofs, by RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the same tree as RFC 6962). Sizes and
 * indices are BigInt: a proof from elsewhere may speak of trees beyond 2^53.
 */
import { hashChildren, hashSizeBytes } from "../events/canonical/merkle-hash.ts";

export interface InclusionClaim {
  readonly leafIndex: bigint;
  readonly treeSize: bigint;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

export interface ConsistencyClaim {
  readonly firstSize: bigint;
  readonly secondSize: bigint;
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

const maxSize = 2n ** 64n;

/** Whether the proof shows that the leaf is at that place in the tree with that root. */
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

/**
 * Whether the proof shows that the second tree is the first one with leaves appended. A first tree of
 * size 0 is refused whatever the proof: it would commit to nothing.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { firstSize, secondSize } = claim;
  if (firstSize <= 0n || firstSize > secondSize || secondSize >= maxSize) return false;
  const first = Buffer.from(claim.firstRoot);
  if (firstSize === secondSize) return claim.proof.length === 0 && first.equals(claim.secondRoot);
  if (!areHashes([claim.firstRoot, claim.secondRoot, ...claim.proof])) return false;
  const isPowerOfTwo = (firstSize & (firstSize - 1n)) === 0n;
  const path = isPowerOfTwo ? [first, ...claim.proof] : [...claim.proof];
  const start = path.shift();
  if (start === undefined) return false;
  let fn = firstSize - 1n;
  let sn = secondSize - 1n;
  while ((fn & 1n) === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let firstRunning: Buffer = Buffer.from(start);
  let secondRunning: Buffer = Buffer.from(start);
  for (const sibling of path) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      firstRunning = hashChildren(sibling, firstRunning);
      secondRunning = hashChildren(sibling, secondRunning);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      secondRunning = hashChildren(secondRunning, sibling);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && firstRunning.equals(first) && secondRunning.equals(claim.secondRoot);
}

function areHashes(values: readonly Uint8Array[]): boolean {
  return values.every((value) => value.length === hashSizeBytes);
}
