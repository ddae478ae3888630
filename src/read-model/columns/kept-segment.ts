/** A full segment with what is kept beside its columns. */
import type { Subject } from "../../../projections/facts/subject.ts";
import type { EventSegment, Filling } from "./event-columns.ts";
import type { Targets } from "./fact-log.ts";

/** A state of an entity that was made when the segment was full. */
export interface SealedState {
  /** Index of the entity in the segment's subjects. */
  readonly subject: number;
  readonly after: number;
  readonly lastChange: number;
  readonly carried: readonly number[];
}

/** A full segment that is to be kept. */
export interface SealedSegment {
  readonly segment: EventSegment;
  readonly filling: Filling;
  /** The sequence of its first event. */
  readonly first: number;
  readonly states: readonly SealedState[];
  /** The sequences of the events that its corrections name, by their ids; 0 for one that changes nothing. */
  readonly targets: readonly (readonly [id: string, sequence: number])[];
}

/** A full segment that was kept. */
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
