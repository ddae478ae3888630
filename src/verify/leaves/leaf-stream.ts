/**
 * Whether a leaf's stream is the one that its type and data determine, decided by the bytes alone. A stream writes names
 * as the data do, escapes included, so the raw bytes can be compared.
 */
import type { PositionSpans } from "./leaf-position.ts";

/** A stream's name: words, with members of the data between them. */
export interface StreamPieces {
  /** One more word than members. */
  readonly words: readonly Uint8Array[];
  readonly members: readonly Uint8Array[];
}

/** Made from the pieces of `piecesOfStream`. */
export function streamPieces(pieces: readonly string[]): StreamPieces {
  const bytes = pieces.map((piece) => Buffer.from(piece));
  return {
    words: bytes.filter((_piece, i) => i % 2 === 0),
    members: bytes.filter((_piece, i) => i % 2 === 1),
  };
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const dataName = Buffer.from("data");

/** `spans` are those of the leaf, which begins at `begin` and has the form that the ledger writes. */
export function fitsStream(
  bytes: Uint8Array,
  begin: number,
  spans: PositionSpans,
  { words, members }: StreamPieces,
): boolean {
  const data = memberAt(bytes, begin + 1, spans.idAt, dataName);
  if (data === 0 || bytes[data] !== openBrace) return false;
  let at = spans.streamAt;
  // Members are ordered by name, and the members of a stream's name are looked up in the same order.
  let from = data + 1;
  for (let i = 0; i < words.length; i++) {
    at = sameBytes(bytes, at, words[i] ?? dataName);
    if (at < 0) return false;
    const name = members[i];
    if (name === undefined) continue;
    const value = memberAt(bytes, from, spans.idAt, name);
    if (value === 0 || bytes[value] !== quote) return false;
    const end = textEnd(bytes, value, spans.idAt);
    from = end + 1;
    for (let own = value + 1; own < end - 1; own++) {
      if (bytes[at++] !== bytes[own]) return false;
    }
  }
  return at === spans.streamEnd;
}

/** Where `expected` ends if it begins at `at`; -1 if other bytes are there. */
function sameBytes(bytes: Uint8Array, at: number, expected: Uint8Array): number {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return -1;
  return at + expected.length;
}

/** Where the value of the member `name` begins, looking from `from` up to `limit`; 0 if there is no such member. */
function memberAt(bytes: Uint8Array, from: number, limit: number, name: Uint8Array): number {
  let at = from;
  while (at < limit && bytes[at] === quote) {
    const keyEnd = textEnd(bytes, at, limit);
    const isIt = keyEnd - at - 2 === name.length && sameBytes(bytes, at + 1, name) > 0;
    // A colon separates a name from its value.
    if (isIt) return keyEnd + 1;
    at = valueEnd(bytes, keyEnd + 1, limit);
    if (bytes[at] !== comma) return 0;
    at++;
  }
  return 0;
}

/** The offset after the value that begins at `at`. */
function valueEnd(bytes: Uint8Array, at: number, limit: number): number {
  const first = bytes[at];
  if (first === quote) return textEnd(bytes, at, limit);
  if (first !== openBrace && first !== openBracket) {
    while (at < limit && !endsValue(bytes[at] ?? comma)) at++;
    return at;
  }
  let depth = 0;
  while (at < limit) {
    const byte = bytes[at];
    if (byte === quote) {
      at = textEnd(bytes, at, limit);
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth++;
    else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return at + 1;
    at++;
  }
  return limit;
}

function endsValue(byte: number): boolean {
  return byte === comma || byte === closeBrace || byte === closeBracket;
}

/** The offset after the closing quote of the text that begins at `at`. */
function textEnd(bytes: Uint8Array, at: number, limit: number): number {
  for (at++; at < limit; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at + 1;
  }
  return limit;
}
