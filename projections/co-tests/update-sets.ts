/** Sets of updates as numbers and bits, so that thousands of unions can be compared. */
import { at, wordAt } from "../arithmetic/invariants.ts";

/** What is installed; its family plays no part here. */
export interface Update {
  readonly component: string;
  readonly version: string;
}

const bitsOfWord = 32;

export class UpdateSets {
  readonly #numbers = new Map<string, number>();
  readonly #updates: Update[] = [];
  /** The number of each update's component. */
  readonly #components: number[] = [];
  readonly #componentNumbers = new Map<string, number>();
  readonly #ids = new Map<string, number>();
  readonly #sets: Uint32Array[] = [];
  readonly #listed = new Map<readonly Update[], number>();
  readonly #bits: Uint32Array[];
  readonly words: number;

  /** The sets of all the lists; equal sets are one. */
  constructor(lists: Iterable<readonly Update[]>) {
    for (const list of lists) if (!this.#listed.has(list)) this.#listed.set(list, this.#add(list));
    this.words = Math.ceil(this.#updates.length / bitsOfWord);
    this.#bits = this.#sets.map((set) => this.#bitsOf(set));
  }

  get count(): number {
    return this.#sets.length;
  }

  /** The number of one of the lists' sets. */
  of(list: readonly Update[]): number {
    const known = this.#listed.get(list);
    if (known === undefined) throw new RangeError("a list of updates that was not given");
    return known;
  }

  bits(set: number): Uint32Array {
    return at(this.#bits, set);
  }

  /** Numbers of the updates, ascending. */
  updates(set: number): Uint32Array {
    return at(this.#sets, set);
  }

  /** The updates of the sets together, by component, then version. */
  named(sets: Iterable<number>): Update[] {
    const numbers = new Set<number>();
    for (const set of sets) for (const number of this.updates(set)) numbers.add(number);
    return [...numbers].map((number) => at(this.#updates, number)).sort(compareUpdates);
  }

  /** Those of the updates that are in any of the sets, and whether that is all of them. */
  known(updates: readonly Update[]): { readonly bits: Uint32Array; readonly isWhole: boolean } {
    const bits = new Uint32Array(this.words);
    let isWhole = true;
    for (const update of updates) {
      const number = this.#numbers.get(updateKey(update));
      if (number === undefined) isWhole = false;
      else setBit(bits, number);
    }
    return { bits, isWhole };
  }

  /** Whether a component is in both sets with two versions. */
  conflict(a: number, b: number): boolean {
    for (const x of this.updates(a))
      for (const y of this.updates(b))
        if (x !== y && at(this.#components, x) === at(this.#components, y)) return true;
    return false;
  }

  /** The updates of a set without those of components that another set has, too. */
  without(set: number, replacing: number): Uint32Array {
    const bits = new Uint32Array(this.words);
    const replaced = new Set(Array.from(this.updates(replacing), (x) => at(this.#components, x)));
    for (const number of this.updates(set))
      if (!replaced.has(at(this.#components, number))) setBit(bits, number);
    return bits;
  }

  /** Whether each update of one set is in the other. */
  isWithin(a: number, b: number): boolean {
    return isSubset(this.bits(a), this.bits(b));
  }

  #add(list: readonly Update[]): number {
    const numbers = Uint32Array.from(new Set(list.map((update) => this.#numberOf(update)))).sort();
    const key = numbers.join(" ");
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#sets.push(numbers) - 1;
    this.#ids.set(key, id);
    return id;
  }

  #numberOf(update: Update): number {
    const key = updateKey(update);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#updates.push(update) - 1;
    this.#numbers.set(key, number);
    const component = this.#componentNumbers.get(update.component) ?? this.#componentNumbers.size;
    this.#componentNumbers.set(update.component, component);
    this.#components.push(component);
    return number;
  }

  #bitsOf(set: Uint32Array): Uint32Array {
    const bits = new Uint32Array(this.words);
    for (const number of set) setBit(bits, number);
    return bits;
  }
}

/** A text that no two updates share. */
export function updateKey({ component, version }: Update): string {
  return `${component.length} ${component}${version}`;
}

export function compareUpdates(a: Update, b: Update): number {
  return compareTexts(a.component, b.component) || compareTexts(a.version, b.version);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function setBit(bits: Uint32Array, number: number): void {
  const word = Math.floor(number / bitsOfWord);
  bits[word] = at(bits, word) | (1 << (number % bitsOfWord));
}

export function isSubset(inner: Uint32Array, outer: Uint32Array): boolean {
  for (let word = 0; word < inner.length; word++)
    if ((wordAt(inner, word) & ~wordAt(outer, word)) !== 0) return false;
  return true;
}

export function union(a: Uint32Array, b: Uint32Array): Uint32Array {
  return a.map((word, i) => word | at(b, i));
}

/** Adds the bits of `b` to `a`. */
export function addBits(a: Uint32Array, b: Uint32Array): void {
  for (let word = 0; word < a.length; word++) a[word] = wordAt(a, word) | wordAt(b, word);
}
