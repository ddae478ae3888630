/** Subjects, and their indexes in segments. */
import type { Subject } from "../../../projections/facts/subject.ts";

/** A subject with its index in the segment that it was last added to. */
export interface SubjectSlot {
  readonly subject: Subject;
  segment: object | null;
  index: number;
}

/** Identifies a subject; unambiguous because names of clusters contain no blanks. */
export function subjectKey({ cluster, kind, name }: Subject): string {
  return `${kind} ${cluster} ${name}`;
}
