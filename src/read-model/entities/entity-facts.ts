/**
 * The facts of one entity in the order in which folds take them, as of every position at once: what nothing amends
 * stands once; what corrections amend stands at each time that it ever had. Facts are made when they are asked for,
 * and not kept.
 */
import type { Closing } from "../../../projections/facts/entity-kind.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { FactVersions } from "../../../projections/facts/fact-versions.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { CorrectedEvent } from "../columns/corrected-events.ts";
import type { FactLog } from "../columns/fact-log.ts";
import type { PositionsHeld } from "./positions-held.ts";
import type { SequenceStore } from "./sequence-store.ts";
import { Sequences } from "./sequences.ts";

/** Where an amended event stands, or stood once. */
interface AmendedStand {
  readonly at: number;
  readonly member: number;
  readonly versions: FactVersions;
  /** Which of them stand here; rising. */
  readonly here: readonly number[];
}

/** An entry of the order is a sequence or, from here on, an index into the amended stands. */
const firstAmended = 2 ** 31;

export class EntityFacts {
  readonly #log: FactLog;
  readonly #subject: Subject;
  /** By time, then id. */
  readonly #order: Sequences;
  #amended: (AmendedStand | null)[] | null = null;
  /** Amended since anything was last asked: each is inserted once, however often it was amended. */
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

  /** The sequences in the order of the facts; asked for while nothing is amended. */
  sequencesInOrder(): Sequences {
    this.#settle();
    return this.#order.copy();
  }

  /** Whether an event of that time comes after all that there are. */
  isAfterAll(at: number): boolean {
    return this.length === 0 || this.timeAt(this.length - 1) < at;
  }

  /** Adds an event that nothing amends. */
  add(member: number): void {
    const at = this.#log.occurredAtOf(member);
    if (this.isAfterAll(at)) this.#order.push(member);
    else this.#order.insert(this.#indexFor(at, member), member);
  }

  /** The event was amended: it stands at each time that a version about this entity has. */
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

  /** Infinity past the last. */
  timeAt(index: number): number {
    this.#settle();
    const entry = this.#order.at(index);
    if (entry === 0) return Infinity;
    return this.#standOf(entry)?.at ?? this.#log.occurredAtOf(entry);
  }

  /** From the first fact to the end of what the last one leaves open: without end, unless its type is a closing one. */
  extent({ types, lingersMs }: Closing): Interval {
    const last = this.length - 1;
    const at = this.timeAt(last);
    const isClosed =
      last >= 0 &&
      this.#amended === null &&
      (last === 0 || this.timeAt(last - 1) !== at) &&
      types.has(this.#log.typeOf(this.#order.at(last)));
    return { from: this.timeAt(0), to: isClosed ? at + lingersMs : Infinity };
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

  /** The first index of a later instant than that at `index`. */
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

  /** Notes the sequences that say anything of the indexes from `begin` to `end`: something comes to stand there, or leaves it. */
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

  /** Whether the event at an index may have taken so long that it began before an instant; `false` is sure. */
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

  /** Adds the facts at the indexes from `begin` to `end` as of position P, by `compareFacts`. */
  collect(begin: number, end: number, P: number, into: Fact[]): void {
    for (let i = begin; i < end; i++) {
      const fact = this.factAt(i, P);
      if (fact !== null) into.push(fact);
    }
  }

  #standOf(entry: number): AmendedStand | null {
    return entry < firstAmended ? null : (this.#amended?.[entry - firstAmended] ?? null);
  }

  /** Where an event of that time belongs. */
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

  /** Takes the event out, wherever it stands. */
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

/** Whether a rising list has the number. */
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
