/** Which no-fly zones match each of many targets: worked out once for all targets that are stated alike. */
import { type Interval, firstEndingAfter, unionSorted } from "../arithmetic/intervals.ts";
import type { NodeSet, NodeSets } from "../nodes/node-sets.ts";
import type { Place } from "../nodes/places.ts";
import type { InForce, KnownNfz } from "./in-force.ts";

export interface Matched {
  /** In force or not, by name. */
  readonly nfzs: readonly KnownNfz[];
  /** Those in force at the instant, by name. */
  readonly inForce: readonly InForce[];
  /** The first instant from the one asked about at which none of them is; `null` if nobody has said. */
  readonly nextStart: number | null;
}

interface Scope {
  readonly known: KnownNfz;
  readonly set: NodeSet;
  readonly stretches: readonly Interval[];
  readonly inForce: InForce | null;
}

const bitsOfWord = 32;

export class MatchedPlaces {
  readonly #sets: NodeSets;
  readonly #at: number;
  readonly #scopes: readonly Scope[];
  /** For each node that a scope names, the NFZs over it, a bit each. */
  readonly #overNode: Uint32Array;
  readonly #words: number;
  readonly #bySet = new Map<NodeSet, Matched>();
  /** By the NFZs. */
  readonly #byMask = new Map<string, Matched>();

  /** `known` is by name. */
  constructor(known: readonly KnownNfz[], sets: NodeSets, at: number) {
    this.#sets = sets;
    this.#at = at;
    this.#scopes = known.map((each) => scopeOf(each, sets, at));
    this.#words = Math.ceil(known.length / bitsOfWord);
    this.#overNode = new Uint32Array(this.#words * sets.count);
    for (const [i, { set }] of this.#scopes.entries()) {
      if (!set.isWhole) for (const node of set.nodes) setBit(this.#overNode, node * this.#words, i);
    }
  }

  nodesOf(targets: Place | undefined): NodeSet {
    return this.#sets.setOf(targets);
  }

  of(targets: Place | undefined): Matched {
    const set = this.#sets.setOf(targets);
    const known = this.#bySet.get(set);
    if (known !== undefined) return known;
    const mask = this.#maskOf(set);
    const key = mask.join(" ");
    const matched = this.#byMask.get(key) ?? this.#matched(mask);
    this.#byMask.set(key, matched);
    this.#bySet.set(set, matched);
    return matched;
  }

  /** Whole targets, and targets that are no node known, match every NFZ. */
  #maskOf({ isWhole, nodes }: NodeSet): Uint32Array {
    const words = this.#words;
    const mask = new Uint32Array(words);
    for (const [i, { set }] of this.#scopes.entries())
      if (isWhole || nodes.length === 0 || set.isWhole) setBit(mask, 0, i);
    if (isWhole) return mask;
    for (const node of nodes)
      for (let word = 0; word < words; word++)
        mask[word] = (mask[word] ?? 0) | (this.#overNode[node * words + word] ?? 0);
    return mask;
  }

  #matched(mask: Uint32Array): Matched {
    const scopes = this.#scopes.filter((_, i) => hasBit(mask, i));
    const free = firstFree(
      scopes.map(({ stretches }) => stretches),
      this.#at,
    );
    const isListed = ({ known: { resolvedUntil } }: Scope) =>
      resolvedUntil === null || resolvedUntil > free;
    return {
      nfzs: scopes.map(({ known }) => known),
      inForce: scopes.flatMap(({ inForce }) => inForce ?? []),
      nextStart: scopes.every(isListed) ? free : null,
    };
  }
}

/** The first instant from `at` on that none of the sets holds. */
export function firstFree(sets: readonly (readonly Interval[])[], at: number): number {
  let free = at;
  for (let hasMoved = true; hasMoved;) {
    hasMoved = false;
    for (const set of sets) {
      const stretch = stretchAt(set, free);
      if (stretch === null) continue;
      free = stretch.to;
      hasMoved = true;
    }
  }
  return free;
}

function scopeOf(known: KnownNfz, sets: NodeSets, at: number): Scope {
  const stretches = unionSorted(known.occurrences);
  const stretch = stretchAt(stretches, at);
  const inForce = stretch === null ? null : { known, ...stretch };
  return { known, set: sets.setOf(known.scope), stretches, inForce };
}

function stretchAt(set: readonly Interval[], at: number): Interval | null {
  const stretch = set[firstEndingAfter(set, at)];
  return stretch !== undefined && stretch.from <= at ? stretch : null;
}

function setBit(words: Uint32Array, begin: number, bit: number): void {
  const word = begin + Math.floor(bit / bitsOfWord);
  words[word] = (words[word] ?? 0) | (1 << (bit % bitsOfWord));
}

function hasBit(words: Uint32Array, bit: number): boolean {
  return ((words[Math.floor(bit / bitsOfWord)] ?? 0) & (1 << (bit % bitsOfWord))) !== 0;
}
