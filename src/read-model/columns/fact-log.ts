/** Every event in the order of the ledger, with what corrects it: where facts as of any position come from. */
import { at } from "../../../projections/arithmetic/invariants.ts";
import { unamendedFact } from "../../../projections/facts/effective-facts.ts";
import type { RawEvent, Amendment } from "../../../projections/facts/effective-facts.ts";
import { episodeOf } from "../../../projections/facts/episodes.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { DataOf, EventType } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { LedgerError } from "../../errors.ts";
import { CorrectedEvents } from "./corrected-events.ts";
import type { CorrectedEvent, SaidOfEvent } from "./corrected-events.ts";
import { episodeHash, EventSegment } from "./event-columns.ts";
import { EpisodeIndex } from "./episode-index.ts";
import type { SubjectSlot } from "./subjects.ts";
import { RisingMaximum } from "./rising.ts";

/** Where the event is that each correction names, by its id; 0 or left out for one that there is not. */
export type Targets = ReadonlyMap<string, number>;

export class FactLog {
  readonly segmentEvents: number;
  readonly segments: EventSegment[] = [];
  #sequence = 0;
  readonly #corrected = new CorrectedEvents((sequence) => this.at(sequence));
  readonly #episodes = new EpisodeIndex((sequence) => this.episodeOf(sequence));
  /** The largest `recordedAt` up to each sequence. */
  readonly #recordedUpTo = new RisingMaximum((index) => this.recordedAtOf(index + 1));
  /** Zone tables that were adopted, by sequence. */
  readonly #zoneTables: { readonly sequence: number; readonly version: string }[] = [];

  constructor(segmentEvents: number) {
    this.segmentEvents = segmentEvents;
  }

  /** The last sequence; 0 if there is none. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Adds an event, which is about that subject. Throws `corrupt-event` for one that is not the next. */
  add(stored: StoredEvent, slot: SubjectSlot | null, targets: Targets): void {
    const { sequence } = stored;
    if (sequence !== this.#sequence + 1) {
      const detail = `sequence ${sequence} comes after ${this.#sequence}`;
      throw new LedgerError("corrupt-event", detail, { extra: { sequence } });
    }
    let segment = this.segments.at(-1);
    if (segment === undefined || segment.isFull) {
      segment = EventSegment.empty(this.segmentEvents);
      this.segments.push(segment);
    }
    segment.add(stored, slot);
    this.#took(segment, segment.length - 1, stored.recordedAt, targets);
  }

  /** Takes a full segment that follows on what is there; `recordedAts` are those of its events. */
  addSegment(segment: EventSegment, recordedAts: Float64Array, targets: Targets): void {
    this.segments.push(segment);
    for (const [index, recordedAt] of recordedAts.entries())
      this.#took(segment, index, recordedAt, targets);
  }

  /** As it was stated. */
  occurredAtOf(sequence: number): number {
    return this.#segmentOf(sequence).occurredAt(this.#indexOf(sequence));
  }

  recordedAtOf(sequence: number): number {
    return this.#segmentOf(sequence).recordedAt(this.#indexOf(sequence));
  }

  typeOf(sequence: number): EventType {
    return this.#segmentOf(sequence).typeAt(this.#indexOf(sequence));
  }

  /** How long before its own time the event says something as it was stated, at most, milliseconds. */
  longestMsOf(sequence: number): number {
    return this.#segmentOf(sequence).longestMs;
  }

