/** The pairs that bundles must cover, as a graph over places in the queue, and which of them are not covered yet. */
import { at } from "../arithmetic/invariants.ts";

export class UncoveredPairs {
  /** Both ends of each pair, one after the other; pairs in queue order. */
  readonly #ends: Uint32Array;
  readonly #isCovered: Uint8Array;
  /** The neighbours of each place, and the number of the pair with each; covered pairs are dropped now and then. */
  readonly #neighbours: number[][];
  readonly #edges: number[][];
  /** All neighbours of a place, each with the number of their pair. */
  readonly #pairOf: Map<number, number>[];
  /** Uncovered pairs of each place. */
  readonly uncoveredOf: Uint32Array;
  /** Pairs of each place, covered or not. */
  readonly degrees: Uint32Array;
  left: number;
  #first = 0;

  constructor(ends: Uint32Array, places: number) {
    this.#ends = ends;
    this.left = ends.length / 2;
    this.#isCovered = new Uint8Array(this.left);
    this.degrees = new Uint32Array(places);
    this.#neighbours = Array.from({ length: places }, () => []);
    this.#edges = Array.from({ length: places }, () => []);
    this.#pairOf = Array.from({ length: places }, () => new Map());
    for (let edge = 0; edge < this.left; edge++) {
      const [a, b] = [at(ends, 2 * edge), at(ends, 2 * edge + 1)];
      this.#join(a, b, edge);
      this.#join(b, a, edge);
      at(this.#pairOf, a).set(b, edge);
    }
    this.uncoveredOf = this.degrees.slice();
  }

  get count(): number {
    return this.#isCovered.length;
  }

  ends(edge: number): readonly [number, number] {
    return [at(this.#ends, 2 * edge), at(this.#ends, 2 * edge + 1)];
  }

  /** The first uncovered pairs in queue order. */
  first(limit: number): number[] {
    while (this.#isCovered[this.#first] === 1) this.#first++;
    const found: number[] = [];
    for (const edge of this.uncovered()) {
      found.push(edge);
      if (found.length === limit) break;
    }
    return found;
  }

  /** All uncovered pairs in queue order. */
  *uncovered(): Generator<number> {
    for (let edge = this.#first; edge < this.count; edge++)
      if (this.#isCovered[edge] === 0) yield edge;
  }

  /** Uncovered pairs of a place: calls `take` with each neighbour. */
  eachNeighbour(place: number, take: (neighbour: number) => void): void {
    const neighbours = at(this.#neighbours, place);
    const edges = at(this.#edges, place);
    if (neighbours.length > 2 * at(this.uncoveredOf, place)) this.#drop(neighbours, edges);
    for (let i = 0; i < neighbours.length; i++)
      if (this.#isCovered[at(edges, i)] === 0) take(at(neighbours, i));
  }

  /** The numbers of the pairs among the places, which ascend. */
  edgesWithin(places: readonly number[]): number[] {
    const found: number[] = [];
    for (let i = 0; i < places.length; i++)
      for (let j = i + 1; j < places.length; j++) {
        const edge = at(this.#pairOf, at(places, i)).get(at(places, j));
        if (edge !== undefined) found.push(edge);
      }
    return found;
  }

  /** Covers the pairs among the places, which ascend; returns the places of those that were not covered before. */
  cover(places: readonly number[]): Set<number> {
    const changed = new Set<number>();
    for (const edge of this.edgesWithin(places)) {
      if (this.#isCovered[edge] === 1) continue;
      this.#isCovered[edge] = 1;
      this.left--;
      for (const place of this.ends(edge)) {
        this.uncoveredOf[place] = at(this.uncoveredOf, place) - 1;
        changed.add(place);
      }
    }
    return changed;
  }

  #join(a: number, b: number, edge: number): void {
    at(this.#neighbours, a).push(b);
    at(this.#edges, a).push(edge);
    this.degrees[a] = at(this.degrees, a) + 1;
  }

  #drop(neighbours: number[], edges: number[]): void {
    let kept = 0;
    for (let i = 0; i < neighbours.length; i++) {
      const edge = at(edges, i);
      if (this.#isCovered[edge] === 1) continue;
      neighbours[kept] = at(neighbours, i);
      edges[kept++] = edge;
    }
    neighbours.length = kept;
    edges.length = kept;
  }
}
