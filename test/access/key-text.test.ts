import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashOf, keyText, newKey, parseKey, sameHash } from "../../src/access/key-text.ts";

/** CRC-32 bit by bit, as its definition says; shares nothing with zlib. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function base62(value: number): string {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let text = "";
  for (let rest = value; text.length < 6; rest = Math.floor(rest / 62)) {
    text = digits.charAt(rest % 62) + text;
  }
  return text;
}

describe("the text of a key", () => {
  test("has a prefix, a public part of 10, a secret of 43 and a check of 6 characters", () => {
    for (let i = 0; i < 200; i++) {
      expect(keyText(newKey())).toMatch(/^flk_[0-9a-z]{10}_[A-Za-z0-9_-]{43}_[0-9A-Za-z]{6}$/);
    }
  });

  test("ends with the CRC-32 of the rest in base 62", () => {
    for (let i = 0; i < 200; i++) {
      const text = keyText(newKey());
      expect(text.slice(-6)).toBe(base62(crc32(text.slice(0, -7))));
    }
  });

  test("is read back into its parts", () => {
    const parts = newKey();
    expect(parseKey(keyText(parts))).toEqual(parts);
  });

  test("is refused if any character was mistyped", () => {
    const text = keyText(newKey());
    for (let i = 0; i < text.length; i++) {
      const other = text[i] === "x" ? "y" : "x";
      expect(parseKey(text.slice(0, i) + other + text.slice(i + 1)), `at ${i}`).toBeNull();
    }
    for (const wrong of ["", "flk_", text.slice(0, -1), `${text}0`, ` ${text}`]) {
      expect(parseKey(wrong)).toBeNull();
    }
  });

  test("is new each time", () => {
    const made = Array.from({ length: 100 }, newKey);
    expect(new Set(made.map(({ key }) => key)).size).toBe(100);
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(100);
  });
});

test("a secret is kept as its SHA-256, and only the same one has the same hash", () => {
  const { secret } = newKey();
  expect(hashOf(secret)).toBe(createHash("sha256").update(secret).digest("hex"));
  expect(sameHash(hashOf(secret), hashOf(secret))).toBe(true);
  expect(sameHash(hashOf(secret), hashOf(`${secret.slice(0, -1)}!`))).toBe(false);
});
