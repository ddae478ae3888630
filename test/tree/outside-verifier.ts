/**
 * An auditor's verifier, written from docs/audit.md, "Checking a proof without this program", and from nothing else:
 * it imports nothing of the project.
 */
import { createHash, createPublicKey, verify } from "node:crypto";

const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer =>
  createHash("sha256")
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();
const node = (left: Uint8Array, right: Uint8Array) => sha256(Buffer.of(1), left, right);
const areHashes = (list: readonly Buffer[]) => list.every(({ length }) => length === 32);
const bytes = (base64: string) => Buffer.from(base64, "base64");

export interface Head {
  readonly size: bigint;
  readonly root: Buffer;
}

/** Throws for a key that does not fit its id, and for a checkpoint that it has not signed. */
export function headOf(checkpoint: string, publicKey: string): Head {
  const [, name = "", id = "", encoded = ""] =
    /^([^+]+)\+([0-9a-f]{8})\+(.*)$/.exec(publicKey.trim()) ?? [];
  const key = bytes(encoded);
  if (key.length !== 33 || key[0] !== 1) throw new Error("not a key");
  if (sha256(name, "\n", key).toString("hex", 0, 4) !== id) throw new Error("the id is wrong");
  const end = checkpoint.lastIndexOf("\n\n");
  const text = checkpoint.slice(0, end + 1);
  const own = checkpoint
    .slice(end + 2)
    .split("\n")
    .map((line) => /^— (\S+) (\S+)$/.exec(line))
    .filter((line) => line?.[1] === name)
    .map((line) => bytes(line?.[2] ?? ""))
    .filter((signature) => signature.toString("hex", 0, 4) === id);
  const [signature] = own;
  if (signature === undefined || own.length > 1) throw new Error("not signed once by the key");
  const x = key.subarray(1).toString("base64url");
  const ed25519 = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
  if (!verify(null, Buffer.from(text), ed25519, signature.subarray(4)))
    throw new Error("the signature is wrong");
  const [origin, size = "", root = ""] = text.split("\n");
  if (origin !== name) throw new Error("of another ledger");
  return { size: BigInt(size), root: bytes(root) };
}

export const leafHashOf = (leaf: string): Buffer => sha256(Buffer.of(0), leaf);

export function rootOver(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes;
  if (only === undefined) throw new Error("no leaves");
  if (hashes.length === 1) return only;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return node(rootOver(hashes.slice(0, k)), rootOver(hashes.slice(k)));
}

export function isIncluded(
  leafHash: Buffer,
  index: bigint,
  { size, root }: Head,
  hashes: readonly Buffer[],
): boolean {
  if (index >= size || !areHashes([leafHash, root, ...hashes])) return false;
  let [fn, sn, r] = [index, size - 1n, leafHash];
  for (const p of hashes) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      r = node(p, r);
      while (fn % 2n === 0n && fn > 0n) [fn, sn] = [fn / 2n, sn / 2n];
    } else {
      r = node(r, p);
    }
    [fn, sn] = [fn / 2n, sn / 2n];
  }
  return sn === 0n && r.equals(root);
}

export function isConsistent(first: Head, second: Head, hashes: readonly Buffer[]): boolean {
  if (first.size <= 0n || first.size > second.size) return false;
  if (first.size === second.size) return hashes.length === 0 && first.root.equals(second.root);
  if (!areHashes([first.root, second.root, ...hashes])) return false;
  const isPowerOfTwo = (first.size & (first.size - 1n)) === 0n;
  const [start, ...rest] = isPowerOfTwo ? [first.root, ...hashes] : hashes;
  if (start === undefined) return false;
  let [fn, sn, a, b] = [first.size - 1n, second.size - 1n, start, start];
  while (fn % 2n === 1n) [fn, sn] = [fn / 2n, sn / 2n];
  for (const p of rest) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      [a, b] = [node(p, a), node(p, b)];
      while (fn % 2n === 0n && fn > 0n) [fn, sn] = [fn / 2n, sn / 2n];
    } else {
      b = node(b, p);
    }
    [fn, sn] = [fn / 2n, sn / 2n];
  }
  return sn === 0n && a.equals(first.root) && b.equals(second.root);
}
