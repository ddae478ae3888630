/**
 * The facts of one entity in the order in which folds apply them, as of every position at once: an event that nothing
 * amends has one index; an amended event has an index at each time that one of its versions has. Facts are made on
 * demand and not kept.
 */
import type { Closing } from "../../../projections/facts/entity-kind.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { FactVersions } from "../../../projections/facts/fact-versions.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { wordAt } from "../../../projections/arithmetic/invariants.ts";
import type { CorrectedEvent } from "../columns/corrected-events.ts";
import type { FactLog } from "../columns/fact-log.ts";
import type { PositionsHeld } from "./positions-held.ts";
import type { SequenceStore } from "./sequence-store.ts";
import { Sequences } from "./sequences.ts";

/** An index that an amended event has, or once had. */
interface AmendedStand {
  readonly at: number;
  readonly member: number;
  readonly versions: FactVersions;
  /** Indexes of the versions that have this time; ascending. */
  readonly here: readonly number[];
}

/** An entry of the order is a sequence or, from this number on, an index into the amended events' entries. */
const firstAmended = 2 ** 31;

export class EntityFacts {
  readonly #log: FactLog;
  readonly #subject: Subject;
  /** By time, then id. */
  readonly #order: Sequences;
  #amended: (AmendedStand | null)[] | null = null;
  /** Events amended since the last read, so that each is inserted once, however often it was amended. */
  #pending: Set<CorrectedEvent> | null = null;

  constructor(log: FactLog, subject: Subject, store: SequenceStore) {
    this.#log = log;
    this.#subject = subject;
    this.#order = new Sequences(store);
  }

  get length(): number {
    this.#settle();
    return this.#order.length;
  }

  /** The sequences in order of the facts; may be called only while nothing is amended. */
  sequencesInOrder(): Sequences {
    this.#settle();
    return this.#order.copy();
  }

  /** The same list, not to be changed; it changes with the facts. */
  get sequencesAsStored(): Pick<Sequences, "length" | "at" | "indexAfter"> {
    this.#settle();
    return this.#order;
  }

  /** Whether the order is one of sequences alone: nothing amends any of the events. */
  get isUnamended(): boolean {
    return this.#amended === null && this.#pending === null;
  }

  /** Copies the sequences up to P, in order of the facts, into a list from an index on; returns the index after them. Nothing may be amended. */
  copyInto(list: Uint32Array, index: number, P: number): number {
    this.#order.copyInto(list, index);
    let end = index;
    for (let i = index; i < index + this.#order.length; i++) {
      const sequence = wordAt(list, i);
      if (sequence <= P) list[end++] = sequence;
    }
    return end;
  }

  /** Whether an event at this time comes after all others. */
  isAfterAll(at: number): boolean {
    return this.length === 0 || this.timeAt(this.length - 1) < at;
  }

  /** Adds an event that nothing amends, at its time; `isLast` is what `isAfterAll` says of that. */
  add(member: number, at: number, isLast: boolean): void {
    if (isLast) this.#order.push(member);
    else this.#order.insert(this.#indexFor(at, member), member);
  }

  /** Adds events that nothing amends and that come after all others, those of a list from one index to another. */
  addAll(members: Uint32Array, begin: number, end: number): void {
    this.#order.pushAll(members, begin, end);
  }

  /** Notes that the event was amended: it gets an index at the time of each version about this entity. */
  amend(root: CorrectedEvent): void {
    this.#pending ??= new Set();
    this.#pending.add(root);
  }

  #settle(): void {
    if (this.#pending === null) return;
    const pending = this.#pending;
    this.#pending = null;
    for (const root of pending) this.#insert(root);
  }

  #insert(root: CorrectedEvent): void {
    const member = root.event.sequence;
    this.#remove(member);
    const { versions } = root;
    const byTime = new Map<number, number[]>();
    for (const version of root.versionsAbout(this.#subject)) {
      const at = versions.all[version]?.occurredAt ?? Infinity;
      const here = byTime.get(at);
      if (here === undefined) byTime.set(at, [version]);
      else here.push(version);
    }
    this.#amended ??= [];
    for (const [at, here] of byTime) {
      const index = this.#indexFor(at, member);
      const stand = this.#amended.push({ at, member, versions, here }) - 1;
      this.#order.insert(index, firstAmended + stand);
    }
  }

  /** The time of the fact at an index; Infinity past the last. */
  timeAt(index: number): number {
    this.#settle();
    const entry = this.#order.at(index);
    if (entry === 0) return Infinity;
    return this.#standOf(entry)?.at ?? this.#log.occurredAtOf(entry);
  }

