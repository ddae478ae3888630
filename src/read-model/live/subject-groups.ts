/** The events of a segment by what they are about, so that each entity is told once of all that are about it. */
import { wordAt } from "../../../projections/arithmetic/invariants.ts";

/** The events about one subject: a part of a list of sequences, which are ascending in it. */
export interface Group {
  readonly sequences: Uint32Array;
  /** The index of the first. */
  readonly begin: number;
  /** The index after the last. */
  readonly end: number;
}

export class SubjectGroups {
  /** The sequences of all events that are about something: subject by subject, ascending within each. */
  readonly #sequences: Uint32Array;
  /** The subjects' indexes in the order of their last events, in which it becomes known what has ended. */
  readonly byLast: readonly number[];
  readonly #begins: Uint32Array;

  /** `subjectIndexes`: of each event, counted from 1, 0 for none. `first`: the sequence of the first event. */
  constructor(subjectIndexes: Uint32Array, subjects: number, first: number) {
    const begins = new Uint32Array(subjects + 2);
    const last = new Int32Array(subjects + 1);
    for (let index = 0; index < subjectIndexes.length; index++) {
      const subject = wordAt(subjectIndexes, index);
      begins[subject + 1] = wordAt(begins, subject + 1) + 1;
      last[subject] = index;
    }
    // What is about nothing comes first, and is passed over.
    for (let i = 1; i < begins.length; i++) begins[i] = wordAt(begins, i) + wordAt(begins, i - 1);
    const next = begins.slice();
    const sequences = new Uint32Array(subjectIndexes.length);
    const byLast: number[] = [];
    for (let index = 0; index < subjectIndexes.length; index++) {
      const subject = wordAt(subjectIndexes, index);
      const place = wordAt(next, subject);
      sequences[place] = first + index;
      next[subject] = place + 1;
      if (subject > 0 && last[subject] === index) byLast.push(subject - 1);
    }
    this.byLast = byLast;
    this.#sequences = sequences;
    this.#begins = begins;
  }

  /** The events about a subject. */
  of(subject: number): Group {
    const begin = wordAt(this.#begins, subject + 1);
    return { sequences: this.#sequences, begin, end: wordAt(this.#begins, subject + 2) };
  }

  /** A group without events. */
  get none(): Group {
    return { sequences: this.#sequences, begin: 0, end: 0 };
  }
}
