/** Grows bundles from uncovered pairs, one rollout after another. */
import { at } from "../arithmetic/invariants.ts";
import type { RolloutsInQueue } from "./queued-rollouts.ts";
import type { UncoveredPairs } from "./uncovered-pairs.ts";
import { addBits } from "./update-sets.ts";

/** A bundle grown from a pair. */
interface Grown {
  /** Places in the queue, ascending. */
  readonly members: readonly number[];
  /** How many uncovered pairs it covers. */
  readonly covered: number;
  /** Places whose pairs it depends on; `null` if it depends on all pairs. */
  readonly looked: readonly number[] | null;
}

export class BundleGrowth {
  readonly #queue: RolloutsInQueue;
  readonly #pairs: UncoveredPairs;
  readonly #most: number;
  /** Uncovered pairs that a place would cover with the bundle. */
  readonly #gains: Uint32Array;
  /** Bundles that would be grown in the same way again, by pair. */
  readonly #known = new Map<number, Grown>();
  /** The pairs of `#known` that depend on a place. */
  readonly #dependents = new Map<number, Set<number>>();

  constructor(queue: RolloutsInQueue, pairs: UncoveredPairs, most: number) {
    this.#queue = queue;
    this.#pairs = pairs;
    this.#most = most;
    this.#gains = new Uint32Array(queue.rollouts.length);
  }

  /** The bundle that covers most; of those, the one with the least list of places. */
  best(seeds: readonly number[]): readonly number[] {
    let best: Grown | null = null;
    for (const seed of seeds) {
      const grown = this.#known.get(seed) ?? this.#grow(seed);
      if (best === null || isBetter(grown, best)) best = grown;
    }
    if (best === null) throw new RangeError("no pair to grow a bundle from");
    return best.members;
  }

  /** An uncovered pair of the place was covered. */
  changed(place: number): void {
    for (const seed of this.#dependents.get(place) ?? []) this.#forget(seed);
  }

  #forget(seed: number): void {
    for (const place of this.#known.get(seed)?.looked ?? [])
      this.#dependents.get(place)?.delete(seed);
    this.#known.delete(seed);
  }

  #grow(seed: number): Grown {
    const growing = new Growing(this.#queue, this.#pairs, this.#gains);
    for (const place of this.#pairs.ends(seed)) growing.add(place);
    let isLocal = true;
    while (growing.members.length < this.#most) {
      const next = growing.nextCovering();
      if (next !== null) growing.add(next);
      else if (growing.members.length + 2 <= this.#most) {
        isLocal = false;
        const pair = growing.nextPair();
        if (pair === null) break;
        for (const place of pair) growing.add(place);
      } else break;
    }
    const grown = growing.done(isLocal);
    if (grown.looked !== null) {
      this.#known.set(seed, grown);
      for (const place of grown.looked) {
        const dependents = this.#dependents.get(place);
        if (dependents === undefined) this.#dependents.set(place, new Set([seed]));
        else dependents.add(seed);
      }
    }
    return grown;
  }
}

/** A bundle while it grows. */
class Growing {
  readonly #queue: RolloutsInQueue;
  readonly #pairs: UncoveredPairs;
  readonly #gains: Uint32Array;
  readonly members: number[] = [];
  readonly #looked: number[] = [];
  readonly #updates: Uint32Array;
  #covered = 0;

  constructor(queue: RolloutsInQueue, pairs: UncoveredPairs, gains: Uint32Array) {
    this.#queue = queue;
    this.#pairs = pairs;
    this.#gains = gains;
    this.#updates = new Uint32Array(queue.sets.words);
  }

  add(place: number): void {
    this.#covered += at(this.#gains, place);
    this.members.push(place);
    addBits(this.#updates, this.#queue.sets.bits(this.#setOf(place)));
    const gains = this.#gains;
    this.#pairs.eachNeighbour(place, (neighbour) => {
      const gain = at(gains, neighbour);
      if (gain === 0) this.#looked.push(neighbour);
      gains[neighbour] = gain + 1;
    });
  }

  /** Of those that may join, the one that covers most with the bundle, then in most uncovered pairs, then first in the queue. */
  nextCovering(): number | null {
    const candidates = this.#looked.filter((place) => !this.members.includes(place));
    for (;;) {
      let [best, index] = [-1, -1];
      for (const [i, place] of candidates.entries())
        if (place >= 0 && (best < 0 || this.#isBefore(place, best))) [best, index] = [place, i];
      if (best < 0) return null;
      if (this.#mayJoin([best])) return best;
      candidates[index] = -1;
    }
  }

  /** The first uncovered pair in queue order, outside the bundle, that may join it. */
  nextPair(): readonly [number, number] | null {
    for (const edge of this.#pairs.uncovered()) {
      const [a, b] = this.#pairs.ends(edge);
      if (!this.members.includes(a) && !this.members.includes(b) && this.#mayJoin([a, b]))
        return [a, b];
    }
    return null;
  }

  done(isLocal: boolean): Grown {
    for (const place of this.#looked) this.#gains[place] = 0;
    return {
      members: this.members.toSorted((a, b) => a - b),
      covered: this.#covered,
      looked: isLocal ? [...new Set([...this.members, ...this.#looked])] : null,
    };
  }

  #isBefore(a: number, b: number): boolean {
    const gain = at(this.#gains, a) - at(this.#gains, b);
    if (gain !== 0) return gain > 0;
    const { uncoveredOf } = this.#pairs;
    const pairs = at(uncoveredOf, a) - at(uncoveredOf, b);
    return pairs === 0 ? a < b : pairs > 0;
  }

  #mayJoin(places: readonly number[]): boolean {
    const { sets, tested } = this.#queue;
    const joining = places.map((place) => this.#setOf(place));
    const isApart = joining.every((set) =>
      this.members.every((member) => tested.ofTwo(set, this.#setOf(member)) !== "conflict"),
    );
    if (!isApart || joining.some((set) => sets.conflict(set, set))) return false;
    if (!tested.hasFailed) return true;
    const together = this.#updates.slice();
    for (const set of joining) addBits(together, sets.bits(set));
    return !tested.failedWithin(together);
  }

  #setOf(place: number): number {
    return at(this.#queue.rollouts, place).set;
  }
}

function isBetter(a: Grown, b: Grown): boolean {
  if (a.covered !== b.covered) return a.covered > b.covered;
  for (let i = 0; i < a.members.length; i++) {
    const [mine, its] = [a.members[i], b.members[i]];
    if (mine === undefined || its === undefined) break;
    if (mine !== its) return mine < its;
  }
  return a.members.length < b.members.length;
}
