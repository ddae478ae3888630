/** The kinds of entities that have a fold: a new one is a folder, and a line in the table here. */
import type { EntityKind } from "./facts/entity-kind.ts";
import type { Finding } from "./facts/finding.ts";
import type { FoldedEntity } from "./facts/subject.ts";
import { jobKind } from "./jobs/kind.ts";
import { nfzKind } from "./nfz/kind.ts";
import { nodeKind } from "./nodes/kind.ts";
import { rolloutKind } from "./rollouts/kind.ts";

/** What every timeline has: the entity's name, under that of its kind, and what did not fit. */
type Named<K extends string> = { readonly [P in K]: string } & {
  readonly findings: readonly Finding[];
};

/** In the order in which they are folded. The types ask for a line for each entity that an event type names. */
const table = {
  node: nodeKind,
  job: jobKind,
  rollout: rolloutKind,
  nfz: nfzKind,
} as const satisfies { readonly [K in FoldedEntity]: EntityKind<unknown, Named<K>> };

export type KindName = keyof typeof table;

/** What the facts of an entity of each kind come to. */
export type TimelineOf = {
  readonly [K in KindName]: ReturnType<(typeof table)[K]["timeline"]>;
};

export const kindNames = Object.keys(table) as readonly KindName[];

/** States are passed from one function of a kind to the next, and looked into by no one else. */
export const kinds: { readonly [K in KindName]: EntityKind<unknown, TimelineOf[K]> } = table;

/** Something for each kind. */
export function forKinds<T>(make: (kind: KindName) => T): Record<KindName, T> {
  return Object.fromEntries(kindNames.map((kind) => [kind, make(kind)])) as Record<KindName, T>;
}

/** The name of the entity that a timeline of the kind is of. */
export function nameOf(kind: KindName, timeline: object): string {
  return String((timeline as Readonly<Record<string, unknown>>)[kind]);
}
