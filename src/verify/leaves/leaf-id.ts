/** Reads an event's id as four words from the bytes of its leaf. */
import { uuidLength } from "./leaf-position.ts";

export const idWords = 4;

/** Writes a lower-case UUID as four words; returns `false` for any other text. */
export function writeId(bytes: Uint8Array, idAt: number, into: Int32Array, at: number): boolean {
  let wrong = 0;
  let word = 0;
  let digits = 0;
  for (let i = 0; i < uuidLength; i++) {
    const code = bytes[idAt + i] ?? 0;
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      wrong |= code ^ hyphen;
      continue;
    }
    const digit = digitOf[code] ?? notADigit;
    wrong |= digit & notADigit;
    word = (word << 4) | digit;
    if ((++digits & 7) === 0) into[at + (digits >> 3) - 1] = word;
  }
  if (wrong === 0) return true;
  into.fill(0, at, at + idWords);
  return false;
}

const hyphen = 0x2d;
const notADigit = 0x80;
const digitOf = new Uint8Array(256).fill(notADigit);
for (let digit = 0; digit < 16; digit++) digitOf[digit.toString(16).charCodeAt(0)] = digit;
