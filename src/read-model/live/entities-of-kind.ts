/**
 * The entities of one kind of one cluster, by name and by when their facts have a say: a window asks for few of all
 * the jobs that there ever were.
 */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { isFolded } from "../../../projections/facts/subject.ts";
import type { SubjectKind } from "../../../projections/facts/subject.ts";
import type { KindName } from "../../../projections/kinds.ts";
import type { EntityHistory } from "../entities/entity-history.ts";
import { indexAfter } from "../columns/rising.ts";

/** 24.9 days: few jobs lie in many, and a month is in two or three. */
const bucketMs = 2 ** 31;
/** Closings whose earliest end is known together. */
const closingsPerBlock = 256;

/** What has come to an end, in the order in which that became known. */
interface Closings {
  readonly sequences: number[];
  readonly entities: EntityHistory[];
  readonly ends: number[];
  /** The earliest end of each block. */
  readonly earliest: number[];
}

export class EntitiesOfKind {
  readonly #kind: SubjectKind;
  readonly #byName = new Map<string, EntityHistory>();
  readonly #make: (name: string) => EntityHistory;
  #sorted: EntityHistory[] | null = null;
  /** Those that a later fact may still be about. */
  readonly #open = new Set<EntityHistory>();
  /** Those that have come to an end, in every bucket of time that they touch. */
  readonly #buckets = new Map<number, Set<EntityHistory>>();
  readonly #closings: Closings = { sequences: [], entities: [], ends: [], earliest: [] };

  /** The entity that has the earliest fact, by any version that it ever had. */
  #earliest: { readonly entity: EntityHistory; readonly at: number } | null = null;

  constructor(kind: SubjectKind, make: (name: string) => EntityHistory) {
    this.#kind = kind;
    this.#make = make;
  }

  get(name: string): EntityHistory | null {
    return this.#byName.get(name) ?? null;
  }

  getOrAdd(name: string): EntityHistory {
    let entity = this.#byName.get(name);
    if (entity === undefined) {
      entity = this.#make(name);
      this.#byName.set(name, entity);
      this.#sorted = null;
    }
    return entity;
  }

  /** In no order. */
  all(): Iterable<EntityHistory> {
    return this.#byName.values();
  }

  /** By name, in UTF-16 code units. */
  sorted(): readonly EntityHistory[] {
    this.#sorted ??= sortedByName(this.#byName.values());
    return this.#sorted;
  }

  /** An event of an entity was amended: later ones may be too, so that it never comes to an end. */
  amended(entity: EntityHistory, at: number): void {
    this.#noteEarliest(entity, at);
    this.#open.add(entity);
  }

  /** A new event at an instant is about an entity. */
  added(entity: EntityHistory, at: number): void {
    this.#noteEarliest(entity, at);
    if (!isFolded(this.#kind)) return;
    const extent = entity.extent(this.#kind);
    if (extent === null || extent.to === Infinity) {
      this.#open.add(entity);
      return;
    }
    this.#open.delete(entity);
    for (let i = bucketOf(extent.from); i <= bucketOf(extent.to); i++) {
      const bucket = this.#buckets.get(i);
      if (bucket === undefined) this.#buckets.set(i, new Set([entity]));
      else bucket.add(entity);
    }
    addClosing(this.#closings, entity, extent.to);
  }

  #noteEarliest(entity: EntityHistory, at: number): void {
    if (at < (this.#earliest?.at ?? Infinity)) this.#earliest = { entity, at };
  }

  /** Whether there is a fact as of a position. */
  hasFact(sequence: number): boolean {
    for (const entity of this.#byName.values()) if (entity.hasFact(sequence)) return true;
    return false;
  }

  /** When the first fact of any happened, as of a position; Infinity if there is none. */
  firstFactAt(sequence: number): number {
    const facts = this.#earliest?.entity.facts;
    if (facts?.timeAt(0) === this.#earliest?.at && facts?.hasFactAt(0, sequence) === true)
      return facts.timeAt(0);
    let first = Infinity;
    for (const entity of this.#byName.values())
      first = Math.min(first, entity.firstFactAt(sequence));
    return first;
  }

  /** Those of which any fact as of a position may have a say in the window; by name. */
  touching(kind: KindName, window: Interval, sequence: number): readonly EntityHistory[] {
    const found = new Set<EntityHistory>();
    for (const entity of this.#candidates(window, sequence))
      if (mayTouch(entity, kind, window, sequence)) found.add(entity);
    return sortedByName(found);
  }

  *#candidates({ from, to }: Interval, sequence: number): Iterable<EntityHistory> {
    const bucketsOfWindow = bucketOf(to) - bucketOf(from);
    if (!(bucketsOfWindow <= this.#buckets.size)) {
      yield* this.#byName.values();
      return;
    }
    yield* this.#open;
    for (let at = bucketOf(from); at <= bucketOf(to); at++) yield* this.#buckets.get(at) ?? [];
    yield* endedBefore(this.#closings, from, sequence);
  }
}

/** What had ended before the instant, as was known only after the sequence. */
function* endedBefore(
  closings: Closings,
  instant: number,
  sequence: number,
): Iterable<EntityHistory> {
  const { sequences, entities, ends, earliest } = closings;
  const begin = indexAfter(sequences, sequence);
  for (let block = Math.floor(begin / closingsPerBlock); block < earliest.length; block++) {
    if ((earliest[block] ?? Infinity) >= instant) continue;
    const last = Math.min((block + 1) * closingsPerBlock, entities.length);
    for (let i = Math.max(begin, block * closingsPerBlock); i < last; i++) {
      const entity = entities[i];
      if (entity !== undefined && (ends[i] ?? Infinity) < instant) yield entity;
    }
  }
}

function addClosing(closings: Closings, entity: EntityHistory, end: number): void {
  const index = closings.sequences.push(entity.lastChange) - 1;
  closings.entities.push(entity);
  closings.ends.push(end);
  const block = Math.floor(index / closingsPerBlock);
  closings.earliest[block] = Math.min(closings.earliest[block] ?? Infinity, end);
}

function mayTouch(
  entity: EntityHistory,
  kind: KindName,
  { from, to }: Interval,
  sequence: number,
): boolean {
  if (!entity.isKnownAt(sequence)) return false;
  const extent = entity.extent(kind);
  if (extent === null) return true;
  if (extent.from >= to) return false;
  // As of an earlier position what has closed it may not have been known.
  return extent.to >= from || entity.lastChange > sequence;
}

function bucketOf(instant: number): number {
  return Math.floor(instant / bucketMs);
}

/** In UTF-16 code units. */
function sortedByName(entities: Iterable<EntityHistory>): EntityHistory[] {
  return [...entities].sort((a, b) => (a.name < b.name ? -1 : 1));
}
