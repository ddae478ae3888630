/** Grows bundles from uncovered pairs, one rollout after another. */
import { at, wordAt } from "../arithmetic/invariants.ts";
import type { RolloutsInQueue } from "./queued-rollouts.ts";
import type { UncoveredPairs } from "./uncovered-pairs.ts";
import { addBits } from "./update-sets.ts";

/**
 * A bundle grown from a pair. It would be grown in the same way again until a pair of one of its members is covered. Other
 * places can only lose: they cover less with it, or are in fewer uncovered pairs, so that what was chosen before them still is.
 * And of pairs from elsewhere, those before the one that joined it could not join, and never will.
 */
interface Grown {
  /** Places in the queue, ascending. */
  readonly members: readonly number[];
  /** How many uncovered pairs it covers. */
  readonly covered: number;
  /** How many bundles had been chosen by then. */
  readonly grownAt: number;
}

/** What bundles grow on. */
interface Ground {
  readonly sets: RolloutsInQueue["sets"];
  readonly tested: RolloutsInQueue["tested"];
  /** The set of updates of each place. */
  readonly setOf: Uint32Array;
  readonly pairs: UncoveredPairs;
  /** Uncovered pairs that a place would cover with the bundle that grows. */
  readonly gains: Uint32Array;
}

export class BundleGrowth {
  readonly #ground: Ground;
  readonly #most: number;
  /** Bundles as they were grown last, by pair. */
  readonly #known: (Grown | null)[];
  /** How many bundles were chosen, and by when a pair of each place was covered last. */
  #chosen = 1;
  readonly #changedAt: Uint32Array;

  constructor({ rollouts, sets, tested }: RolloutsInQueue, pairs: UncoveredPairs, most: number) {
    const setOf = Uint32Array.from(rollouts, ({ set }) => set);
    const gains = new Uint32Array(rollouts.length);
    this.#ground = { sets, tested, setOf, pairs, gains };
    this.#most = most;
    this.#known = Array.from({ length: pairs.count }, () => null);
    this.#changedAt = new Uint32Array(rollouts.length);
  }

  /** The bundle that covers most; of those, the one with the least list of places. */
  best(seeds: readonly number[]): readonly number[] {
    let best: Grown | null = null;
    for (const seed of seeds) {
      const known = this.#known[seed] ?? null;
      const grown = known !== null && this.#stands(known) ? known : this.#grow(seed);
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

  #stands({ members, grownAt }: Grown): boolean {
    for (let i = 0; i < members.length; i++)
      if (wordAt(this.#changedAt, at(members, i)) >= grownAt) return false;
    return true;
  }

  #grow(seed: number): Grown {
    const growing = new Growing(this.#ground);
    for (const place of this.#ground.pairs.ends(seed)) growing.add(place);
    while (growing.members.length < this.#most) {
      const next = growing.nextCovering();
      if (next !== null) growing.add(next);
      else if (growing.members.length + 2 <= this.#most) {
        const pair = growing.nextPair();
        if (pair === null) break;
        for (const place of pair) growing.add(place);
      } else break;
    }
    return (this.#known[seed] = growing.done(this.#chosen));
  }
}

/** A bundle while it grows. */
class Growing {
  readonly #ground: Ground;
  readonly members: number[] = [];
  readonly #looked: number[] = [];
  #covered = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  add(place: number): void {
    const { pairs, gains } = this.#ground;
    this.#covered += wordAt(gains, place);
    this.members.push(place);
    pairs.addGains(place, gains, this.#looked);
  }

  /** Of those that may join, the one that covers most with the bundle, then in most uncovered pairs, then first in the queue. */
  nextCovering(): number | null {
    const refused: number[] = [];
    for (;;) {
      let best = -1;
      for (const place of this.#looked) {
        if (best >= 0 && !this.#isBefore(place, best)) continue;
        if (!refused.includes(place) && !this.members.includes(place)) best = place;
      }
      if (best < 0) return null;
      if (this.#mayJoin(best)) return best;
      refused.push(best);
    }
  }

  /** The first uncovered pair in queue order, outside the bundle, that may join it. */
  nextPair(): readonly [number, number] | null {
    const { pairs } = this.#ground;
    for (const pair of pairs.uncovered()) {
      const [a, b] = pairs.ends(pair);
      if (!this.members.includes(a) && !this.members.includes(b) && this.#mayJoin(a, b))
        return [a, b];
    }
    return null;
  }

  done(grownAt: number): Grown {
    for (const place of this.#looked) this.#ground.gains[place] = 0;
    return {
      members: this.members.toSorted((a, b) => a - b),
      covered: this.#covered,
      grownAt,
    };
  }

  #isBefore(a: number, b: number): boolean {
    const { gains } = this.#ground;
    const gain = wordAt(gains, a) - wordAt(gains, b);
    if (gain !== 0) return gain > 0;
    const { uncoveredOf } = this.#ground.pairs;
    const pairs = wordAt(uncoveredOf, a) - wordAt(uncoveredOf, b);
    return pairs === 0 ? a < b : pairs > 0;
  }

  /** Whether a place may join the bundle, or two that are a pair. */
  #mayJoin(place: number, other?: number): boolean {
    const { sets, tested } = this.#ground;
    const set = this.#setOf(place);
    const otherSet = other === undefined ? null : this.#setOf(other);
    for (const member of this.members) {
      const its = this.#setOf(member);
      if (tested.ofTwo(set, its) === "conflict") return false;
      if (otherSet !== null && tested.ofTwo(otherSet, its) === "conflict") return false;
    }
    const joining = otherSet === null ? [set] : [set, otherSet];
    if (!joining.some((each) => tested.mayFail(each))) return true;
    const together = new Uint32Array(sets.words);
    for (const member of this.members) addBits(together, sets.bits(this.#setOf(member)));
    for (const each of joining) addBits(together, sets.bits(each));
    return !joining.some((each) => tested.failedWith(each, together));
  }

  #setOf(place: number): number {
    return wordAt(this.#ground.setOf, place);
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
