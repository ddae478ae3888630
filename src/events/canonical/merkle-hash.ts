/** The hashes of RFC 6962, section 2.1: SHA-256 with one prefix for leaves and another for inner nodes. */
import { createHash, hash } from "node:crypto";

/** Bytes of a hash. */
export const hashSizeBytes = 32;

/** The root of the empty tree. */
export const emptyRoot: Buffer = hash("sha256", "", "buffer");

/** Hash of a leaf: SHA-256(0x00 || entry). A text is taken as UTF-8. */
export function hashLeaf(entry: string | Uint8Array): Buffer {
  // U+0000 is the single byte 0x00 in UTF-8, so one call hashes prefix and text.
  if (typeof entry === "string") return hash("sha256", `\u0000${entry}`, "buffer");
  return createHash("sha256").update(leafPrefix).update(entry).digest();
}

const leafPrefix = Buffer.from([0]);
const nodeBytes = Buffer.alloc(1 + 2 * hashSizeBytes, 1);

/**
 * The root over leaf hashes that stand one after another in `packed` (not none): level by level, an odd
 * last one goes up as it is. Overwrites `packed`.
 */
export function packedRoot(packed: Buffer): Buffer {
  let count = packed.length / hashSizeBytes;
  while (count > 1) {
    const pairs = count >> 1;
    for (let pair = 0; pair < pairs; pair++) {
      packed.copy(nodeBytes, 1, pair * 2 * hashSizeBytes, (pair + 1) * 2 * hashSizeBytes);
      // As latin1 text the digest costs half of a buffer of its own.
      packed.write(hash("sha256", nodeBytes, "latin1"), pair * hashSizeBytes, "latin1");
    }
    if (count % 2 === 1) {
      packed.copyWithin(pairs * hashSizeBytes, (count - 1) * hashSizeBytes, count * hashSizeBytes);
    }
    count = pairs + (count % 2);
  }
  return Buffer.from(packed.subarray(0, hashSizeBytes));
}

/** Hash of an inner node: SHA-256(0x01 || left || right). */
export function hashChildren(left: Uint8Array, right: Uint8Array): Buffer {
  nodeBytes.set(left, 1);
  nodeBytes.set(right, 1 + hashSizeBytes);
  return hash("sha256", nodeBytes, "buffer");
}

/** The largest power of two smaller than `n`, for n > 1 (up to 2^53). */
export function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
