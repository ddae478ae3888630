/**
 * An API key as people carry it: `flk_ID_SECRET_CHECK`. The check tells a mistyped key from a wrong one without the ledger;
 * the prefix lets scanners find a key that was published.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

interface KeyText {
  /** The public part. */
  readonly key: string;
  /** 256 random bits, as base64url. */
  readonly secret: string;
}

const form = /^flk_([0-9a-z]{10})_([A-Za-z0-9_-]{43})_([0-9A-Za-z]{6})$/;
const lowerLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
const digits62 = `${lowerLetters.slice(0, 10)}${lowerLetters.slice(10).toUpperCase()}${lowerLetters.slice(10)}`;

export function newKey(): KeyText {
  const key = Array.from({ length: 10 }, () => lowerLetters[randomInt(lowerLetters.length)]);
  return { key: key.join(""), secret: randomBytes(32).toString("base64url") };
}

export function keyText({ key, secret }: KeyText): string {
  const told = `flk_${key}_${secret}`;
  return `${told}_${checkOf(told)}`;
}

/** The parts of a key; `null` if the text is no key, or was mistyped. */
export function parseKey(text: string): KeyText | null {
  const [, key, secret, check] = form.exec(text) ?? [];
  if (key === undefined || secret === undefined) return null;
  return checkOf(`flk_${key}_${secret}`) === check ? { key, secret } : null;
}

/** SHA-256 in hexadecimal: 256 random bits need no slow hash. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares two hashes of the same length in a time that says nothing about either. */
export function sameHash(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** CRC-32 in base 62, of six digits. */
function checkOf(text: string): string {
  let rest = crc32(text);
  let check = "";
  for (let i = 0; i < 6; i++) {
    check = `${digits62[rest % 62] ?? ""}${check}`;
    rest = Math.floor(rest / 62);
  }
  return check;
}
