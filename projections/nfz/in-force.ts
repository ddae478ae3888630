/** Which no-fly zones of a cluster hold a place at an instant, for how long, and from when on none does. */
import { type Interval, unionSorted } from "../arithmetic/intervals.ts";
import { type Members, type Place, type Places, meet, placesOf } from "../nodes/places.ts";
import { firstFreeInstant, nfzAt } from "./kind.ts";
import { isRunning } from "./status.ts";
import type { NfzTimeline, Occurrence } from "./timeline.ts";

export type InFlight = "finish" | "pause" | "rollback";

/** An NFZ that is declared, as the facts up to an instant leave it. */
export interface KnownNfz {
  readonly nfz: string;
  readonly declaredAt: number;
  readonly inFlight: InFlight;
  readonly scope: Place | undefined;
  readonly noFastPath: boolean;
  readonly occurrences: readonly Occurrence[];
  readonly resolvedUntil: number | null;
}

/** A stretch in which an NFZ is in force without a gap. */
export interface InForce extends Interval {
  readonly known: KnownNfz;
}

/** The NFZs that were declared by an instant, by name. */
export function nfzsKnownAt(timelines: Iterable<NfzTimeline>, at: number): KnownNfz[] {
  const known: KnownNfz[] = [];
  for (const timeline of timelines) {
    const { declaration, occurrences, resolvedUntil } = nfzAt(timeline, at);
    if (declaration === null) continue;
    const { scope, inFlight, noFastPath = false } = declaration.data;
    const { occurredAt: declaredAt } = declaration;
    const { nfz } = timeline;
    known.push({ nfz, declaredAt, inFlight, scope, noFastPath, occurrences, resolvedUntil });
  }
  return known.sort((a, b) => (a.nfz < b.nfz ? -1 : 1));
}

/** The stretch that holds the instant; `null` if it is not in force there. */
export function inForceAt(known: KnownNfz, at: number): InForce | null {
  if (!known.occurrences.some((each) => isRunning(each, at))) return null;
  const stretch = unionSorted(known.occurrences).find((each) => isRunning(each, at));
  return stretch === undefined ? null : { known, ...stretch };
}

/**
 * Whether an NFZ and a rollout have to do with each other: either is about the whole cluster, a node is in both, or the
 * rollout's targets are no node that is known, so that nothing is ruled out.
 */
export function matches(scope: Places, targets: Places): boolean {
  return scope === null || targets === null || targets.size === 0 || meet(scope, targets);
}

/** The NFZs that match a rollout's targets; scopes are resolved once for all rollouts. */
export class NfzMatching {
  readonly #known: readonly KnownNfz[];
  readonly #members: () => Members;
  readonly #scopes = new Map<KnownNfz, Places>();

  constructor(known: readonly KnownNfz[], members: () => Members) {
    this.#known = known;
    this.#members = members;
  }

  matching(targets: Places): KnownNfz[] {
    return this.#known.filter((each) => matches(this.#scopeOf(each), targets));
  }

  /** Whether a node is in the scope of an NFZ. */
  holdsNode(known: KnownNfz, node: string): boolean {
    const scope = this.#scopeOf(known);
    return scope === null || scope.has(node);
  }

  #scopeOf(known: KnownNfz): Places {
    const before = this.#scopes.get(known);
    if (before !== undefined) return before;
    const scope = known.scope === undefined ? null : placesOf(known.scope, this.#members());
    this.#scopes.set(known, scope);
    return scope;
  }
}

/**
 * The first instant from `at` on at which none of the NFZs is in force; `null` if more occurrences than are listed may
 * hold it.
 */
export function nextFreeInstant(nfzs: readonly KnownNfz[], at: number): number | null {
  const occurrences = nfzs.flatMap((each) => each.occurrences);
  const free = firstFreeInstant(occurrences, at);
  const isListed = ({ resolvedUntil }: KnownNfz) => resolvedUntil === null || resolvedUntil > free;
  return nfzs.every(isListed) ? free : null;
}
