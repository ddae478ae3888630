/** Events in columns: what folds need of each, in some sixty bytes instead of many objects. */
import { eventTypes } from "../../events/catalogue.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { episodeOf } from "../../../projections/nodes/episodes.ts";
import { DataReader, DataWriter } from "./data-codec.ts";
import type { Dictionary } from "./data-codec.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import type { SubjectSlot } from "./subjects.ts";

/** Of a UUID. */
export const idBytes = 16;
/** Of a segment's data. */
export const maxDataBytes = 0xffff_ffff;
const typeCodes = new Map(eventTypes.map((type, code) => [type, code]));
const scratch = Buffer.alloc(36);
const hexDigits = Buffer.from("0123456789abcdef");
const hyphen = 0x2d;

/** Neighbours, up to a number that is fixed when it is made. */
export class EventSegment {
  readonly types: Uint8Array;
  readonly occurredAt: Float64Array;
  readonly recordedAt: Float64Array;
  readonly ids: Buffer;
  /** A hash of the fault or maintenance that an event is about, for those that are looked up by it; else 0. */
  readonly episodes: Uint32Array;
  /** Where the data of each begin; one more than there are events. */
  readonly begins: Uint32Array;
  /** What each is about: its place in `subjects`, from 1; 0 for what names no cluster. */
  readonly subjectPlaces: Uint32Array;
  readonly subjects: Subject[];
  #writer: DataWriter | null;
  readonly #reader: DataReader;
  #dictionary: Dictionary;
  #bytes: Buffer;
  #length: number;

  /** An empty segment for so many events, or a full one that was kept. */
  constructor(capacity: number, kept?: KeptSegment) {
    this.#length = kept?.types.length ?? 0;
    this.types = kept?.types ?? new Uint8Array(capacity);
    this.occurredAt = kept?.occurredAt ?? new Float64Array(capacity);
    this.recordedAt = kept?.recordedAt ?? new Float64Array(capacity);
    this.ids = kept?.ids ?? Buffer.alloc(capacity * idBytes);
    this.episodes = kept?.episodes ?? new Uint32Array(capacity);
    this.begins = kept?.begins ?? new Uint32Array(capacity + 1);
    this.subjectPlaces = kept?.subjectPlaces ?? new Uint32Array(capacity);
    this.subjects = kept?.subjects ?? [];
    this.#writer = kept === undefined ? new DataWriter() : null;
    this.#dictionary = kept?.dictionary ?? this.#writer ?? { words: [], shapes: [] };
    this.#bytes = kept?.bytes ?? this.#writer?.bytes ?? Buffer.alloc(0);
    this.#reader = new DataReader(this.#bytes, this.#dictionary);
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === this.types.length;
  }

  /** Adds an event, which is about that subject. Throws a RangeError for a segment that is full. */
  add(event: StoredEvent, slot: SubjectSlot | null): void {
    const writer = this.#writer;
    if (writer === null) throw new RangeError("a full segment takes no more events");
    const place = this.#length++;
    this.types[place] = typeCodes.get(event.type) ?? 0;
    this.occurredAt[place] = event.occurredAt;
    this.recordedAt[place] = event.recordedAt;
    writeId(this.ids, place * idBytes, event.id);
    const episode = episodeOf(event.type, event.data);
    if (episode !== null) this.episodes[place] = episodeHash(episode);
    if (slot !== null) this.subjectPlaces[place] = this.#placeOf(slot);
    writer.write(event.data);
    // Their places are kept in 32 bits: past that, what is read back would be something else.
    if (writer.length > maxDataBytes)
      throw new RangeError(`a segment is full at ${maxDataBytes} bytes`);
    this.begins[place + 1] = writer.length;
    if (this.isFull) this.#seal(writer);
    else if (this.#bytes !== writer.bytes) this.#setBytes(writer.bytes);
  }

  typeAt(place: number): EventType {
    return eventTypes[this.types[place] ?? 0] ?? "ClusterRegistered";
  }

  idAt(place: number): string {
    return readId(this.ids, place * idBytes);
  }

  dataAt(place: number): object {
    return this.#reader.read(this.begins[place] ?? 0);
  }

  /** What is to be kept of a full segment. */
  kept(): KeptSegment {
    const { types, occurredAt, recordedAt, ids, episodes, begins, subjectPlaces, subjects } = this;
    const columns = { types, occurredAt, recordedAt, ids, episodes, begins, subjectPlaces };
    return { ...columns, bytes: this.#bytes, dictionary: this.#dictionary, subjects };
  }

  #placeOf(slot: SubjectSlot): number {
    if (slot.segment !== this) {
      slot.segment = this;
      slot.place = this.subjects.push(slot.subject);
    }
    return slot.place;
  }

  /** Gives back what was only needed to write. */
  #seal(writer: DataWriter): void {
    const { words, shapes } = writer;
    this.#dictionary = { words, shapes };
    this.#setBytes(Buffer.from(writer.bytes.subarray(0, writer.length)));
    this.#writer = null;
  }

  #setBytes(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#reader.bytes = bytes;
  }
}

/** A full segment as it is kept. */
export interface KeptSegment {
  readonly types: Uint8Array;
  readonly occurredAt: Float64Array;
  readonly recordedAt: Float64Array;
  readonly ids: Buffer;
  readonly episodes: Uint32Array;
  readonly begins: Uint32Array;
  readonly subjectPlaces: Uint32Array;
  readonly subjects: Subject[];
  readonly bytes: Buffer;
  readonly dictionary: Dictionary;
}

/** Never 0 (FNV-1a over UTF-16 code units). */
export function episodeHash(episode: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < episode.length; i++)
    hash = Math.imul(hash ^ episode.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}

/** A UUID's sixteen bytes. */
function writeId(into: Buffer, place: number, id: string): void {
  let at = 0;
  for (let i = 0; i < idBytes; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) at++;
    into[place + i] = (digitOf(id.charCodeAt(at)) << 4) | digitOf(id.charCodeAt(at + 1));
    at += 2;
  }
}

/** Of a lower-case hexadecimal digit: the codes of letters have bit 6 set, and their low bits count from 1. */
function digitOf(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

/** The lower-case text of a UUID. */
function readId(from: Buffer, place: number): string {
  let at = 0;
  for (let i = 0; i < idBytes; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) scratch[at++] = hyphen;
    const byte = from[place + i] ?? 0;
    scratch[at++] = hexDigits[byte >> 4] ?? 0;
    scratch[at++] = hexDigits[byte & 15] ?? 0;
  }
  return scratch.toString("latin1", 0, 36);
}
