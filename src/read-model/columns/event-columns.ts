/**
 * Events in columns. Types, times and lookup hashes stay in memory, nine bytes per event. The rest is in memory while
 * a segment is being filled, and is read from a file once the segment is stored there.
 */
import { at, byteAt } from "../../../projections/arithmetic/invariants.ts";
import { eventTypes } from "../../events/catalogue.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { Decision, StoredEvent } from "../../events/envelope.ts";
import { episodeOf } from "../../../projections/facts/episodes.ts";
import { idsNamedBy } from "../../../projections/node-integers/node-integers.ts";
import { lastedMs } from "../../../projections/facts/lasting.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import { compactInstants, plainInstants } from "./instants.ts";
import type { Instants } from "./instants.ts";
import type { NamedIds } from "./named-ids.ts";
import { FilledDetail } from "./segment-detail.ts";
import type { EventDetail, SegmentDetail } from "./segment-detail.ts";
import type { SubjectSlot } from "./subjects.ts";

const typeCodes = new Map(eventTypes.map((type, code) => [type, code]));

/** The columns of a full segment that stay in memory. */
export interface ResidentColumns {
  readonly types: Uint8Array;
  readonly occurredAts: Float64Array;
  /** A hash of the id by which an event is looked up; 0 for an event without such an id. */
  readonly episodes: Uint32Array;
  /** The longest time, in milliseconds, by which any event's statement reaches back before the event's own time. */
  readonly longestMs: number;
  /** The latest instant of any decision among the events; 0 if there is none. */
  readonly latestDecisionAt: number;
}

/** The columns that are needed only while a segment is being filled, and to store it. */
export interface Filling extends Omit<ResidentColumns, "longestMs" | "latestDecisionAt"> {
  readonly detail: FilledDetail;
  /** The subject of each event, as its index in `subjects` plus 1; 0 for an event that names no cluster. */
  readonly subjectIndexes: Uint32Array;
  readonly subjects: Subject[];
}

/** Consecutive events, up to a capacity that is fixed when the segment is made. */
export class EventSegment {
  readonly episodes: Uint32Array;
  /** The longest time, in milliseconds, by which any event's statement reaches back before the event's own time. */
  longestMs: number;
  /** The latest instant of any decision among the events; 0 if there is none. */
  latestDecisionAt: number;
  /** Once the segment is stored, types and instants lie in memory that other threads may read. */
  #types: Uint8Array;
  #instants: Instants;
  #detail: SegmentDetail;
  #filling: Filling | null;
  #length: number;

  private constructor(columns: ResidentColumns, detail: SegmentDetail, length: number) {
    this.#types = columns.types;
    this.episodes = columns.episodes;
    this.longestMs = columns.longestMs;
    this.latestDecisionAt = columns.latestDecisionAt;
    this.#instants = plainInstants(columns.occurredAts);
    this.#detail = detail;
    this.#filling = null;
    this.#length = length;
  }

  /** An empty segment for `capacity` events. */
  static empty(capacity: number): EventSegment {
    const filling: Filling = {
      types: new Uint8Array(capacity),
      occurredAts: new Float64Array(capacity),
      episodes: new Uint32Array(capacity),
      detail: new FilledDetail(capacity),
      subjectIndexes: new Uint32Array(capacity),
      subjects: [],
    };
    const segment = new EventSegment(
      { ...filling, longestMs: 0, latestDecisionAt: 0 },
      filling.detail,
      0,
    );
    segment.#filling = filling;
    return segment;
  }

  /** A full segment that is stored in a file. */
  static stored(columns: ResidentColumns, detail: SegmentDetail): EventSegment {
    const segment = new EventSegment(columns, detail, columns.types.length);
    segment.#types = shared(columns.types);
    segment.#instants = compactInstants(columns.occurredAts);
    return segment;
  }

  get types(): Uint8Array {
    return this.#types;
  }

  get instants(): Instants {
    return this.#instants;
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === this.types.length;
  }

  /** All columns of a segment that is not stored in a file yet; `null` once it is. */
  get filling(): Filling | null {
    return this.#filling;
  }

