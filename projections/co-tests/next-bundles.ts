/**
 * The next co-tests: bundles of waiting rollouts that together cover each pair that was never tested, chosen greedily, and
 * a lower bound on how many any choice needs.
 */
import { at, wordAt } from "../arithmetic/invariants.ts";
import { BundleGrowth } from "./bundle-growth.ts";
import { UncoveredPairs } from "./uncovered-pairs.ts";
import type { RolloutsInQueue } from "./queued-rollouts.ts";
import type { Update } from "./update-sets.ts";

/** Thousands are found and a page of them is shown: each is named when it is. */
interface PlacedBundle {
  /** Places in the queue, ascending. */
  readonly places: readonly number[];
  /** How many of the pairs to test are within it. */
  readonly pairs: number;
}

interface Bundle {
  /** In queue order. */
  readonly rollouts: readonly string[];
  readonly updates: readonly Update[];
  readonly pairs: number;
}

export interface NextBundles {
  readonly bundles: readonly PlacedBundle[];
  /** Pairs never tested whose union holds neither a conflict nor a failed set. */
  readonly pairs: number;
  readonly lowerBound: number;
}

/** How many uncovered pairs, the first in queue order, a bundle is grown from each time. */
const seeds = 64;

const bundlesPerPause = 16;

/** Pauses between the bundles. A bundle is of at most `maxBundle` rollouts, 2 or more. */
export function* nextBundles(
  queue: RolloutsInQueue,
  maxBundle: number,
): Generator<undefined, NextBundles> {
  const uncovered = new UncoveredPairs(yield* pairsToTest(queue), queue.rollouts.length);
  const lowerBound = lowerBoundOf(uncovered, maxBundle);
  const growth = new BundleGrowth(queue, uncovered, maxBundle);
  const chosen: (readonly number[])[] = [];
  while (uncovered.left > 0) {
    const best = growth.best(uncovered.first(seeds));
    growth.changed(uncovered.cover(best));
    chosen.push(best);
    if (chosen.length % bundlesPerPause === 0) yield;
  }
  const bundles = needed(chosen, uncovered);
  return { bundles, pairs: uncovered.count, lowerBound };
}

/** A bundle of the queue that it was found in. */
export function namedBundle(
  { rollouts, sets }: RolloutsInQueue,
  { places, pairs }: PlacedBundle,
): Bundle {
  const members = places.map((place) => at(rollouts, place));
  return {
    rollouts: members.map(({ rollout }) => rollout),
    updates: sets.named(members.map(({ set }) => set)),
    pairs,
  };
}

/** Pairs of places in the queue, the smaller first, in queue order. */
function* pairsToTest(queue: RolloutsInQueue): Generator<undefined, Uint32Array> {
  const { rollouts, shared, tested, sets } = queue;
  const byTarget = shared.targets.map((): number[] => []);
  for (const [place, { target }] of rollouts.entries()) at(byTarget, target).push(place);
  const hasConflict = Array.from({ length: sets.count }, (_, set) => sets.conflict(set, set));
  const pairs: number[] = [];
  for (const [place, { set, target }] of rollouts.entries()) {
    if (hasConflict[set] === true) continue;
    const partners: number[] = [];
    for (const other of shared.sharing(target))
      for (const partner of at(byTarget, other)) {
        if (partner <= place) continue;
        const its = at(rollouts, partner).set;
        if (hasConflict[its] !== true && tested.ofTwo(set, its) === "never") partners.push(partner);
      }
    for (const partner of partners.sort((a, b) => a - b)) pairs.push(place, partner);
    if (place % 64 === 0) yield;
  }
  return Uint32Array.from(pairs);
}

/** No choice of bundles of at most K covers all pairs with fewer. */
function lowerBoundOf(pairs: UncoveredPairs, K: number): number {
  let [most, sum] = [0, 0];
  for (const degree of pairs.degrees) {
    const least = Math.ceil(degree / (K - 1));
    sum += least;
    most = Math.max(most, least);
  }
  return Math.max(Math.ceil(pairs.count / ((K * (K - 1)) / 2)), Math.ceil(sum / K), most);
}

/** Without, from the last, each bundle whose pairs the others cover. */
function needed(
  chosen: readonly (readonly number[])[],
  pairs: UncoveredPairs,
): readonly PlacedBundle[] {
  const covers = new Uint32Array(pairs.count);
  const edges = chosen.map((places) => pairs.pairsWithin(places));
  for (const own of edges) for (const edge of own) covers[edge] = wordAt(covers, edge) + 1;
  const kept = chosen.map(() => true);
  for (let i = chosen.length - 1; i >= 0; i--) {
    const own = at(edges, i);
    if (!own.every((edge) => wordAt(covers, edge) > 1)) continue;
    kept[i] = false;
    for (const edge of own) covers[edge] = wordAt(covers, edge) - 1;
  }
  return chosen.flatMap((places, i) =>
    kept[i] === true ? [{ places, pairs: at(edges, i).length }] : [],
  );
}
