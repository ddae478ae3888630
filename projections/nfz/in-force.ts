/** Which no-fly zones of a cluster are in force at an instant, for how long, and when the next free instant is. */
import { type Interval, unionSorted } from "../arithmetic/intervals.ts";
import { type Place, type Places, type ResolvedPlaces, meet } from "../nodes/places.ts";
import { firstFreeInstant, nfzAt } from "./kind.ts";
import { isRunning } from "./status.ts";
import type { NfzStatus, NfzTimeline, Occurrence } from "./timeline.ts";

export type InFlight = "finish" | "pause" | "rollback";

/** A declared NFZ after the facts up to an instant. */
export interface KnownNfz {
  readonly nfz: string;
  readonly declaredAt: number;
  readonly inFlight: InFlight;
  readonly scope: Place | undefined;
  readonly noFastPath: boolean;
  readonly occurrences: readonly Occurrence[];
  readonly resolvedUntil: number | null;
}

/** An interval throughout which an NFZ is in force. */
export interface InForce extends Interval {
  readonly known: KnownNfz;
}

/** The NFZs that were declared by an instant, by name. */
export function nfzsKnownAt(timelines: Iterable<NfzTimeline>, at: number): KnownNfz[] {
  const known: KnownNfz[] = [];
  for (const timeline of timelines) {
    const each = knownNfz(timeline.nfz, nfzAt(timeline, at));
    if (each !== null) known.push(each);
  }
  return known.sort((a, b) => (a.nfz < b.nfz ? -1 : 1));
}

/** `null` for an NFZ that nobody has declared. */
export function knownNfz(nfz: string, status: NfzStatus): KnownNfz | null {
  const { declaration, occurrences, resolvedUntil } = status;
  if (declaration === null) return null;
  const { scope, inFlight, noFastPath = false } = declaration.data;
  const { occurredAt: declaredAt } = declaration;
  return { nfz, declaredAt, inFlight, scope, noFastPath, occurrences, resolvedUntil };
}

/** The interval of the NFZ that contains the instant; `null` if it is not in force then. */
export function inForceAt(known: KnownNfz, at: number): InForce | null {
  if (!known.occurrences.some((each) => isRunning(each, at))) return null;
  const stretch = unionSorted(known.occurrences).find((each) => isRunning(each, at));
  return stretch === undefined ? null : { known, ...stretch };
}

/**
 * Whether an NFZ affects a rollout: one of them is about the whole cluster, they have a node in common, or the rollout's
 * targets are no known node, so that nothing can be ruled out.
 */
export function matches(scope: Places, targets: Places): boolean {
  return scope === null || targets === null || targets.size === 0 || meet(scope, targets);
}

/** Finds the NFZs that match a rollout's targets; rollouts with equal targets share one search. */
export class NfzMatching {
  readonly #known: readonly KnownNfz[];
  readonly #places: ResolvedPlaces;
  readonly #at: number;
  readonly #found = new Map<Places, readonly KnownNfz[]>();
  #inForce: ReadonlyMap<string, InForce> | null = null;

  constructor(known: readonly KnownNfz[], places: ResolvedPlaces, at: number) {
    this.#known = known;
    this.#places = places;
    this.#at = at;
  }

  /** The NFZs in force at the instant, by name. */
  get inForce(): ReadonlyMap<string, InForce> {
    this.#inForce ??= new Map(
      this.#known
        .flatMap((each) => inForceAt(each, this.#at) ?? [])
        .map((each) => [each.known.nfz, each]),
    );
    return this.#inForce;
  }

  /** Those of them that match the targets. */
  inForceOver(targets: Places): InForce[] {
    return [...this.inForce.values()].filter(({ known }) => this.#matches(known, targets));
  }

  matching(targets: Places): readonly KnownNfz[] {
    const before = this.#found.get(targets);
    if (before !== undefined) return before;
    const found = this.#known.filter((each) => this.#matches(each, targets));
    this.#found.set(targets, found);
    return found;
  }

  #matches({ scope }: KnownNfz, targets: Places): boolean {
    return matches(this.#places.of(scope), targets);
  }

  /** Whether a node is in the scope of an NFZ. */
  holdsNode({ scope }: KnownNfz, node: string): boolean {
    const places = this.#places.of(scope);
    return places === null || places.has(node);
  }
}

/** How long no-fly zones hold whatever they match, and what else holds it before it is free. */
interface Hold {
  /**
   * The first instant from the one asked about on at which none of the zones is in force; `null` if occurrences beyond the
   * listed ones may be in force then.
   */
  readonly until: number | null;
  /** Zones that are not in force at the instant and begin before it is free, by their begin: without a gap between them. */
  readonly followedBy: readonly InForce[];
}

/** What pages and answers say of the end of a hold comes from here alone, so that it cannot disagree with the zones they list. */
export function holdOf(nfzs: readonly KnownNfz[], at: number): Hold {
  const free = firstFreeInstant(
    nfzs.flatMap((each) => each.occurrences),
    at,
  );
  const isListed = ({ resolvedUntil }: KnownNfz) => resolvedUntil === null || resolvedUntil > free;
  const followedBy = nfzs.flatMap((known) => {
    if (inForceAt(known, at) !== null) return [];
    const next = unionSorted(known.occurrences).find(({ from, to }) => from > at && from < to);
    return next === undefined || next.from >= free ? [] : [{ known, ...next }];
  });
  return {
    until: nfzs.every(isListed) ? free : null,
    followedBy: followedBy.sort((a, b) => a.from - b.from || (a.known.nfz < b.known.nfz ? -1 : 1)),
  };
}

/** `until` of `holdOf`. */
export function nextFreeInstant(nfzs: readonly KnownNfz[], at: number): number | null {
  return holdOf(nfzs, at).until;
}
