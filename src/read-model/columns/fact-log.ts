/** Every event in order of the ledger, with its corrections: the source of facts as of any position. */
import { wordAt } from "../../../projections/arithmetic/invariants.ts";
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
import { RecordingIndex } from "./recording-index.ts";
import { RisingMaximum } from "./rising.ts";

/** The sequence of the event that each correction names, by that event's id; 0 or missing if there is no such event. */
export type Targets = ReadonlyMap<string, number>;

export class FactLog {
  readonly segmentEvents: number;
  readonly segments: EventSegment[] = [];
  #sequence = 0;
  readonly #corrected = new CorrectedEvents((sequence) => this.at(sequence));
  readonly #episodes = new EpisodeIndex((sequence) => this.episodeOf(sequence));
  /** The largest `recordedAt` up to each sequence. */
  readonly #recordedUpTo = new RisingMaximum((index) => this.recordedAtOf(index + 1));
  readonly recordings = new RecordingIndex();
  /** The adopted zone tables, in order of sequence. */
  readonly #zoneTables: { readonly sequence: number; readonly version: string }[] = [];

  constructor(segmentEvents: number) {
    this.segmentEvents = segmentEvents;
  }

  /** The last sequence; 0 if there is none. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Adds an event with its subject. Throws `corrupt-event` if the event is not the next one. */
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

  /** Adds a full segment that continues the log; `recordedAts` are those of its events. */
  addSegment(segment: EventSegment, recordedAts: Float64Array, targets: Targets): void {
    const first = this.#sequence + 1;
    this.segments.push(segment);
    this.#sequence += segment.length;
    this.#recordedUpTo.pushAll(recordedAts);
    this.#episodes.addAll(segment.episodes, first);
    this.recordings.addAll(first, recordedAts, (index) => segment.typeAt(index));
    for (const index of segment.indexesOf(logTypes))
      this.#tookOfLog(segment, index, first + index, targets);
  }

  /** Makes room for a ledger of so many events. */
  reserve(events: number): void {
    // Not all have an id by which they are looked up; if more than half have one, the index grows once more.
    this.#episodes.reserve(Math.floor(events / 2));
  }

  /** The event's time as first stated. */
  occurredAtOf(sequence: number): number {
    return this.#segmentOf(sequence).occurredAt(this.#indexOf(sequence));
  }

  recordedAtOf(sequence: number): number {
    return this.#segmentOf(sequence).recordedAt(this.#indexOf(sequence));
  }

  typeOf(sequence: number): EventType {
    return this.#segmentOf(sequence).typeAt(this.#indexOf(sequence));
  }

  /** The longest time, in milliseconds, by which the event as first stated reaches back before its own time. */
  longestMsOf(sequence: number): number {
    return this.#segmentOf(sequence).longestMs;
  }

  /** A hash of the id by which the event is looked up, as first stated; 0 for none. */
  episodeOf(sequence: number): number {
    return wordAt(this.#segmentOf(sequence).episodes, this.#indexOf(sequence));
  }

  idOf(sequence: number): string {
    return this.#segmentOf(sequence).idAt(this.#indexOf(sequence));
  }

  /** Sequences of events with a version that may state a fact with this id of the entity; a sequence may come twice. */
  statingEpisode(entity: string, episode: string): Iterable<number> {
    return this.#episodes.find(episodeHash(entity, episode));
  }

  /** The event that the correction or retraction at `sequence` amends in the end; `null` if it changes nothing. */
  rootOf(sequence: number): CorrectedEvent | null {
    return this.#corrected.rootOf(sequence);
  }

  /** The event at `sequence` with everything that amends it, at any position; `null` if nothing does. */
  correctedAt(sequence: number): CorrectedEvent | null {
    return this.#corrected.get(sequence);
  }

  /** How the event with this id (lower case), or the event that this correction amends, was amended; `null` if it was not. */
  saidOf(id: string): SaidOfEvent | null {
    return this.#corrected.saidOf(id);
  }

  /** The sequence of the event that the correction or retraction at `sequence` names; 0 if there is none. */
  targetOf(sequence: number): number {
    return this.#corrected.targetOf(sequence);
  }

  /** The fact stated by an event that is not a correction and that nothing amends. */
  unamendedFact(sequence: number): Fact {
    return unamendedFact(this.at(sequence));
  }

  /** The fact that the event at `sequence` states as of position P; `null` if it states none. */
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

  /** The largest `recordedAt` up to a sequence; `null` if there is no event. */
  recordedUpTo(sequence: number): number | null {
    return this.#recordedUpTo.at(sequence - 1);
  }

  /** The version of the zone table adopted last, as of a position; `null` if none was. */
  zoneTableAt(P: number): string | null {
    return this.#zoneTables.findLast(({ sequence }) => sequence <= P)?.version ?? null;
  }

  /** Sequences after `after` and up to `upTo` at which a zone table was adopted. */
  zoneTableChanges(after: number, upTo: number): number[] {
    return this.#zoneTables
      .map(({ sequence }) => sequence)
      .filter((sequence) => sequence > after && sequence <= upTo);
  }

  /** The last sequence up to which no event was recorded after the instant. */
  sequenceAsOfTime(instantMs: number): number {
    return this.#recordedUpTo.indexAfter(instantMs);
  }

  /** The event as first stated. Throws `position-past-head`. */
  at(sequence: number): RawEvent {
    const segment = this.#segmentOf(sequence);
    const index = this.#indexOf(sequence);
    const { id, recordedAt, data, attribution } = segment.detailAt(index);
    const type = segment.typeAt(index);
    const occurredAt = segment.occurredAt(index);
    const event = { type, id, sequence, occurredAt, recordedAt, data, attribution };
    // The event's data were checked against its type when the event was appended.
    return event as RawEvent;
  }

  #took(segment: EventSegment, index: number, recordedAt: number, targets: Targets): void {
    const sequence = ++this.#sequence;
    this.#recordedUpTo.push(recordedAt);
    this.#episodes.add(wordAt(segment.episodes, index), sequence);
    this.recordings.add(sequence, segment.typeAt(index), recordedAt);
    this.#tookOfLog(segment, index, sequence, targets);
  }

  /** Takes an event that says something of the log itself: of another event, or of the zone table. */
  #tookOfLog(segment: EventSegment, index: number, sequence: number, targets: Targets): void {
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

  /** Makes the newest version of a corrected event findable too. */
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
  return amendmentTypes.has(type);
}

/** Events that amend others. */
export const amendmentTypes: ReadonlySet<EventType> = new Set(["FactCorrected", "FactRetracted"]);
/** Events that say something of the log itself. */
const logTypes: ReadonlySet<EventType> = new Set([...amendmentTypes, "ZoneTableAdopted"]);
