/**
 * The simulator's own source of chance: sfc32 (Doty-Humphrey, PractRand), seeded by splitmix32. It is
 * small, well tested and the same on every machine. A stream of numbers of its own is forked for each
 * purpose by a label, so that one more draw in one place changes nothing in another.
 */

/** One step of splitmix32 (Steele, Lea, Flood 2014, in the 32-bit form with murmur's finisher). */
function splitmix32(state: number): { readonly state: number; readonly value: number } {
  const next = (state + 0x9e3779b9) | 0;
  let z = next ^ (next >>> 16);
  z = Math.imul(z, 0x21f0aaad);
  z ^= z >>> 15;
  z = Math.imul(z, 0x735a2d97);
  return { state: next, value: (z ^ (z >>> 15)) >>> 0 };
}

/** FNV-1a over the UTF-16 code units of a label. */
function hashOf(label: string, basis: number): number {
  let hash = basis ^ 0x811c9dc5;
  for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

const two53 = 2 ** 53;

export class Random {
  readonly #seed: number;
  readonly #label: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** `seed` is any safe integer. */
  constructor(seed: number, label = "") {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is a safe integer, not ${seed}`);
    this.#seed = seed;
    this.#label = label;
    const high = Math.floor(seed / 2 ** 32) | 0;
    let step = splitmix32(hashOf(label, (seed | 0) ^ Math.imul(high, 0x85ebca6b)));
    this.#a = step.value | 0;
    step = splitmix32(step.state);
    this.#b = step.value | 0;
    step = splitmix32(step.state ^ hashOf(label, high));
    this.#c = step.value | 0;
    for (let i = 0; i < 15; i++) this.uint32();
  }

  /** A stream of its own, the same for the same seed and path of labels, however much was drawn here. */
  fork(label: string): Random {
    return new Random(this.#seed, `${this.#label}/${label}`);
  }

  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** From 0, below 1, with 53 bits. */
  float(): number {
    return ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / two53;
  }

  /** A whole number from 0, below `count`. */
  below(count: number): number {
    return Math.floor(this.float() * count);
  }

  /** A whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** Exponentially distributed; `Infinity` for a mean of `Infinity`. */
  exponential(mean: number): number {
    return -Math.log(1 - this.float()) * mean;
  }

  /** Log-normally distributed about `mean` (the mean itself, not the median). */
  logNormal(mean: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.float()));
    const normal = radius * Math.cos(2 * Math.PI * this.float());
    return mean * Math.exp(sigma * normal - (sigma * sigma) / 2);
  }

  pick<T>(list: readonly T[]): T {
    const value = list[this.below(list.length)];
    if (value === undefined) throw new RangeError("nothing to pick from");
    return value;
  }

  /** `count` different elements in the order of the list, all of them if there are no more. */
  sample<T>(list: readonly T[], count: number): T[] {
    let left = Math.min(count, list.length);
    return list.filter((_, i) => {
      const taken = this.float() * (list.length - i) < left;
      if (taken) left--;
      return taken;
    });
  }

  /** A UUID of version 4. */
  uuid(): string {
    const hex = (bits: number) => bits.toString(16).padStart(8, "0");
    const a = hex(this.uint32());
    const b = hex(((this.uint32() & 0xffff0fff) | 0x4000) >>> 0);
    const c = hex(((this.uint32() & 0x3fffffff) | 0x80000000) >>> 0);
    const d = hex(this.uint32());
    return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
  }
}
