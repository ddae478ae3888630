/** The subject of an event with its index in the segment that it was last added to. */
import type { Subject } from "../../../projections/facts/subject.ts";

/** A subject with its index in the dictionary of the segment that it was last added to. */
export interface SubjectSlot {
  readonly subject: Subject;
  segment: object | null;
  index: number;
}

/** Tells subjects apart: a cluster's name has no blanks. */
export function subjectKey({ cluster, kind, name }: Subject): string {
  return `${kind} ${cluster} ${name}`;
}
