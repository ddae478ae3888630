/** Best possible answers by exact search, for small questions. They share no code with the product. */
import {
  type Item,
  type Judge,
  type Node,
  isAdmissible,
  mayBeTested,
  pairsToTest,
  stopsOf,
} from "./reference.ts";

/** The fewest bundles that cover all pairs to be tested; `null` if the search ran out of its steps. */
export function fewestBundles(
  queue: readonly Item[],
  judge: Judge,
  K: number,
  atMost: number,
  steps: number,
): number | null {
  const pairs = pairsToTest(queue, judge);
  const bit = new Map(pairs.map(([a, b], i) => [`${a} ${b}`, 1n << BigInt(i)]));
  const masks = new Set<bigint>();
  const grow = (members: number[], from: number): void => {
    if (members.length >= 2) {
      let mask = 0n;
      for (const a of members) for (const b of members) mask |= bit.get(`${a} ${b}`) ?? 0n;
      if (mask > 0n) masks.add(mask);
    }
    if (members.length === K) return;
    for (let i = from; i < queue.length; i++)
      if (mayBeTested(queue, judge, [...members, i])) grow([...members, i], i + 1);
  };
  grow([], 0);
  const all = [...masks];
  const maximal = all.filter((a) => !all.some((b) => a !== b && (a & b) === a));
  const most = Math.max(1, ...maximal.map(count));
  let [best, left] = [atMost, steps];
  const search = (open: bigint, used: number): void => {
    if (left-- <= 0 || used >= best) return;
    if (open === 0n) {
      best = used;
      return;
    }
    if (used + Math.ceil(count(open) / most) >= best) return;
    // The pair in fewest bundles first.
    let [pick, fewest] = [0n, Infinity];
    for (let mask = open; mask > 0n;) {
      const low = mask & -mask;
      mask ^= low;
      const having = maximal.filter((each) => (each & low) > 0n).length;
      if (having < fewest) [pick, fewest] = [low, having];
    }
    const choices = maximal.filter((each) => (each & pick) > 0n);
    choices.sort((a, b) => count(b & open) - count(a & open));
    for (const each of choices) search(open & ~each, used + 1);
  };
  search((1n << BigInt(pairs.length)) - 1n, 0);
  return left > 0 ? best : null;
}

function count(mask: bigint): number {
  let ones = 0;
  for (let rest = mask; rest > 0n; rest &= rest - 1n) ones++;
  return ones;
}

/** Fewest stops, then fewest waves, over all partitions. */
export function bestPlan(
  rollouts: readonly Item[],
  judge: Judge,
  inService: readonly Node[],
  batch: number,
): { readonly stops: number; readonly waves: number } {
  let best = { stops: Infinity, waves: Infinity };
  const waves: Item[][] = [];
  const place = (i: number): void => {
    const next = rollouts[i];
    if (next === undefined) {
      const stops = waves.reduce((sum, wave) => sum + stopsOf(wave, inService, batch), 0);
      if (stops < best.stops || (stops === best.stops && waves.length < best.waves))
        best = { stops, waves: waves.length };
      return;
    }
    for (const wave of waves) {
      wave.push(next);
      if (isAdmissible(wave, judge)) place(i + 1);
      wave.pop();
    }
    waves.push([next]);
    place(i + 1);
    waves.pop();
  };
  place(0);
  return best;
}
