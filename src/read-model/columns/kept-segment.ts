/** A full segment, together with what is stored beside its columns. */
import type { Subject } from "../../../projections/facts/subject.ts";
import type { EventSegment, Filling } from "./event-columns.ts";
import type { Targets } from "./fact-log.ts";

/** The state of an entity when the segment became full. */
export interface SealedState {
  /** Index of the entity in the segment's list of subjects. */
  readonly subject: number;
  readonly after: number;
  readonly lastChange: number;
  readonly carried: readonly number[];
}

/** A full segment that is ready to be stored. */
export interface SealedSegment {
  readonly segment: EventSegment;
  readonly filling: Filling;
  /** The sequence of its first event. */
  readonly first: number;
  readonly states: readonly SealedState[];
  /** For each id that a correction names, the sequence of that event; 0 for a correction that changes nothing. */
  readonly targets: readonly (readonly [id: string, sequence: number])[];
}

/** A full segment as read from its file. */
export interface KeptSegment {
  readonly segment: EventSegment;
  readonly kept: {
    readonly recordedAts: Float64Array;
    readonly subjectIndexes: Uint32Array;
    readonly subjects: readonly Subject[];
    readonly states: readonly SealedState[];
    readonly targets: Targets;
  };
}
