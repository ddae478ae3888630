/** Which no-fly zones match each of many targets, computed once for all equal targets. */
import { type Interval, firstEndingAfter, unionSorted } from "../arithmetic/intervals.ts";
import type { NodeSet, NodeSets } from "../nodes/node-sets.ts";
import type { Place } from "../nodes/places.ts";
import type { InForce, KnownNfz } from "./in-force.ts";

export interface Matched {
  /** In force or not, by name. */
  readonly nfzs: readonly KnownNfz[];
  /** Those in force at the instant, by name. */
  readonly inForce: readonly InForce[];
  /** The first instant from the given one on at which none of them is in force; `null` if that is unknown. */
  readonly nextStart: number | null;
}

interface Scope {
  readonly known: KnownNfz;
  readonly stretches: readonly Interval[];
  readonly inForce: InForce | null;
}

export class MatchedPlaces {
  readonly #sets: NodeSets;
  readonly #at: number;
  readonly #scopes: readonly Scope[];
  readonly #overlaps: Overlaps;
  /** By the scopes that they overlap. */
  readonly #matched = new Map<readonly number[], Matched>();

  /** `known` must be ordered by name. */
  constructor(known: readonly KnownNfz[], sets: NodeSets, at: number) {
    this.#sets = sets;
    this.#at = at;
    this.#scopes = known.map((each) => scopeOf(each, at));
    this.#overlaps = overlapsOf(
      sets,
      known.map(({ scope }) => sets.setOf(scope)),
    );
  }

  nodesOf(targets: Place | undefined): NodeSet {
    return this.#sets.setOf(targets);
  }

  of(targets: Place | undefined): Matched {
    const overlapped = this.#overlaps.of(this.#sets.setOf(targets));
    const known = this.#matched.get(overlapped);
    if (known !== undefined) return known;
    const made = this.#matchedBy(overlapped.flatMap((i) => this.#scopes[i] ?? []));
    this.#matched.set(overlapped, made);
    return made;
  }

  #matchedBy(scopes: readonly Scope[]): Matched {
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

const bitsOfWord = 32;

/** Which of several scopes each of many sets matches; valid as long as neither members nor scopes change. */
class Overlaps {
  readonly scopes: readonly NodeSet[];
  /** For each node in any scope, one bit for each scope that contains it. */
  readonly #overNode: Uint32Array;
  readonly #words: number;
  readonly #bySet = new WeakMap<NodeSet, readonly number[]>();
  /** Sets that match the same scopes share one list. */
  readonly #byMask = new Map<string, readonly number[]>();

  constructor(sets: NodeSets, scopes: readonly NodeSet[]) {
    this.scopes = scopes;
    this.#words = Math.ceil(scopes.length / bitsOfWord);
    this.#overNode = new Uint32Array(this.#words * sets.count);
    for (const [i, { isWhole, nodes }] of scopes.entries())
      if (!isWhole) for (const node of nodes) setBit(this.#overNode, node * this.#words, i);
  }

  /** Indexes of the scopes, ascending. Whole clusters, and sets without a node, match every scope. */
  of(set: NodeSet): readonly number[] {
    const known = this.#bySet.get(set);
    if (known !== undefined) return known;
    const mask = this.#maskOf(set);
    const key = mask.join(" ");
    const list =
      this.#byMask.get(key) ??
      this.scopes.flatMap((scope, i) =>
        matchesAll(set) || scope.isWhole || hasBit(mask, i) ? [i] : [],
      );
    this.#byMask.set(key, list);
    this.#bySet.set(set, list);
    return list;
  }

  #maskOf(set: NodeSet): Uint32Array {
    const words = this.#words;
    const mask = new Uint32Array(words);
    if (matchesAll(set)) return mask.fill(0xffff_ffff);
    for (const node of set.nodes)
      for (let word = 0; word < words; word++)
        mask[word] = (mask[word] ?? 0) | (this.#overNode[node * words + word] ?? 0);
    return mask;
  }
}

function matchesAll({ isWhole, nodes }: NodeSet): boolean {
  return isWhole || nodes.length === 0;
}

const lastOverlaps = new WeakMap<NodeSets, Overlaps>();

/** The overlaps of the last call are used again if the scopes are the same. */
function overlapsOf(sets: NodeSets, scopes: readonly NodeSet[]): Overlaps {
  const last = lastOverlaps.get(sets);
  const isSame =
    last?.scopes.length === scopes.length && last.scopes.every((set, i) => set === scopes[i]);
  if (last !== undefined && isSame) return last;
  const made = new Overlaps(sets, scopes);
  lastOverlaps.set(sets, made);
  return made;
}

/** The first instant from `at` on that lies in none of the sets. */
function firstFree(sets: readonly (readonly Interval[])[], at: number): number {
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

function scopeOf(known: KnownNfz, at: number): Scope {
  const stretches = unionSorted(known.occurrences);
  const stretch = stretchAt(stretches, at);
  const inForce = stretch === null ? null : { known, ...stretch };
  return { known, stretches, inForce };
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
