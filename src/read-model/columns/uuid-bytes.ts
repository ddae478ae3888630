/** UUIDs as sixteen bytes. */

/** Bytes of a UUID. */
export const idBytes = 16;

const scratch = Buffer.alloc(36);
const hexDigits = Buffer.from("0123456789abcdef");
const hyphen = 0x2d;

/** Writes a UUID as sixteen bytes. */
export function writeId(into: Buffer, at: number, id: string): void {
  let digit = 0;
  for (let i = 0; i < idBytes; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) digit++;
    into[at + i] = (digitOf(id.charCodeAt(digit)) << 4) | digitOf(id.charCodeAt(digit + 1));
    digit += 2;
  }
}

/** The value of a lower-case hexadecimal digit: codes of letters have bit 6 set, and their low bits count from 1. */
function digitOf(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

/** Reads a UUID as lower-case text. */
export function readId(from: Buffer, at: number): string {
  let digit = 0;
  for (let i = 0; i < idBytes; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) scratch[digit++] = hyphen;
    const byte = from[at + i] ?? 0;
    scratch[digit++] = hexDigits[byte >> 4] ?? 0;
    scratch[digit++] = hexDigits[byte & 15] ?? 0;
  }
  return scratch.toString("latin1", 0, 36);
}
