/**
 * Places as sets of numbers: where thousands of targets are looked at together, each place is resolved once, and a node
 * is its number.
 */
import { type Members, type Place, placesOf } from "./places.ts";

export interface NodeSet {
  /** The whole cluster, members or not. */
  readonly isWhole: boolean;
  /** The numbers of the nodes, each once; of the whole cluster, of its members. */
  readonly nodes: Uint32Array;
}

export class NodeSets {
  readonly #members: Members;
  readonly #numbers = new Map<string, number>();
  readonly #racks = new Map<string, Uint32Array>();
  readonly #whole: NodeSet;
  readonly #byPlace = new WeakMap<Place, NodeSet>();
  readonly #byText = new Map<string, NodeSet>();

  constructor(members: Members) {
    this.#members = members;
    this.#whole = { isWhole: true, nodes: this.#numbered(members.nodes) };
    for (const [rack, nodes] of members.byRack) this.#racks.set(rack, this.#numbered(nodes));
  }

  /** How many nodes have a number. */
  get count(): number {
    return this.#numbers.size;
  }

  /** `null` for one that is no member and that no place names. */
  knownNumberOf(node: string): number | null {
    return this.#numbers.get(node) ?? null;
  }

  /** The same set for places that are stated alike. */
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
    // Most targets are racks. A node stands in one, so that nothing is there twice.
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
    return Uint32Array.from(names, (name) => this.#numberOf(name));
  }

  #numberOf(node: string): number {
    const known = this.#numbers.get(node);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(node, number);
    return number;
  }
}

/** Nodes that were counted once, whatever sets they came in. */
export class NodeUnion {
  readonly #marks: Uint8Array;
  readonly #taken = new Set<NodeSet>();
  size = 0;

  constructor(count: number) {
    this.#marks = new Uint8Array(count);
  }

  /** `counts` says which nodes of the set are counted. */
  add(set: NodeSet, counts: (node: number) => boolean = () => true): void {
    if (this.#taken.has(set)) return;
    this.#taken.add(set);
    for (const node of set.nodes) {
      if (this.#marks[node] !== 0 || !counts(node)) continue;
      this.#marks[node] = 1;
      this.size++;
    }
  }

  has(node: number): boolean {
    return this.#marks[node] === 1;
  }
}
