import { emptyRoot, hashChildren, splitPoint } from "../../src/events/canonical/merkle-hash.ts";

/** The root over leaf hashes, by the recursive definition of RFC 6962, section 2.1. */
export function rootOf(
  leafHashes: readonly Uint8Array[],
  from = 0,
  to = leafHashes.length,
): Buffer {
  const n = to - from;
  if (n === 0) return emptyRoot;
  if (n === 1) return Buffer.from(leafHashes[from] as Uint8Array);
  const k = splitPoint(n);
  return hashChildren(rootOf(leafHashes, from, from + k), rootOf(leafHashes, from + k, to));
}
