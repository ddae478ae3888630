/**
 * Checking proofs that one tree goes on from another, by RFC 9162, section 2.1.4.2, as an auditor would. The
 * ledger itself gives such proofs and needs none: it has every event.
 */
import { hashChildren, hashSizeBytes } from "../../src/events/canonical/merkle-hash.ts";

interface ConsistencyClaim {
  readonly firstSize: bigint;
  readonly secondSize: bigint;
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

const maxSize = 2n ** 64n;

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
