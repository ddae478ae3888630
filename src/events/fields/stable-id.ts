/** Ids that come out the same whenever the same input is imported, so that a second import appends nothing. */
import { createHash } from "node:crypto";

/**
 * A UUID made of the SHA-256 of the parts: version 8 of RFC 9562, whose bits are the maker's own. The
 * parts are told apart by their lengths, so that no two lists of parts give the same text.
 */
export function stableId(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
