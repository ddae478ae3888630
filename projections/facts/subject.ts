/** Which entity of which cluster an event is about, judged by its data alone. */
import type { EntityName, EventType } from "../../src/events/catalogue.ts";
import { definitionOf } from "../../src/events/catalogue.ts";

/** Entities that have a fold: all that event types name, but for these. */
export type FoldedEntity = Exclude<EntityName, "cluster" | "cotest" | "correction" | "system">;

/**
 * The kinds of subject of a cluster; `cluster` is its registrations and policies, `other` names the cluster but no
 * entity.
 */
export type SubjectKind = FoldedEntity | "cluster" | "other";

export interface Subject {
  readonly cluster: string;
  readonly kind: SubjectKind;
  /** Empty for `cluster` and `other`. */
  readonly name: string;
}

export function isFolded(kind: SubjectKind): kind is FoldedEntity {
  return kind !== "cluster" && kind !== "other";
}

function subjectKind(entity: EntityName): SubjectKind {
  switch (entity) {
    case "cotest":
    case "correction":
    case "system":
      return "other";
    default:
      return entity;
  }
}

/** The subject of an event of that type with that data; `null` if it names no cluster. */
export function subjectOf(type: EventType, data: object): Subject | null {
  const fields = data as Readonly<Record<string, unknown>>;
  const { cluster } = fields;
  if (typeof cluster !== "string") return null;
  const kind = subjectKind(definitionOf(type).entity);
  if (!isFolded(kind)) return { cluster, kind, name: "" };
  const name = fields[kind];
  return typeof name === "string" ? { cluster, kind, name } : null;
}
