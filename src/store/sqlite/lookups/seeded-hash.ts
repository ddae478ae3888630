/**
 * Hashes of ids and of names, in two words of 32 bits. They are seeded, so that nobody can choose texts that collide; a hit
 * only says where something may be.
 */

/** Four random words, the same for all that one file keeps. */
export type Seeds = readonly [number, number, number, number];

export function randomSeeds(): Seeds {
  const [a = 0, b = 0, c = 0, d = 0] = crypto.getRandomValues(new Int32Array(4));
  return [a, b, c, d];
}

/** Four lower-case hexadecimal digits of `text` from index `at`, as a number. */
function quad(text: string, at: number): number {
  return (
    (digit(text.charCodeAt(at)) << 12) |
    (digit(text.charCodeAt(at + 1)) << 8) |
    (digit(text.charCodeAt(at + 2)) << 4) |
    digit(text.charCodeAt(at + 3))
  );
}

/** Character codes of letters have bit 6 set, and their low bits count from 1. */
function digit(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

export class SeededHash {
  readonly #seeds: Seeds;
  // The last hash; in fields, so that none allocates.
  #text = "";
  #low = 0;
  #high = 0;

  constructor(seeds: Seeds) {
    this.#seeds = seeds;
  }

  /** The low word of what was hashed last. */
  get low(): number {
    return this.#low;
  }

  get high(): number {
    return this.#high;
  }

  /** A UUID, in lower case. */
  ofId(id: string): void {
    // An append looks up an id and then adds it: the hash is computed once.
    if (id === this.#text) return;
    this.#begin(id);
    // A UUID's four words; hyphens stand at 8, 13, 18 and 23.
    this.#mix((quad(id, 0) << 16) | quad(id, 4));
    this.#mix((quad(id, 9) << 16) | quad(id, 14));
    this.#mix((quad(id, 19) << 16) | quad(id, 24));
    this.#mix((quad(id, 28) << 16) | quad(id, 32));
    this.#end();
  }

  ofName(name: string): void {
    this.#begin("");
    for (let i = 0; i < name.length; i++) this.#mix(name.charCodeAt(i));
    this.#end();
  }

  #begin(text: string): void {
    this.#text = text;
    this.#low = this.#seeds[0];
    this.#high = this.#seeds[1];
  }

  #mix(word: number): void {
    const low = Math.imul(this.#low ^ word, 0x9e3779b1);
    this.#low = low ^ (low >>> 15);
    const high = Math.imul(this.#high ^ word ^ (low >>> 7), 0x85ebca6b);
    this.#high = high ^ (high >>> 13);
  }

  #end(): void {
    const low = Math.imul(this.#low ^ this.#seeds[2], 0xc2b2ae35);
    const high = Math.imul(this.#high ^ this.#seeds[3], 0x27d4eb2f);
    this.#low = low ^ (low >>> 16);
    this.#high = high ^ (high >>> 14);
  }
}
