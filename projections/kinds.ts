/** The kinds of entities with a fold. A new kind is one folder and one line in this table. */
import type { EntityKind } from "./facts/entity-kind.ts";
import type { Finding } from "./facts/finding.ts";
import type { FoldedEntity } from "./facts/subject.ts";
import { jobKind } from "./jobs/kind.ts";
import { nfzKind } from "./nfz/kind.ts";
import { nodeKind } from "./nodes/kind.ts";
import { rolloutKind } from "./rollouts/kind.ts";

/** What every timeline has: the entity's name, under the name of its kind, and its findings, by time. */
type Named<K extends string> = { readonly [P in K]: string } & {
  readonly findings: readonly Finding[];
};

/** In the order in which they are folded. The types demand a line for every entity that an event type names. */
const table = {
  node: nodeKind,
  job: jobKind,
  rollout: rolloutKind,
  nfz: nfzKind,
} as const satisfies { readonly [K in FoldedEntity]: EntityKind<unknown, Named<K>> };

export type KindName = keyof typeof table;

/** The timeline of each kind of entity. */
export type TimelineOf = {
  readonly [K in KindName]: ReturnType<(typeof table)[K]["timeline"]>;
};

export const kindNames = Object.keys(table) as readonly KindName[];

/** A kind's states are passed only between its own functions; nothing else looks into them. */
export const kinds: { readonly [K in KindName]: EntityKind<unknown, TimelineOf[K]> } = table;

/** Makes something for each kind. */
export function forKinds<T>(make: (kind: KindName) => T): Record<KindName, T> {
  return Object.fromEntries(kindNames.map((kind) => [kind, make(kind)])) as Record<KindName, T>;
}

/** The name of the entity that a timeline of this kind belongs to. */
export function nameOf(kind: KindName, timeline: object): string {
  return String((timeline as Readonly<Record<string, unknown>>)[kind]);
}
