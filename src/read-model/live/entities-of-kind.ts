/**
 * The entities of one kind in one cluster, by name and by the time that their facts affect: a window needs only a few
 * of all the jobs that ever ran.
 */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { isFolded } from "../../../projections/facts/subject.ts";
import type { SubjectKind } from "../../../projections/facts/subject.ts";
import type { KindName } from "../../../projections/kinds.ts";
import type { EntityHistory } from "../entities/entity-history.ts";
import { indexAfter } from "../columns/rising.ts";

/** 24.9 days: few jobs span many buckets, and a month lies in two or three. */
const bucketMs = 2 ** 31;
/** How many closings share one stored minimum of their ends. */
const closingsPerBlock = 256;

/** Sorting a tenth of the entities costs as much as passing all. */
const manyPart = 10;

/** What has ended, in the order in which that became known. */
interface Closings {
  readonly sequences: number[];
  readonly entities: EntityHistory[];
  readonly ends: number[];
  /** The earliest end in each block. */
  readonly earliest: number[];
}

export class EntitiesOfKind {
  readonly #kind: SubjectKind;
  readonly #byName = new Map<string, EntityHistory>();
  readonly #make: (name: string) => EntityHistory;
  #sorted: EntityHistory[] | null = null;
  /** Entities that a later fact may still be about. */
  readonly #open = new Set<EntityHistory>();
  /** Entities that have ended, in every bucket of time that they touch. */
  readonly #buckets = new Map<number, Set<EntityHistory>>();
  readonly #closings: Closings = { sequences: [], entities: [], ends: [], earliest: [] };

  /** The entity with the earliest fact, over all versions of all events. */
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

  /** In no particular order. */
  all(): Iterable<EntityHistory> {
    return this.#byName.values();
  }

  /** Sorted by name, in UTF-16 code units. */
  sorted(): readonly EntityHistory[] {
    this.#sorted ??= sortedByName(this.#byName.values());
    return this.#sorted;
  }

  /** The sequence of the first change of any entity; nothing is known before. */
  #firstChange = Infinity;

  /** Notes that an event of an entity was amended. This may happen again at any time, so the entity then never counts as ended. */
  amended(entity: EntityHistory, at: number, first = entity.lastChange): void {
    this.#noteEarliest(entity, at, first);
    this.#open.add(entity);
  }

  /**
   * Notes a new event about an entity at an instant; or several, of which the earliest is at this instant and the first
   * to be known has the sequence `first`.
   */
  added(entity: EntityHistory, at: number, first = entity.lastChange): void {
    this.#noteEarliest(entity, at, first);
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

  #noteEarliest(entity: EntityHistory, at: number, first: number): void {
    this.#firstChange = Math.min(this.#firstChange, first);
    if (at < (this.#earliest?.at ?? Infinity)) this.#earliest = { entity, at };
  }

  /** Whether there is a fact as of a position. */
  hasFact(sequence: number): boolean {
    if (sequence < this.#firstChange) return false;
    for (const entity of this.#byName.values()) if (entity.hasFact(sequence)) return true;
    return false;
  }

  /** The time of the earliest fact of any entity, as of a position; Infinity if there is none. */
  firstFactAt(sequence: number): number {
    const facts = this.#earliest?.entity.facts;
    if (facts?.timeAt(0) === this.#earliest?.at && facts?.hasFactAt(0, sequence) === true)
      return facts.timeAt(0);
    let first = Infinity;
    for (const entity of this.#byName.values())
      first = Math.min(first, entity.firstFactAt(sequence));
    return first;
  }

  /** The entities with a fact, as of a position, that may affect the window; sorted by name. */
  touching(kind: KindName, window: Interval, sequence: number): readonly EntityHistory[] {
    const found = new Set<EntityHistory>();
    for (const entity of this.candidates(window, sequence))
      if (mayTouch(entity, kind, window, sequence)) found.add(entity);
    // Of many, it is cheaper to look them up in the order of all.
    const isMost = found.size * manyPart > this.#byName.size;
    return isMost ? this.sorted().filter((entity) => found.has(entity)) : sortedByName(found);
  }

  /** Whether the entity, which is one of these, may affect the window as of a position. */
  mayTouch(entity: EntityHistory, kind: KindName, window: Interval, sequence: number): boolean {
    return mayTouch(entity, kind, window, sequence);
  }

  /** Every entity that may affect the window as of a position or a later one; an entity may come twice. */
  *candidates({ from, to }: Interval, sequence: number): Iterable<EntityHistory> {
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

/** Entities that ended before the instant, which became known only after the sequence. */
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
  // As of an earlier position, the fact that closed it may not have been known.
  return extent.to >= from || entity.lastChange > sequence;
}

function bucketOf(instant: number): number {
  return Math.floor(instant / bucketMs);
}

/** In UTF-16 code units. */
function sortedByName(entities: Iterable<EntityHistory>): EntityHistory[] {
  return [...entities].sort((a, b) => (a.name < b.name ? -1 : 1));
}
