/** Grows bundles from uncovered pairs, one rollout after another. */
import { at, wordAt } from "../arithmetic/invariants.ts";
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
  /** How many bundles had been chosen by then. */
  readonly grownAt: number;
}

export class BundleGrowth {
  readonly #queue: RolloutsInQueue;
  readonly #pairs: UncoveredPairs;
  readonly #most: number;
  /** Uncovered pairs that a place would cover with the bundle. */
  readonly #gains: Uint32Array;
  /** Bundles as they were grown last, by pair. */
  readonly #known = new Map<number, Grown>();
  /** How many bundles were chosen, and by when a pair of each place was covered last. */
  #chosen = 1;
  readonly #changedAt: Uint32Array;

  constructor(queue: RolloutsInQueue, pairs: UncoveredPairs, most: number) {
    this.#queue = queue;
    this.#pairs = pairs;
    this.#most = most;
    this.#gains = new Uint32Array(queue.rollouts.length);
    this.#changedAt = new Uint32Array(queue.rollouts.length);
  }

  /** The bundle that covers most; of those, the one with the least list of places. */
  best(seeds: readonly number[]): readonly number[] {
    let best: Grown | null = null;
    for (const seed of seeds) {
      const known = this.#known.get(seed);
      const grown = known !== undefined && this.#stands(known) ? known : this.#grow(seed);
      this.#known.set(seed, grown);
      if (best === null || isBetter(grown, best)) best = grown;
    }
    if (best === null) throw new RangeError("no pair to grow a bundle from");
    return best.members;
  }

  /** Uncovered pairs of these places were covered. */
  changed(places: Iterable<number>): void {
    for (const place of places) this.#changedAt[place] = this.#chosen;
    this.#chosen++;
  }

  /** Whether the bundle would be grown in the same way again. */
  #stands({ looked, grownAt }: Grown): boolean {
    if (looked === null) return false;
    for (const place of looked) if (wordAt(this.#changedAt, place) >= grownAt) return false;
    return true;
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
    return growing.done(isLocal, this.#chosen);
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
    this.#covered += wordAt(this.#gains, place);
    this.members.push(place);
    addBits(this.#updates, this.#queue.sets.bits(this.#setOf(place)));
    this.#pairs.addGains(place, this.#gains, this.#looked);
  }

  /** Of those that may join, the one that covers most with the bundle, then in most uncovered pairs, then first in the queue. */
  nextCovering(): number | null {
    const refused = new Set<number>();
    for (;;) {
      let best = -1;
      for (const place of this.#looked) {
        if (best >= 0 && !this.#isBefore(place, best)) continue;
        if (!refused.has(place) && !this.members.includes(place)) best = place;
      }
      if (best < 0) return null;
      if (this.#mayJoin([best])) return best;
      refused.add(best);
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

  done(isLocal: boolean, grownAt: number): Grown {
    for (const place of this.#looked) this.#gains[place] = 0;
    return {
      members: this.members.toSorted((a, b) => a - b),
      covered: this.#covered,
      // Each member is an end of a pair of another: it was looked at, too.
      looked: isLocal ? this.#looked : null,
      grownAt,
    };
  }

  #isBefore(a: number, b: number): boolean {
    const gain = wordAt(this.#gains, a) - wordAt(this.#gains, b);
    if (gain !== 0) return gain > 0;
    const { uncoveredOf } = this.#pairs;
    const pairs = wordAt(uncoveredOf, a) - wordAt(uncoveredOf, b);
    return pairs === 0 ? a < b : pairs > 0;
  }

  #mayJoin(places: readonly number[]): boolean {
    const { sets, tested } = this.#queue;
    const joining = places.map((place) => this.#setOf(place));
    const isApart = joining.every((set) =>
      this.members.every((member) => tested.ofTwo(set, this.#setOf(member)) !== "conflict"),
    );
    if (!isApart || joining.some((set) => sets.conflict(set, set))) return false;
    if (!joining.some((set) => tested.mayFail(set))) return true;
    const together = this.#updates.slice();
    for (const set of joining) addBits(together, sets.bits(set));
    return !joining.some((set) => tested.failedWith(set, together));
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