  /** Called once the file has the segment: what need not stay is dropped from memory. */
  moveTo(detail: SegmentDetail): void {
    if (this.#filling === null) return;
    this.#types = shared(this.#filling.types);
    this.#instants = compactInstants(this.#filling.occurredAts);
    this.#detail = detail;
    this.#filling = null;
  }

  /** Adds an event with its subject. Throws a RangeError if the segment is full. */
  add(event: StoredEvent, slot: SubjectSlot | null): void {
    const filling = this.#filling;
    if (filling === null || this.isFull)
      throw new RangeError("a full segment takes no more events");
    const index = this.#length;
    filling.detail.add(index, event.id, event.recordedAt, withDecision(event));
    this.#length++;
    const code = typeCodes.get(event.type);
    if (code === undefined) throw new RangeError(`${event.type} has no type code`);
    filling.types[index] = code;
    filling.occurredAts[index] = event.occurredAt;
    this.longestMs = Math.max(this.longestMs, lastedMs(event.type, event.data));
    if (event.attribution.decision !== undefined)
      this.latestDecisionAt = Math.max(this.latestDecisionAt, event.occurredAt);
    if (slot === null) return;
    filling.subjectIndexes[index] = this.#indexOf(filling, slot);
    const { cluster } = slot.subject;
    for (const id of idsNamedBy(event.type, event.data))
      filling.detail.named.add(cluster, index, id);
    const episode = episodeOf(event.type, event.data);
    if (episode !== null) filling.episodes[index] = episodeHash(slot.subject.name, episode);
  }

  typeAt(index: number): EventType {
    return at(eventTypes, byteAt(this.#types, index));
  }

  /** The indexes of the events of some types, ascending. */
  indexesOf(types: ReadonlySet<EventType>): number[] {
    const codes = new Uint8Array(eventTypes.length);
    for (const [code, type] of eventTypes.entries()) if (types.has(type)) codes[code] = 1;
    const found: number[] = [];
    for (let index = 0; index < this.#length; index++)
      if (codes[byteAt(this.#types, index)] === 1) found.push(index);
    return found;
  }

  occurredAt(index: number): number {
    return this.#instants.at(index);
  }

  recordedAt(index: number): number {
    return this.#detail.recordedAt(index);
  }

  idAt(index: number): string {
    return this.#detail.id(index);
  }

  /** The ids that its facts of a cluster's nodes name; they hold until those of another segment are asked for. */
  namedIds(cluster: string): NamedIds {
    return this.#detail.namedIds(cluster);
  }

  /** How many there are. */
  namedCount(cluster: string): number {
    return this.#detail.namedCount(cluster);
  }

  /** The data of an event, and its decision if the event is one. */
  statedAt(index: number): Stated {
    return withoutDecision(this.#detail.data(index));
  }

  /** The whole of an event but its type, its time and its sequence. */
  detailAt(index: number): Stated & EventDetail {
    const { id, recordedAt, data: kept } = this.#detail.all(index);
    const { data, attribution } = withoutDecision(kept);
    return { id, recordedAt, data, attribution };
  }

  #indexOf({ subjects }: Filling, slot: SubjectSlot): number {
    if (slot.segment !== this) {
      slot.segment = this;
      slot.index = subjects.push(slot.subject);
    }
    return slot.index;
  }
}

/** A copy in memory that other threads may read. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** What an event states, besides its type and times. */
interface Stated {
  readonly data: object;
  readonly attribution?: { readonly decision: Decision } | undefined;
}

/** The member that stores an event's decision beside its data; no type's data have a member of this name. */
const decisionName = "#decision";

function withDecision({ data, attribution }: StoredEvent): object {
  const { decision } = attribution;
  return decision === undefined ? data : { ...data, [decisionName]: decision };
}

function withoutDecision(kept: object): Stated {
  if (!(decisionName in kept)) return { data: kept };
  const { [decisionName]: decision, ...data } = kept;
  // `withDecision` wrote this member.
  return { data, attribution: { decision: decision as Decision } };
}

/** Hashes an id of one entity (FNV-1a over UTF-16 code units); never 0. */
export function episodeHash(entity: string, episode: string): number {
  const hash = fnv(fnv(0x811c9dc5, entity) ^ 0x0a, episode);
  return hash >>> 0 || 1;
}

function fnv(begin: number, text: string): number {
  let hash = begin;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
