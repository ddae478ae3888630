/** Events that corrections and retractions amend: all versions of each event, and which entity each version is about. */
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
  /** Indexes of versions by their subject, ascending. A retracted version has no subject. */
  readonly #indexes = new Map<string, number[]>();
  /** The subject of each version. */
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

  /** Indexes of the versions about a subject, ascending. */
  versionsAbout(subject: Subject): readonly number[] {
    return this.#indexes.get(subjectKey(subject)) ?? [];
  }

  /** The subject and data of the newest version. */
  get latest(): { readonly subject: Subject | null; readonly data: object } {
    return { subject: this.#subjects.at(-1) ?? null, data: this.versions.latest.data };
  }

  /** The earlier of two instants: the event's time before the correction or retraction at `sequence`, and its time after it. */
  earliestAt(sequence: number): number {
    const index = this.versions.indexAt(sequence);
    const { all } = this.versions;
    return Math.min(all[index - 1]?.occurredAt ?? Infinity, all[index]?.occurredAt ?? Infinity);
  }

  /** The event's subject before the correction or retraction at `sequence`, and its subject after it. */
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

/** How often an event was corrected and retracted, including corrections of corrections. */
export interface SaidOfEvent {
  /** The event's id. */
  readonly root: string;
  readonly count: number;
  /** How many links lead from the id that was asked for to this event. */
  readonly depth: number;
}

interface Amended {
  readonly root: CorrectedEvent;
  /** How many links lead from the correction to the event that it corrects in the end, the first link included. */
  readonly depth: number;
  /** The sequence of the event that it names. */
  readonly target: number;
}

export class CorrectedEvents {
  readonly #at: (sequence: number) => RawEvent;
  /** By the sequence of the corrected event. */
  readonly #bySequence = new Map<number, CorrectedEvent>();
  /** By the sequence of the correction. */
  readonly #byAmendment = new Map<number, Amended>();
  /** Sequences of corrected events and of corrections, by id. */
  readonly #byId = new Map<string, number>();

  /** `at` returns the event at a sequence. */
  constructor(at: (sequence: number) => RawEvent) {
    this.#at = at;
  }

  /** The event at a sequence, or `null` if nothing amends it. */
  get(sequence: number): CorrectedEvent | null {
    return this.#bySequence.get(sequence) ?? null;
  }

  /** The event that the correction or retraction at a sequence amends in the end; `null` if it changes nothing. */
  rootOf(amendment: number): CorrectedEvent | null {
    return this.#byAmendment.get(amendment)?.root ?? null;
  }

  /** The sequence of the event that the correction at a sequence names directly; 0 if it changes nothing. */
  targetOf(amendment: number): number {
    return this.#byAmendment.get(amendment)?.target ?? 0;
  }

  /** How the event with this id was amended so far, or the event that the correction with this id amends in the end; `null` if nothing was. */
  saidOf(id: string): SaidOfEvent | null {
    const sequence = this.#byId.get(id) ?? 0;
    const root = this.rootOf(sequence) ?? this.get(sequence);
    if (root === null) return null;
    const { event, versions } = root;
    return { root: event.id, count: versions.all.length - 1, depth: this.#depthOf(sequence) };
  }

  /**
   * Adds a correction or retraction of the event at `target`, an earlier sequence; without such an event it changes
   * nothing. Returns the event that it amends in the end.
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

  /** How many links lead from an event to the one that it corrects in the end; 0 for an event that is not a correction. */
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