  /** From the first fact to the end of what the last one leaves open; the end is Infinity unless the last fact's type is a closing one. */
  extent({ types, lingersMs }: Closing): Interval {
    const last = this.length - 1;
    // The type first: it rules out most, and times are looked up all over the memory.
    const mayBeClosed =
      last >= 0 && this.#amended === null && types.has(this.#log.typeOf(this.#order.at(last)));
    const from = this.timeAt(0);
    if (!mayBeClosed) return { from, to: Infinity };
    const at = this.timeAt(last);
    const isClosed = last === 0 || this.timeAt(last - 1) !== at;
    return { from, to: isClosed ? at + lingersMs : Infinity };
  }

  /** The first index at or after `instant`. */
  indexAt(instant: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeAt(middle) < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first index whose instant is later than the one at `index`. */
  nextInstant(index: number): number {
    const at = this.timeAt(index);
    let next = index + 1;
    while (next < this.length && this.timeAt(next) === at) next++;
    return next;
  }

  /** The type of the event at an index. */
  typeAt(index: number): string {
    this.#settle();
    const entry = this.#order.at(index);
    return this.#log.typeOf(this.#standOf(entry)?.member ?? entry);
  }

  /** Notes the sequences at which a fact appears at, or leaves, an index from `begin` to `end`. */
  noteChanges(begin: number, end: number, held: PositionsHeld): void {
    this.#settle();
    for (let i = begin; i < end; i++) {
      const entry = this.#order.at(i);
      const stand = this.#standOf(entry);
      if (stand === null) {
        held.note(entry);
        continue;
      }
      const { versions, here } = stand;
      held.note(stand.member);
      for (const version of here)
        for (const { since } of versions.all.slice(version, version + 2)) held.note(since);
    }
  }

  /** Whether the event at an index may reach back before an instant; only `false` is certain. */
  mayHaveBegunBefore(index: number, instant: number): boolean {
    const entry = this.#order.at(index);
    if (entry >= firstAmended) return true;
    return this.timeAt(index) - this.#log.longestMsOf(entry) < instant;
  }

  /** Whether anything amends the event at an index. */
  isAmendedAt(index: number): boolean {
    this.#settle();
    return this.#order.at(index) >= firstAmended;
  }

  /** The fact at an index as of position P; `null` if there is none. */
  factAt(index: number, P: number): Fact | null {
    this.#settle();
    const entry = this.#order.at(index);
    const stand = this.#standOf(entry);
    if (stand === null) return entry > P ? null : this.#log.unamendedFact(entry);
    if (stand.member > P) return null;
    const version = stand.versions.indexAt(P);
    return isAmong(stand.here, version) ? stand.versions.factAt(version) : null;
  }

  /** Whether there is a fact at an index as of position P. */
  hasFactAt(index: number, P: number): boolean {
    this.#settle();
    const entry = this.#order.at(index);
    return entry < firstAmended ? entry <= P : this.factAt(index, P) !== null;
  }

  /** The facts at the indexes from `begin` to `end` as of position P, ordered by `compareFacts`. */
  factsIn(begin: number, end: number, P: number): Fact[] {
    const found: Fact[] = [];
    for (let i = begin; i < end; i++) {
      const fact = this.factAt(i, P);
      if (fact !== null) found.push(fact);
    }
    return found;
  }

  #standOf(entry: number): AmendedStand | null {
    return entry < firstAmended ? null : (this.#amended?.[entry - firstAmended] ?? null);
  }

  /** The index at which an event of this time belongs. */
  #indexFor(at: number, member: number): number {
    let index = this.indexAt(at);
    if (this.timeAt(index) !== at) return index;
    const id = this.#log.idOf(member);
    for (; index < this.length && this.timeAt(index) === at; index++) {
      const entry = this.#order.at(index);
      if (this.#log.idOf(this.#standOf(entry)?.member ?? entry) > id) break;
    }
    return index;
  }

  /** Removes the event from every index that it has. */
  #remove(member: number): void {
    const stands = this.#amended ?? [];
    let wasAmended = false;
    for (const [i, stand] of stands.entries()) {
      if (stand?.member !== member) continue;
      wasAmended = true;
      this.#removeEntry(stand.at, firstAmended + i);
      stands[i] = null;
    }
    if (!wasAmended) this.#removeEntry(this.#log.occurredAtOf(member), member);
  }

  #removeEntry(at: number, entry: number): void {
    for (let i = this.indexAt(at); i < this.length && this.timeAt(i) === at; i++) {
      if (this.#order.at(i) !== entry) continue;
      this.#order.remove(i);
      return;
    }
  }
}

/** Whether an ascending list contains the number. */
function isAmong(list: readonly number[], number: number): boolean {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? Infinity) < number) low = middle + 1;
    else high = middle;
  }
  return list[low] === number;
}
