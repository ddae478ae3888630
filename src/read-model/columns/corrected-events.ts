/** Events that corrections and retractions amend: every version of each, and which entity each version is about. */
import type { RawEvent, Amendment } from "../../../projections/facts/effective-facts.ts";
import { isSystemEvent, isAmendment } from "../../../projections/facts/effective-facts.ts";
import { FactVersions } from "../../../projections/facts/fact-versions.ts";
import type { Version } from "../../../projections/facts/fact-versions.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import { subjectOf } from "../../../projections/facts/subject.ts";
import { subjectKey } from "./subjects.ts";

export class CorrectedEvent {
  readonly event: RawEvent;
  readonly versions: FactVersions;
  /** Indexes of versions, by what they are about; ascending. Where it is retracted it is about nothing. */
  readonly #indexes = new Map<string, number[]>();
  /** What each version is about. */
  readonly #subjects: (Subject | null)[] = [];

  constructor(event: RawEvent) {
    this.event = event;
    this.versions = new FactVersions(event);
    this.#addIndex(this.versions.latest);
  }

  add(amendment: Amendment): void {
    this.versions.add(amendment);
    this.#addIndex(this.versions.latest);
  }

  /** Indexes of the versions that are about a subject; rising. */
  versionsAbout(subject: Subject): readonly number[] {
    return this.#indexes.get(subjectKey(subject)) ?? [];
  }

  /** What the newest version is about, and what it says. */
  get latest(): { readonly subject: Subject | null; readonly data: object } {
    return { subject: this.#subjects.at(-1) ?? null, data: this.versions.latest.data };
  }

  /** The earlier of the instants at which it stood before a correction or retraction at a sequence, and since then. */
  earliestAt(sequence: number): number {
    const index = this.versions.indexAt(sequence);
    const { all } = this.versions;
    return Math.min(all[index - 1]?.occurredAt ?? Infinity, all[index]?.occurredAt ?? Infinity);
  }

  /** What it was about before the correction or retraction at a sequence, and what since then. */
  moveAt(sequence: number): readonly [before: Subject | null, after: Subject | null] {
    const index = this.versions.indexAt(sequence);
    return [this.#subjects[index - 1] ?? null, this.#subjects[index] ?? null];
  }

  #addIndex({ retracted, data }: Version): void {
    const subject = retracted ? null : subjectOf(this.event.type, data);
    const index = this.#subjects.push(subject) - 1;
    if (subject === null) return;
    const key = subjectKey(subject);
    const indexes = this.#indexes.get(key);
    if (indexes === undefined) this.#indexes.set(key, [index]);
    else indexes.push(index);
  }
}

/** How often an event was corrected and retracted, at any depth. */
export interface SaidOfEvent {
  /** Its id. */
  readonly root: string;
  readonly count: number;
  /** Names that lie between it and the event that was asked for. */
  readonly depth: number;
}

interface Amended {
  readonly root: CorrectedEvent;
  /** How many names lie between the correction and the event that it is about in the end, itself counted. */
  readonly depth: number;
  /** The sequence of the event that it names. */
  readonly target: number;
}

export class CorrectedEvents {
  readonly #at: (sequence: number) => RawEvent;
  /** By the sequence of what is corrected. */
  readonly #bySequence = new Map<number, CorrectedEvent>();
  /** By the sequence of a correction. */
  readonly #byAmendment = new Map<number, Amended>();
  /** Sequences of what is corrected and of corrections, by id. */
  readonly #byId = new Map<string, number>();

  /** `at` gives the event at a sequence. */
  constructor(at: (sequence: number) => RawEvent) {
    this.#at = at;
  }

  /** The event at a sequence, if anything amends it. */
  get(sequence: number): CorrectedEvent | null {
    return this.#bySequence.get(sequence) ?? null;
  }

  /** What the correction or retraction at a sequence is about in the end; `null` if it changes nothing. */
  rootOf(amendment: number): CorrectedEvent | null {
    return this.#byAmendment.get(amendment)?.root ?? null;
  }

  /** The sequence of the event that the correction at a sequence names; 0 if it changes nothing. */
  targetOf(amendment: number): number {
    return this.#byAmendment.get(amendment)?.target ?? 0;
  }

  /** What was said so far of the event with an id, or of the one that it corrects in the end; `null` if nothing was. */
  saidOf(id: string): SaidOfEvent | null {
    const sequence = this.#byId.get(id) ?? 0;
    const root = this.rootOf(sequence) ?? this.get(sequence);
    if (root === null) return null;
    const { event, versions } = root;
    return { root: event.id, count: versions.all.length - 1, depth: this.#depthOf(sequence) };
  }

  /**
   * A correction or retraction of the event at `target`, which stands before it; any other changes nothing. Returns
   * what it is about in the end.
   */
  add(amendment: Amendment, target: number): CorrectedEvent | null {
    if (target === 0 || target >= amendment.sequence) return null;
    const root = this.rootOf(target) ?? this.#rootAt(target);
    if (root === null) return null;
    root.add(amendment);
    const depth = this.#depthOf(target) + 1;
    this.#byAmendment.set(amendment.sequence, { root, depth, target });
    this.#byId.set(amendment.id, amendment.sequence);
    return root;
  }

  /** How many names lie between an event and the one that it corrects in the end; 0 of what is not a correction. */
  #depthOf(sequence: number): number {
    return this.#byAmendment.get(sequence)?.depth ?? 0;
  }

  #rootAt(sequence: number): CorrectedEvent | null {
    const known = this.get(sequence);
    if (known !== null) return known;
    const event = this.#at(sequence);
    if (isAmendment(event) || isSystemEvent(event.type)) return null;
    const root = new CorrectedEvent(event);
    this.#bySequence.set(sequence, root);
    this.#byId.set(event.id, sequence);
    return root;
  }
}
