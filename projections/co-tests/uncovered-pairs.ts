/** The pairs that bundles must cover, as a graph over places in the queue, and which of them are not covered yet. */
import { at, wordAt } from "../arithmetic/invariants.ts";

export class UncoveredPairs {
  /** Both ends of each pair, one after the other; pairs in queue order. */
  readonly #ends: Uint32Array;
  readonly #isCovered: Uint8Array;
  /** The uncovered pairs before and after each one, in queue order; the number of pairs stands for neither. */
  readonly #before: Uint32Array;
  readonly #after: Uint32Array;
  /** The number of the first pair whose smaller place is this one or a later one. */
  readonly #firstOf: Uint32Array;
  /** Where the neighbours of each place begin in the list below. */
  readonly #begins: Uint32Array;
  /** The other places of each place's uncovered pairs, in any order. */
  readonly #neighbours: Uint32Array;
  /** Uncovered pairs of each place. */
  readonly uncoveredOf: Uint32Array;
  /** Pairs of each place, covered or not. */
  readonly degrees: Uint32Array;
  left: number;

  constructor(ends: Uint32Array, places: number) {
    this.#ends = ends;
    this.left = ends.length / 2;
    this.#isCovered = new Uint8Array(this.left);
    this.#before = new Uint32Array(this.left + 1).map((_, pair) => pair - 1);
    this.#after = new Uint32Array(this.left + 1).map((_, pair) => pair + 1);
    this.#before[0] = this.left;
    this.#after[this.left] = 0;
    this.#firstOf = new Uint32Array(places + 1);
    for (let pair = 0; pair < this.left; pair++) {
      const next = wordAt(ends, 2 * pair) + 1;
      this.#firstOf[next] = pair + 1;
    }
    for (let place = 1; place <= places; place++)
      this.#firstOf[place] ||= wordAt(this.#firstOf, place - 1);
    this.degrees = new Uint32Array(places);
    for (const place of ends) this.degrees[place] = wordAt(this.degrees, place) + 1;
    this.#begins = new Uint32Array(places);
    for (let place = 1; place < places; place++)
      this.#begins[place] = wordAt(this.#begins, place - 1) + wordAt(this.degrees, place - 1);
    this.#neighbours = new Uint32Array(ends.length);
    this.uncoveredOf = new Uint32Array(places);
    for (let pair = 0; pair < this.left; pair++) {
      const [a, b] = this.ends(pair);
      this.#join(a, b);
      this.#join(b, a);
    }
  }

  get count(): number {
    return this.#isCovered.length;
  }

  ends(pair: number): readonly [number, number] {
    return [wordAt(this.#ends, 2 * pair), wordAt(this.#ends, 2 * pair + 1)];
  }

  /** The first uncovered pairs in queue order. */
  first(limit: number): number[] {
    const found: number[] = [];
    let pair = wordAt(this.#after, this.count);
    for (; pair < this.count && found.length < limit; pair = wordAt(this.#after, pair))
      found.push(pair);
    return found;
  }

  /** All uncovered pairs in queue order. */
  *uncovered(): Generator<number> {
    let pair = wordAt(this.#after, this.count);
    for (; pair < this.count; pair = wordAt(this.#after, pair)) yield pair;
  }

  /** Adds 1 to the gains of the other places of a place's uncovered pairs; those that had none are added to `looked`. */
  addGains(place: number, gains: Uint32Array, looked: number[]): void {
    const neighbours = this.#neighbours;
    const begin = wordAt(this.#begins, place);
    const end = begin + wordAt(this.uncoveredOf, place);
    for (let i = begin; i < end; i++) {
      const neighbour = wordAt(neighbours, i);
      const gain = wordAt(gains, neighbour);
      if (gain === 0) looked.push(neighbour);
      gains[neighbour] = gain + 1;
    }
  }

  /** The numbers of the pairs among the places, covered or not. */
  pairsWithin(places: readonly number[]): number[] {
    const found: number[] = [];
    for (let i = 0; i < places.length; i++)
      for (let k = i + 1; k < places.length; k++) {
        const [a, b] = [at(places, i), at(places, k)];
        const pair = this.#pairOf(Math.min(a, b), Math.max(a, b));
        if (pair !== null) found.push(pair);
      }
    return found;
  }

  /** Covers the pairs among the places; returns the places of those that were not covered before. */
  cover(places: readonly number[]): Set<number> {
    const changed = new Set<number>();
    for (const pair of this.pairsWithin(places)) {
      if (this.#isCovered[pair] === 1) continue;
      this.#isCovered[pair] = 1;
      this.#unlink(pair);
      this.left--;
      const [a, b] = this.ends(pair);
      this.#part(a, b);
      this.#part(b, a);
      changed.add(a).add(b);
    }
    return changed;
  }

  /** Pairs are in queue order: those of one first place follow each other, and the number of one is found by halving. */
  #pairOf(a: number, b: number): number | null {
    let [low, high] = [wordAt(this.#firstOf, a), wordAt(this.#firstOf, a + 1)];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const second = wordAt(this.#ends, 2 * middle + 1);
      if (second === b) return middle;
      if (second < b) low = middle + 1;
      else high = middle;
    }
    return null;
  }

  #unlink(pair: number): void {
    const [before, after] = [wordAt(this.#before, pair), wordAt(this.#after, pair)];
    this.#after[before] = after;
    this.#before[after] = before;
  }

  #join(place: number, neighbour: number): void {
    const listed = wordAt(this.uncoveredOf, place);
    this.#neighbours[wordAt(this.#begins, place) + listed] = neighbour;
    this.uncoveredOf[place] = listed + 1;
  }

  /** The last neighbour takes the place of the one that goes. */
  #part(place: number, neighbour: number): void {
    const begin = wordAt(this.#begins, place);
    const last = begin + wordAt(this.uncoveredOf, place) - 1;
    const index = this.#neighbours.indexOf(neighbour, begin);
    this.#neighbours[index] = wordAt(this.#neighbours, last);
    this.uncoveredOf[place] = last - begin;
  }
}
