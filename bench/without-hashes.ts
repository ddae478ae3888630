/** What ingest would do without leaf hashes: for measuring what these cost. No ledger can be opened that has none. */
import { PackedHashes } from "../src/events/canonical/leaf-hash.ts";

/** How much hashing may slow ingest: 15 % of the rate without it are left off. */
export const hashedRateAim = 0.85;

/** Appends make no leaves, neither text nor hash, until what is returned is called. */
export function stopHashing(): () => void {
  const own = Object.getOwnPropertyDescriptor(PackedHashes.prototype, "addEvent");
  if (own === undefined) throw new Error("leaves are hashed elsewhere");
  Object.defineProperty(PackedHashes.prototype, "addEvent", { ...own, value: () => undefined });
  return () => {
    Object.defineProperty(PackedHashes.prototype, "addEvent", own);
  };
}
