/** Targets of rollouts and scopes of no-fly zones: drawn, stated, and resolved to nodes. */
import { isMember } from "./fleet.ts";
import { compressNames } from "./hostlist.ts";
import type { NodeTruth, PlaceTruth } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";

const everything: PlaceTruth = { nodes: null, racks: null, skus: null };

/** Racks for the most part; `null` for the whole cluster, as often as the share says. */
export function drawPlace(
  random: Random,
  nodes: readonly NodeTruth[],
  wholeShare: number,
): PlaceTruth | null {
  if (random.chance(wholeShare)) return null;
  const draw = random.float();
  if (draw < 0.2) return { ...everything, skus: [random.pick(nodes).sku] };
  if (draw < 0.35) {
    const few = random.sample(nodes, random.between(1, Math.ceil(nodes.length / 4)));
    return { ...everything, nodes: few.map(({ node }) => node) };
  }
  const all = [...new Set(nodes.map(({ rack }) => rack))];
  const racks = random.sample(all, random.between(1, Math.min(5, Math.ceil(all.length / 2))));
  if (draw < 0.45) return { ...everything, racks, skus: [random.pick(nodes).sku] };
  return { ...everything, racks };
}

/** As an event states it. */
export function statedPlace({ nodes, racks, skus }: PlaceTruth) {
  return {
    ...(nodes === null ? {} : { nodes: compressNames(nodes) }),
    ...(racks === null ? {} : { racks: [...racks] }),
    ...(skus === null ? {} : { skus: [...skus] }),
  };
}

/**
 * The nodes of a place at an instant: its members that are of every kind stated, or the very nodes where nothing else is
 * stated. `null` is the whole cluster.
 */
export function nodesOf(
  place: PlaceTruth | null,
  nodes: readonly NodeTruth[],
  at: number,
  knownBy = Infinity,
): ReadonlySet<string> | null {
  if (place === null) return null;
  if (place.racks === null && place.skus === null) return new Set(place.nodes);
  const fitting = nodes.filter(
    (each) =>
      (place.racks?.includes(each.rack) ?? true) &&
      (place.skus?.includes(each.sku) ?? true) &&
      (place.nodes?.includes(each.node) ?? true) &&
      isMember(each, at, knownBy),
  );
  return new Set(fitting.map(({ node }) => node));
}

/** Whether a scope and targets have to do with each other; targets that are no node rule nothing out. */
export function doMeet(
  scope: ReadonlySet<string> | null,
  targets: ReadonlySet<string> | null,
): boolean {
  if (scope === null || targets === null || targets.size === 0) return true;
  return [...targets].some((node) => scope.has(node));
}
