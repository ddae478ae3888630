/** Compares each entity's whole timeline by the plain fold with that of the live projections. */
import { isDeepStrictEqual } from "node:util";
import { kindNames, nameOf } from "../../../projections/kinds.ts";
import type { KindName } from "../../../projections/kinds.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { differences } from "../../reports/restated/difference.ts";
import type { FigureDifference } from "../../reports/restated/difference.ts";
import type { Json } from "../../reports/restated/document-figures.ts";

interface Named {
  readonly name: string;
  readonly timeline: object;
}

export interface EntityDifference {
  /** Kind and name; `cluster` for the cluster's registrations, policies and co-tests. */
  readonly entity: string;
  readonly first: FigureDifference;
}

/** Takes the entities of the plain fold one after another, by kind and name, in the order of a view's `entities`. */
export class EntityComparison {
  readonly #live: ClusterView;
  #kind = 0;
  #rest: Iterator<Named>;
  #next: Named | null = null;
  #first: EntityDifference | null;

  constructor(live: ClusterView, plain: ClusterView) {
    this.#live = live;
    this.#first = difference("cluster", factsOfCluster(live), factsOfCluster(plain));
    this.#rest = this.#begin();
  }

  /** The first difference found so far. */
  get first(): EntityDifference | null {
    return this.#first;
  }

  take(kind: KindName, name: string, timeline: object): void {
    while (kindNames[this.#kind] !== kind) this.#endKind();
    for (; this.#next !== null && this.#next.name < name; this.#step())
      this.#note(kind, this.#next.name, this.#next.timeline, null);
    const isThere = this.#next?.name === name;
    this.#note(kind, name, isThere ? (this.#next?.timeline ?? null) : null, timeline);
    if (isThere) this.#step();
  }

  end(): void {
    while (this.#kind < kindNames.length) this.#endKind();
  }

  #endKind(): void {
    const kind = kindNames[this.#kind];
    if (kind === undefined) return;
    for (; this.#next !== null; this.#step())
      this.#note(kind, this.#next.name, this.#next.timeline, null);
    this.#kind++;
    this.#rest = this.#begin();
  }

  #begin(): Iterator<Named> {
    const kind = kindNames[this.#kind];
    this.#rest = kind === undefined ? [][Symbol.iterator]() : namedEntities(this.#live, kind);
    this.#step();
    return this.#rest;
  }

  #step(): void {
    const next = this.#rest.next();
    this.#next = next.done === true ? null : next.value;
  }

  #note(kind: KindName, name: string, live: object | null, plain: object | null): void {
    this.#first ??= difference(`${kind} ${name}`, live, plain);
  }
}

function* namedEntities(view: ClusterView, kind: KindName): Generator<Named> {
  for (const timeline of view.entities(kind)) yield { name: nameOf(kind, timeline), timeline };
}

function factsOfCluster({
  registrations,
  policies,
  rolloutPolicies,
  coTests,
}: ClusterView): object {
  return {
    registrations: [...registrations],
    policies: [...policies],
    rolloutPolicies: [...rolloutPolicies],
    coTests: [...coTests],
  };
}

function difference(
  entity: string,
  live: object | null,
  plain: object | null,
): EntityDifference | null {
  if (isDeepStrictEqual(live, plain)) return null;
  const [before, after] = [asJson(live), asJson(plain)];
  if (live === null || plain === null)
    return { entity, first: { figure: "known", before: live !== null, after: plain !== null } };
  return { entity, first: differences(before, after)[0] ?? { figure: "timeline", before, after } };
}

/** JSON has no number for infinity, so it is shown as a word. */
function asJson(timeline: object | null): Json {
  const endless = (_key: string, value: unknown) => (value === Infinity ? "open" : value);
  return JSON.parse(JSON.stringify(timeline, endless)) as Json;
}
