/** Canonical JSON by RFC 8785: what is stored, hashed and compared. */
import canonicalize from "canonicalize";

/** The canonical text of a JSON value. Throws for what is none (a lone surrogate, NaN, a cycle). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("not a JSON value");
  return text;
}
