/**
 * The CRC-32 of two texts behind each other, from the CRC-32 of each: a large text that is kept is not read again for each
 * beginning that it gets. A CRC is a polynomial over GF(2), its lowest bit the highest power; the first text's is multiplied
 * by x once for each bit of the second (RFC 1952, 8; as `crc32_combine` of zlib does).
 */

const polynomial = 0xedb88320;

/** x to the powers 1, 2, 4, 8 and so on. */
const powers: readonly number[] = powersOfTwo();

/** `secondBytes` is the length of the second text in bytes. */
export function joinedCrc(first: number, second: number, secondBytes: number): number {
  let product = first;
  // A bit of the number of bytes stands for eight times as many bits of text.
  for (let bytes = secondBytes, i = 3; bytes > 0; bytes = Math.floor(bytes / 2), i++)
    if (bytes % 2 === 1) product = times(powers[i] ?? 0, product);
  return (product ^ second) >>> 0;
}

function powersOfTwo(): number[] {
  const made = [0x40000000];
  // Texts of up to 2^53 bytes.
  for (let power = made[0] ?? 0; made.length < 56;) made.push((power = times(power, power)));
  return made;
}

/** The product of two polynomials, modulo that of the CRC. */
function times(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) product ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
  }
  return product >>> 0;
}
