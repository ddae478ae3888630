/** Which entity of which cluster an event is about, judged by its data alone. */
import type { EntityName, EventType } from "../../src/events/catalogue.ts";
import { definitionOf } from "../../src/events/catalogue.ts";

/** Entities that have a fold: all that event types name, but for these. */
export type FoldedEntity = Exclude<EntityName, "cluster" | "cotest" | "correction" | "system">;

/**
 * The kinds of subject of a cluster; `cluster` is its registrations and policies, `co-tests` the results of all co-tests
 * that name it, `other` names the cluster but no entity.
 */
export type SubjectKind = FoldedEntity | "cluster" | "co-tests" | "other";

/** Stands for the cluster of co-tests that name none, and so count in all. No cluster has this name. */
export const everyCluster = "";

export interface Subject {
  readonly cluster: string;
  readonly kind: SubjectKind;
  /** Empty for `cluster`, `co-tests` and `other`. */
  readonly name: string;
}

export function isFolded(kind: SubjectKind): kind is FoldedEntity {
  return kind !== "cluster" && kind !== "co-tests" && kind !== "other";
}

function subjectKind(entity: EntityName): SubjectKind {
  switch (entity) {
    case "cotest":
      return "co-tests";
    case "correction":
    case "system":
      return "other";
    default:
      return entity;
  }
}

/** The subject of an event of that type with that data; `null` if it names no cluster and is no co-test. */
export function subjectOf(type: EventType, data: object): Subject | null {
  const fields = data as Readonly<Record<string, unknown>>;
  const kind = subjectKind(definitionOf(type).entity);
  const { cluster = kind === "co-tests" ? everyCluster : undefined } = fields;
  if (typeof cluster !== "string") return null;
  if (!isFolded(kind)) return { cluster, kind, name: "" };
  const name = fields[kind];
  return typeof name === "string" ? { cluster, kind, name } : null;
}
