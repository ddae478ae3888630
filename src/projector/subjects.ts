/** Which entity of which cluster an event is about, by its data alone. */
import type { EntityKind } from "../events/event-type.ts";
import type { EventType } from "../events/catalogue.ts";
import { definitionOf } from "../events/catalogue.ts";

/** What a view holds of a cluster; `cluster` is its registrations and policies, `other` only names it. */
export type SubjectKind = "cluster" | "node" | "job" | "rollout" | "nfz" | "other";

export interface Subject {
  readonly cluster: string;
  readonly kind: SubjectKind;
  /** Empty for `cluster` and `other`. */
  readonly name: string;
}

/** A subject with its place in the dictionary of the segment that it was last added to. */
export interface SubjectSlot {
  readonly subject: Subject;
  segment: object | null;
  place: number;
}

const kinds: { readonly [K in EntityKind]: SubjectKind } = {
  cluster: "cluster",
  node: "node",
  job: "job",
  rollout: "rollout",
  nfz: "nfz",
  cotest: "other",
  correction: "other",
  own: "other",
};

/** The subject of an event of that type with that data; `null` if it names no cluster. */
export function subjectOfData(type: EventType, data: object): Subject | null {
  const fields = data as Readonly<Record<string, unknown>>;
  const { cluster } = fields;
  if (typeof cluster !== "string") return null;
  const kind = kinds[definitionOf(type).entity];
  if (kind === "cluster" || kind === "other") return { cluster, kind, name: "" };
  const name = fields[kind];
  return typeof name === "string" ? { cluster, kind, name } : null;
}

/** Tells subjects apart: a cluster's name has no blanks. */
export function subjectKey({ cluster, kind, name }: Subject): string {
  return `${kind} ${cluster} ${name}`;
}
