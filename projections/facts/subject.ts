/** Which entity of which cluster an event is about, judged by its data alone. */
import type { EventType } from "../../src/events/catalogue.ts";
import { definitionOf } from "../../src/events/catalogue.ts";
import type { EntityKind } from "../../src/events/event-type.ts";

/**
 * The kinds of subject of a cluster; `cluster` is its registrations and policies, `other` names the cluster but no
 * entity.
 */
export type SubjectKind = "cluster" | "node" | "job" | "rollout" | "nfz" | "other";

export interface Subject {
  readonly cluster: string;
  readonly kind: SubjectKind;
  /** Empty for `cluster` and `other`. */
  readonly name: string;
}

const kinds: { readonly [K in EntityKind]: SubjectKind } = {
  cluster: "cluster",
  node: "node",
  job: "job",
  rollout: "rollout",
  nfz: "nfz",
  cotest: "other",
  correction: "other",
  system: "other",
};

/** The subject of an event of that type with that data; `null` if it names no cluster. */
export function subjectOf(type: EventType, data: object): Subject | null {
  const fields = data as Readonly<Record<string, unknown>>;
  const { cluster } = fields;
  if (typeof cluster !== "string") return null;
  const kind = kinds[definitionOf(type).entity];
  if (kind === "cluster" || kind === "other") return { cluster, kind, name: "" };
  const name = fields[kind];
  return typeof name === "string" ? { cluster, kind, name } : null;
}
