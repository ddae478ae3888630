/** Events that corrections and retractions amend: every version of each, and which entity each version is about. */
import type { RawEvent, Amendment } from "../../../projections/facts/effective-facts.ts";
import { isLedgersOwn, isAmendment } from "../../../projections/facts/effective-facts.ts";
import { FactVersions } from "../../../projections/facts/fact-versions.ts";
import type { Version } from "../../../projections/facts/fact-versions.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import { subjectOf } from "../../../projections/facts/subject.ts";
import { subjectKey } from "./subjects.ts";

export class CorrectedEvent {
  readonly event: RawEvent;
  readonly versions: FactVersions;
  /** Places of versions, by what they are about; rising. Where it is retracted it is about nothing. */
  readonly #places = new Map<string, number[]>();
  /** What each version is about. */
  readonly #subjects: (Subject | null)[] = [];

  constructor(event: RawEvent) {
    this.event = event;
    this.versions = new FactVersions(event);
    this.#place(this.versions.latest);
  }

  add(amendment: Amendment): void {
    this.versions.add(amendment);
    this.#place(this.versions.latest);
  }

  /** Places of the versions that are about a subject; rising. */
  placesOf(subject: Subject): readonly number[] {
    return this.#places.get(subjectKey(subject)) ?? [];
  }

  /** What it was about before the correction or retraction at a sequence, and what since then. */
  moveAt(sequence: number): readonly [before: Subject | null, after: Subject | null] {
    const place = this.versions.placeAt(sequence);
    return [this.#subjects[place - 1] ?? null, this.#subjects[place] ?? null];
  }

  #place({ retracted, data }: Version): void {
    const subject = retracted ? null : subjectOf(this.event.type, data);
    const place = this.#subjects.push(subject) - 1;
    if (subject === null) return;
    const key = subjectKey(subject);
    const places = this.#places.get(key);
    if (places === undefined) this.#places.set(key, [place]);
    else places.push(place);
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

/** Where the log finds events. */
interface Events {
  /** 0 if there is none. */
  readonly sequenceOf: (id: string) => number;
  readonly at: (sequence: number) => RawEvent;
}

export class CorrectedEvents {
  readonly #events: Events;
  /** By the sequence of what is corrected. */
  readonly #bySequence = new Map<number, CorrectedEvent>();
  /** By the sequence of a correction: the event that it is about in the end, and how many names lie between, itself counted. */
  readonly #byAmendment = new Map<
    number,
    { readonly root: CorrectedEvent; readonly depth: number }
  >();

  constructor(events: Events) {
    this.#events = events;
  }

  /** The event at a sequence, if anything touches it. */
  get(sequence: number): CorrectedEvent | null {
    return this.#bySequence.get(sequence) ?? null;
  }

  /** What the correction or retraction at a sequence is about in the end; `null` if it changes nothing. */
  rootOf(amendment: number): CorrectedEvent | null {
    return this.#byAmendment.get(amendment)?.root ?? null;
  }

  /** What was said so far of the event at a sequence, or of the one that it corrects in the end; `null` if nothing was. */
  saidOf(sequence: number): SaidOfEvent | null {
    const root = this.rootOf(sequence) ?? this.get(sequence);
    if (root === null) return null;
    const { event, versions } = root;
    return { root: event.id, count: versions.all.length - 1, depth: this.#depthOf(sequence) };
  }

  /** A correction or retraction of an event that stands before it; any other changes nothing. */
  add(amendment: Amendment): void {
    const sequence = this.#events.sequenceOf(amendment.data.eventId.toLowerCase());
    if (sequence === 0 || sequence >= amendment.sequence) return;
    const root = this.rootOf(sequence) ?? this.#rootAt(sequence);
    if (root === null) return;
    root.add(amendment);
    this.#byAmendment.set(amendment.sequence, { root, depth: this.#depthOf(sequence) + 1 });
  }

  /** How many names lie between an event and the one that it corrects in the end; 0 of what is no correction. */
  #depthOf(sequence: number): number {
    return this.#byAmendment.get(sequence)?.depth ?? 0;
  }

  #rootAt(sequence: number): CorrectedEvent | null {
    const known = this.get(sequence);
    if (known !== null) return known;
    const event = this.#events.at(sequence);
    if (isAmendment(event) || isLedgersOwn(event.type)) return null;
    const root = new CorrectedEvent(event);
    this.#bySequence.set(sequence, root);
    return root;
  }
}