  /** A hash of the id by which the event is looked up, as it was stated; 0 for none. */
  episodeOf(sequence: number): number {
    return at(this.#segmentOf(sequence).episodes, this.#indexOf(sequence));
  }

  idOf(sequence: number): string {
    return this.#segmentOf(sequence).idAt(this.#indexOf(sequence));
  }

  /** Sequences of events of which any version may state a fact with that id of the entity; some may come twice. */
  statingEpisode(entity: string, episode: string): Iterable<number> {
    return this.#episodes.find(episodeHash(entity, episode));
  }

  /** What the correction or retraction at `sequence` is about in the end; `null` if it changes nothing. */
  rootOf(sequence: number): CorrectedEvent | null {
    return this.#corrected.rootOf(sequence);
  }

  /** The event at `sequence` with all that amends it, at whatever position; `null` if nothing does. */
  correctedAt(sequence: number): CorrectedEvent | null {
    return this.#corrected.get(sequence);
  }

  /** What corrections said of the event with that id (lower case), or of the one that it corrects; `null` if none did. */
  saidOf(id: string): SaidOfEvent | null {
    return this.#corrected.saidOf(id);
  }

  /** The sequence of the event that the correction or retraction at a sequence names; 0 for none that there is. */
  targetOf(sequence: number): number {
    return this.#corrected.targetOf(sequence);
  }

  /** The fact that an event which nothing amends states; the event is not a correction. */
  unamendedFact(sequence: number): Fact {
    return unamendedFact(this.at(sequence));
  }

  /** The fact that the event at `sequence` states at position P; `null` if it states none. */
  factAt(sequence: number, P: number): Fact | null {
    if (sequence > P) return null;
    const versions = this.correctedAt(sequence)?.versions;
    return versions === undefined
      ? this.unamendedFact(sequence)
      : versions.factAt(versions.indexAt(P));
  }

  /** The latest instant of any decision, as it was first stated; 0 if there is none. */
  get latestDecisionAt(): number {
    return this.segments.reduce((latest, each) => Math.max(latest, each.latestDecisionAt), 0);
  }

  /** The largest `recordedAt` up to a sequence; `null` of nothing. */
  recordedUpTo(sequence: number): number | null {
    return this.#recordedUpTo.at(sequence - 1);
  }

  /** The version of the zone table that was adopted last, as of a position; `null` if none was. */
  zoneTableAt(P: number): string | null {
    return this.#zoneTables.findLast(({ sequence }) => sequence <= P)?.version ?? null;
  }

  /** Sequences after `after` and up to `upTo` at which a zone table was adopted. */
  zoneTableChanges(after: number, upTo: number): number[] {
    return this.#zoneTables
      .map(({ sequence }) => sequence)
      .filter((sequence) => sequence > after && sequence <= upTo);
  }

  /** The last sequence up to which nothing was recorded after the instant. */
  sequenceAsOfTime(instantMs: number): number {
    return this.#recordedUpTo.indexAfter(instantMs);
  }

  /** The event as it was stated. Throws `position-past-head`. */
  at(sequence: number): RawEvent {
    const segment = this.#segmentOf(sequence);
    const index = this.#indexOf(sequence);
    const event = {
      type: segment.typeAt(index),
      id: segment.idAt(index),
      sequence,
      occurredAt: segment.occurredAt(index),
      recordedAt: segment.recordedAt(index),
      ...segment.statedAt(index),
    };
    // The data are those of the type: the event was checked when it was taken in.
    return event as RawEvent;
  }

  #took(segment: EventSegment, index: number, recordedAt: number, targets: Targets): void {
    const sequence = ++this.#sequence;
    this.#recordedUpTo.push(recordedAt);
    this.#episodes.add(at(segment.episodes, index), sequence);
    const type = segment.typeAt(index);
    if (isAmendmentType(type)) {
      const amendment = this.at(sequence) as Amendment;
      const target = targets.get(amendment.data.eventId.toLowerCase()) ?? 0;
      const root = this.#corrected.add(amendment, target);
      if (root !== null) this.#indexEpisode(root);
    } else if (type === "ZoneTableAdopted") {
      const { tzdata } = segment.statedAt(index).data as DataOf<"ZoneTableAdopted">;
      this.#zoneTables.push({ sequence, version: tzdata });
    }
  }

  /** What the newest version of a corrected event states can be looked up too. */
  #indexEpisode(root: CorrectedEvent): void {
    const { subject, data } = root.latest;
    const episode = episodeOf(root.event.type, data);
    if (subject !== null && episode !== null)
      this.#episodes.addCorrected(episodeHash(subject.name, episode), root.event.sequence);
  }

  #segmentOf(sequence: number): EventSegment {
    const segment = this.segments[Math.floor((sequence - 1) / this.segmentEvents)];
    if (segment !== undefined && sequence <= this.#sequence) return segment;
    throw new LedgerError("position-past-head", `there is no sequence ${sequence}`);
  }

  #indexOf(sequence: number): number {
    return (sequence - 1) % this.segmentEvents;
  }
}

export function isAmendmentType(type: EventType): boolean {
  return type === "FactCorrected" || type === "FactRetracted";
}
