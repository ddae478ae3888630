/** Every event in the order of the ledger, with what corrects it: where facts as of any position come from. */
import { unamendedFact } from "../../../projections/facts/effective-facts.ts";
import type { RawEvent, Amendment } from "../../../projections/facts/effective-facts.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { DataOf, EventType } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { LedgerError } from "../../errors.ts";
import { IdIndex } from "../../store/sqlite/rows/id-index.ts";
import { CorrectedEvents } from "./corrected-events.ts";
import type { CorrectedEvent, SaidOfEvent } from "./corrected-events.ts";
import { EventSegment } from "./event-columns.ts";
import type { SubjectSlot } from "./subjects.ts";
import { RisingNumbers } from "./rising.ts";

export class FactLog {
  readonly #segmentEvents: number;
  readonly #segments: EventSegment[] = [];
  #sequence = 0;
  /** Made when the first correction comes; most ledgers hardly have any. */
  #ids: IdIndex | null = null;
  readonly #corrected = new CorrectedEvents({
    sequenceOf: (id) => this.#idIndex().find(id),
    at: (sequence) => this.at(sequence),
  });
  /** The largest `recordedAt` up to each sequence. */
  readonly #recordedUpTo = new RisingNumbers();
  /** Zone tables that were adopted, by sequence. */
  readonly #zoneTables: { readonly sequence: number; readonly version: string }[] = [];

  constructor(segmentEvents: number) {
    this.#segmentEvents = segmentEvents;
  }

  /** The last sequence; 0 if there is none. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Segments that take no more events; kept, they bring the log back up to their end. */
  get fullSegments(): readonly EventSegment[] {
    return this.#segments.filter((segment) => segment.isFull);
  }

  /** Adds an event, which is about that subject. Throws `corrupt-event` for one that is not the next. */
  add(stored: StoredEvent, slot: SubjectSlot | null): void {
    const { sequence } = stored;
    if (sequence !== this.#sequence + 1) {
      const detail = `sequence ${sequence} comes after ${this.#sequence}`;
      throw new LedgerError("corrupt-event", detail, { extra: { sequence } });
    }
    let segment = this.#segments.at(-1);
    if (segment === undefined || segment.isFull) {
      segment = new EventSegment(this.#segmentEvents);
      this.#segments.push(segment);
    }
    segment.add(stored, slot);
    this.#took(segment, segment.length - 1);
  }

  /** Takes a full segment that follows on what is there. */
  addSegment(segment: EventSegment): void {
    this.#segments.push(segment);
    for (let place = 0; place < segment.length; place++) this.#took(segment, place);
  }

  /** As it was stated. */
  occurredAtOf(sequence: number): number {
    return this.#segmentOf(sequence).occurredAt[this.#placeOf(sequence)] ?? 0;
  }

  typeOf(sequence: number): EventType {
    return this.#segmentOf(sequence).typeAt(this.#placeOf(sequence));
  }

  /** A hash of the fault or maintenance that the event is about, as it was stated; 0 for none. */
  episodeOf(sequence: number): number {
    return this.#segmentOf(sequence).episodes[this.#placeOf(sequence)] ?? 0;
  }

  idOf(sequence: number): string {
    return this.#segmentOf(sequence).idAt(this.#placeOf(sequence));
  }

  /** What the correction or retraction at `sequence` is about in the end; `null` if it changes nothing. */
  rootOf(sequence: number): CorrectedEvent | null {
    return this.#corrected.rootOf(sequence);
  }

  /** The event at `sequence` with all that touches it, at whatever position; `null` if nothing does. */
  correctedAt(sequence: number): CorrectedEvent | null {
    return this.#corrected.get(sequence);
  }

  /** What corrections said of the event with that id (lower case), or of the one that it corrects; `null` if none did. */
  saidOf(id: string): SaidOfEvent | null {
    // Without an index of ids there was no correction.
    const sequence = this.#ids?.find(id) ?? 0;
    return sequence === 0 ? null : this.#corrected.saidOf(sequence);
  }

  /** The fact that an event which nothing amends states; the event is no correction. */
  unamendedFact(sequence: number): Fact {
    return unamendedFact(this.at(sequence));
  }

  /** The fact that the event at `sequence` states at position P; `null` if it states none. */
  factAt(sequence: number, P: number): Fact | null {
    if (sequence > P) return null;
    const versions = this.correctedAt(sequence)?.versions;
    return versions === undefined
      ? this.unamendedFact(sequence)
      : versions.factAt(versions.placeAt(P));
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
    return this.#recordedUpTo.placeAfter(instantMs);
  }

  #segmentOf(sequence: number): EventSegment {
    const segment = this.#segments[Math.floor((sequence - 1) / this.#segmentEvents)];
    if (segment !== undefined && sequence <= this.#sequence) return segment;
    throw new LedgerError("position-past-head", `there is no sequence ${sequence}`);
  }

  /** The event as it was stated. Throws `position-past-head`. */
  at(sequence: number): RawEvent {
    const segment = this.#segmentOf(sequence);
    const place = this.#placeOf(sequence);
    const event = {
      type: segment.typeAt(place),
      id: segment.idAt(place),
      sequence,
      occurredAt: segment.occurredAt[place],
      recordedAt: segment.recordedAt[place],
      data: segment.dataAt(place),
    };
    // The data are those of the type: the event was checked when it was taken in.
    return event as RawEvent;
  }

  #took(segment: EventSegment, place: number): void {
    const sequence = ++this.#sequence;
    this.#recordedUpTo.push(segment.recordedAt[place] ?? 0);
    this.#ids?.add(segment.idAt(place), sequence);
    const type = segment.typeAt(place);
    if (type === "FactCorrected" || type === "FactRetracted") {
      this.#corrected.add(this.at(sequence) as Amendment);
    } else if (type === "ZoneTableAdopted") {
      const { tzdata } = segment.dataAt(place) as DataOf<"ZoneTableAdopted">;
      this.#zoneTables.push({ sequence, version: tzdata });
    }
  }

  #placeOf(sequence: number): number {
    return (sequence - 1) % this.#segmentEvents;
  }

  #idIndex(): IdIndex {
    if (this.#ids === null) {
      this.#ids = new IdIndex((sequence, id) => this.idOf(sequence) === id);
      for (let sequence = 1; sequence <= this.#sequence; sequence++) {
        this.#ids.add(this.idOf(sequence), sequence);
      }
    }
    return this.#ids;
  }
}
