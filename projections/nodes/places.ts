/** Where something is: the nodes that targets or a scope stand for at an instant. */
import { namesOfPart, parseHostlist } from "./hostlist.ts";
import type { NodeTimeline } from "./timeline.ts";

/** As events state it: nodes as names or hostlist expressions. */
export interface Place {
  readonly nodes?: readonly string[] | undefined;
  readonly racks?: readonly string[] | undefined;
  readonly skus?: readonly string[] | undefined;
}

/** `null` is the whole cluster. */
export type Places = ReadonlySet<string> | null;

/** The members of a cluster at an instant, by where they stand and what they are. */
export interface Members {
  readonly nodes: ReadonlySet<string>;
  readonly byRack: ReadonlyMap<string, readonly string[]>;
  readonly bySku: ReadonlyMap<string, readonly string[]>;
}

/** The first instant after `at` at which any membership begins or ends; Infinity if none is known. */
export function nextMembershipChange(nodes: Iterable<NodeTimeline>, at: number): number {
  let next = Infinity;
  for (const { memberships } of nodes)
    for (const { from, to } of memberships) {
      if (from > at) next = Math.min(next, from);
      if (to > at) next = Math.min(next, to);
    }
  return next;
}

export function membersAt(nodes: Iterable<NodeTimeline>, at: number): Members {
  const members = new Set<string>();
  const byRack = new Map<string, string[]>();
  const bySku = new Map<string, string[]>();
  for (const { node, memberships } of nodes) {
    const held = memberships.findLast(({ from, to }) => from <= at && at < to);
    if (held === undefined) continue;
    members.add(node);
    if (held.rack !== null) addTo(byRack, held.rack, node);
    if (held.sku !== null) addTo(bySku, held.sku, node);
  }
  return { nodes: members, byRack, bySku };
}

/**
 * The members that are of every kind given; with `nodes` alone the names themselves, members or not. Without any kind it
 * is the whole cluster.
 */
export function placesOf(place: Place | undefined, members: Members): Places {
  if (place === undefined) return null;
  const { nodes, racks, skus } = place;
  if (racks === undefined && skus === undefined) return nodes === undefined ? null : namesOf(nodes);
  const kinds = [
    nodes === undefined ? null : namesOf(nodes),
    racks === undefined ? null : namesUnder(members.byRack, racks),
    skus === undefined ? null : namesUnder(members.bySku, skus),
  ].filter((kind) => kind !== null);
  const [fewest = new Set<string>(), ...others] = kinds.sort((a, b) => a.size - b.size);
  const isMember = (node: string): boolean =>
    members.nodes.has(node) && others.every((kind) => kind.has(node));
  return new Set([...fewest].filter(isMember));
}

/** Names of nodes that are kept, over all places: about 32 bytes each. */
const maxKeptNames = 500_000;

/** Places by what is stated of them: each is resolved once, and those that state the same are one. */
export class ResolvedPlaces {
  readonly #members: () => Members;
  readonly #known = new Map<string, Places>();
  #keptNames = 0;

  constructor(members: () => Members) {
    this.#members = members;
  }

  members(): Members {
    return this.#members();
  }

  of(place: Place | undefined): Places {
    if (place === undefined) return null;
    const key = JSON.stringify(place);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = placesOf(place, this.#members());
    if (this.#keptNames > maxKeptNames) {
      this.#known.clear();
      this.#keptNames = 0;
    }
    this.#known.set(key, made);
    this.#keptNames += made?.size ?? 0;
    return made;
  }
}

/** Whether any node is in both. */
export function meet(a: Places, b: Places): boolean {
  if (a === null || b === null) return true;
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  for (const node of few) if (many.has(node)) return true;
  return false;
}

/** The names in lists of names and hostlist expressions. */
export function namesOf(lists: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const list of lists)
    for (const part of parseHostlist(list) ?? [])
      for (const name of namesOfPart(part)) names.add(name);
  return names;
}

function namesUnder(
  groups: ReadonlyMap<string, readonly string[]>,
  labels: readonly string[],
): Set<string> {
  return new Set(labels.flatMap((label) => groups.get(label) ?? []));
}

function addTo(groups: Map<string, string[]>, label: string, node: string): void {
  const group = groups.get(label);
  if (group === undefined) groups.set(label, [node]);
  else group.push(node);
}
