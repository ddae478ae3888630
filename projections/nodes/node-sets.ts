/**
 * Places as sets of numbers. When thousands of targets are compared, each place is resolved once, and a node is
 * represented by its number. While the members stay the same, so do the sets, and the next question can use them again.
 */
import { namesOfPart, parseHostlist } from "./hostlist.ts";
import { type Members, type Place, membersAt, placesOf } from "./places.ts";
import type { Membership, NodeTimeline } from "./timeline.ts";

export interface NodeSet {
  /** Whether it is the whole cluster, members or not. */
  readonly isWhole: boolean;
  /** The numbers of the nodes, without duplicates; for the whole cluster, those of its members. */
  readonly nodes: Uint32Array;
}

/** Places beyond this number are resolved for one question only. */
const maxKeptPlaces = 50_000;

type Member = Pick<Membership, "rack" | "sku"> & { readonly node: string };

/** The sets for the members at an instant; `before` itself if the members are the same. */
export function nodeSetsAt(
  nodes: readonly NodeTimeline[],
  at: number,
  before: NodeSets | null,
): NodeSets {
  const listed: Member[] = [];
  for (const { node, memberships } of nodes) {
    const held = memberships.findLast(({ from, to }) => from <= at && at < to);
    if (held !== undefined) listed.push({ node, rack: held.rack, sku: held.sku });
  }
  return before?.isOf(listed) === true ? before : new NodeSets(listed, membersAt(nodes, at));
}

export class NodeSets {
  readonly #listed: readonly Member[];
  readonly #members: Members;
  /** Members have the first numbers, in their order. */
  readonly #numbers = new Map<string, number>();
  readonly #racks = new Map<string, Uint32Array>();
  readonly #whole: NodeSet;
  readonly #byPlace = new WeakMap<Place, NodeSet>();
  readonly #byText = new Map<string, NodeSet>();
  readonly #byList = new WeakMap<readonly string[], Uint32Array>();

  constructor(listed: readonly Member[], members: Members) {
    this.#listed = listed;
    this.#members = members;
    this.#whole = { isWhole: true, nodes: this.#numbered(listed.map(({ node }) => node)) };
    for (const [rack, nodes] of members.byRack) this.#racks.set(rack, this.#numbered(nodes));
  }

  /** Whether the sets would be the same for these members. */
  isOf(listed: readonly Member[]): boolean {
    if (listed.length !== this.#listed.length || this.#byText.size > maxKeptPlaces) return false;
    return this.#listed.every(({ node, rack, sku }, i) => {
      const other = listed[i];
      return other?.node === node && other.rack === rack && other.sku === sku;
    });
  }

  /** The number of nodes with a number. */
  get count(): number {
    return this.#numbers.size;
  }

  /** `null` if the node is neither a member nor named by a place that was resolved. */
  numberOf(node: string): number | null {
    return this.#numbers.get(node) ?? null;
  }

  /** `null` if the node is not a member. */
  numberOfMember(node: string): number | null {
    const number = this.#numbers.get(node);
    return number === undefined || number >= this.#listed.length ? null : number;
  }

  /** The numbers of the members among these names and hostlist expressions. */
  membersIn(lists: readonly string[]): Uint32Array {
    const known = this.#byList.get(lists);
    if (known !== undefined) return known;
    const numbers = new Set<number>();
    for (const list of lists)
      for (const part of parseHostlist(list) ?? [])
        for (const name of namesOfPart(part)) {
          const number = this.numberOfMember(name);
          if (number !== null) numbers.add(number);
        }
    const made = Uint32Array.from(numbers);
    this.#byList.set(lists, made);
    return made;
  }

  /** Equal places share one set. */
  setOf(place: Place | undefined): NodeSet {
    if (place === undefined) return this.#whole;
    const known = this.#byPlace.get(place);
    if (known !== undefined) return known;
    const text = JSON.stringify([place.nodes, place.racks, place.skus]);
    const set = this.#byText.get(text) ?? this.#resolve(place);
    this.#byText.set(text, set);
    this.#byPlace.set(place, set);
    return set;
  }

  #resolve(place: Place): NodeSet {
    const { nodes, racks, skus } = place;
    // Most targets are racks. A node is in one rack, so there are no duplicates.
    if (racks !== undefined && nodes === undefined && skus === undefined)
      return { isWhole: false, nodes: this.#inRacks(racks) };
    const places = placesOf(place, this.#members);
    return places === null ? this.#whole : { isWhole: false, nodes: this.#numbered(places) };
  }

  #inRacks(racks: readonly string[]): Uint32Array {
    const parts = [...new Set(racks)].flatMap((rack) => this.#racks.get(rack) ?? []);
    const [first] = parts;
    if (first !== undefined && parts.length === 1) return first;
    const nodes = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let end = 0;
    for (const part of parts) {
      nodes.set(part, end);
      end += part.length;
    }
    return nodes;
  }

  #numbered(names: Iterable<string>): Uint32Array {
    return Uint32Array.from(names, (name) => this.#giveNumber(name));
  }

  #giveNumber(node: string): number {
    const known = this.#numbers.get(node);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(node, number);
    return number;
  }
}

/** Counts each node once, however many sets contain it. */
export class NodeUnion {
  readonly #marks: Uint8Array;
  readonly #taken = new Set<NodeSet>();
  readonly #most: number;
  size = 0;

  /** `most`: how many there can be. */
  constructor(count: number, most: number = count) {
    this.#marks = new Uint8Array(count);
    this.#most = most;
  }

  /** `counts` marks the nodes to count; without it, all are counted. */
  add(set: NodeSet, counts: Uint8Array | null = null): void {
    if (this.size === this.#most || this.#taken.has(set)) return;
    this.#taken.add(set);
    const marks = this.#marks;
    for (const node of set.nodes) {
      if (marks[node] !== 0 || (counts !== null && counts[node] !== 1)) continue;
      marks[node] = 1;
      this.size++;
    }
  }

  has(node: number): boolean {
    return this.#marks[node] === 1;
  }
}
