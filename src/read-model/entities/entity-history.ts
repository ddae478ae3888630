/** The events about one entity, and the timelines last folded from them. */
import { wordAt } from "../../../projections/arithmetic/invariants.ts";
import { kinds } from "../../../projections/kinds.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { CorrectedEvent } from "../columns/corrected-events.ts";
import type { FactLog } from "../columns/fact-log.ts";
import type { SubjectSlot } from "../columns/subjects.ts";
import { EntityFacts } from "./entity-facts.ts";
import { EntityFolds } from "./entity-folds.ts";
import type { FoldOptions } from "./entity-folds.ts";
import { KeptStates } from "./kept-states.ts";
import type { HeldTimeline } from "./kept-timelines.ts";
import type { KeptState } from "./kept-states.ts";
import type { Sequences } from "./sequences.ts";

export class EntityHistory implements SubjectSlot {
  readonly subject: Subject;
  segment: object | null = null;
  index = 0;
  readonly log: FactLog;
  readonly facts: EntityFacts;
  #states: KeptStates | null = null;
  /** The sequences at which something changed; `null` while these are the sequences of the facts, in order. */
  #changes: Sequences | null = null;
  /** The sequence of the last change; 0 if there is none. */
  lastChange = 0;
  /** No fact is later than this. */
  #latestAt = -Infinity;
  /** The sequence of the first change. */
  #firstChange = Infinity;
  /** The whole timeline after the last change; `null` until it is folded, and when others were used since. */
  #latest: HeldTimeline | null = null;
  readonly #options: FoldOptions;
  #folds: EntityFolds<unknown, unknown> | null = null;

  constructor(subject: Subject, log: FactLog, options: FoldOptions) {
    this.subject = subject;
    this.log = log;
    this.facts = new EntityFacts(log, subject, options.sequences);
    this.#options = options;
  }

  get name(): string {
    return this.subject.name;
  }

  get states(): KeptStates {
    this.#states ??= new KeptStates(this.#options.sequences);
    return this.#states;
  }

  /** Adds a new event about this entity; returns the event's time. */
  note(sequence: number): number {
    const at = this.log.occurredAtOf(sequence);
    const isLast = this.facts.isAfterAll(at);
    if (!isLast) this.#changes ??= this.facts.sequencesInOrder();
    this.facts.add(sequence, at, isLast);
    this.#latestAt = Math.max(this.#latestAt, at);
    this.#changed(sequence);
    this.#states?.changed(at);
    this.#folds?.added(sequence);
    return at;
  }

  /**
   * Adds new events, those of a list of sequences from one index to another, as `note` does one by one; returns the
   * earliest of their times.
   */
  noteAll(sequences: Uint32Array, begin: number, end: number): number {
    let last = this.#latestAt;
    let earliest = Infinity;
    let run = begin;
    for (let i = begin; i < end; i++) {
      const at = this.log.occurredAtOf(wordAt(sequences, i));
      if (at < earliest) earliest = at;
      if (at > last) {
        last = at;
        continue;
      }
      this.#noteRun(sequences, run, i);
      this.note(wordAt(sequences, i));
      run = i + 1;
    }
    this.#noteRun(sequences, run, end);
    this.#latestAt = last;
    return earliest;
  }

  /** Adds events of which each comes after all facts before it. */
  #noteRun(sequences: Uint32Array, begin: number, end: number): void {
    if (begin === end) return;
    this.facts.addAll(sequences, begin, end);
    this.#changes?.pushAll(sequences, begin, end);
    this.#forgetLatest();
    const first = wordAt(sequences, begin);
    this.lastChange = wordAt(sequences, end - 1);
    if (this.#firstChange === Infinity) this.#firstChange = first;
    this.#states?.changed(this.log.occurredAtOf(first));
    if (this.#folds !== null)
      for (let i = begin; i < end; i++) this.#folds.added(wordAt(sequences, i));
  }

  /** Notes a correction or retraction at a sequence; one of the event's versions is about this entity. */
  amended(root: CorrectedEvent, sequence: number): void {
    this.#changes ??= this.facts.sequencesInOrder();
    this.#changed(sequence);
    this.facts.amend(root);
    // A version of the event may have any time.
    this.#latestAt = Infinity;
    this.#states?.changed(root.earliestAt(sequence));
    this.#folds?.amended();
  }

  /** `kind` must be the entity's own kind. Gives the whole timeline after the last change; `null` if there is no fact. */
  latest<K extends KindName>(kind: K): TimelineOf[K] | null {
    const { ofHead } = this.#options.keeper;
    const known = this.#latest;
    const held = known ?? { timeline: this.folds(kind).at(Infinity) };
    if (known !== null) ofHead.used(known);
    else {
      this.#latest = held;
      ofHead.add(held, () => (this.#latest = null));
    }
    return held.timeline as TimelineOf[K] | null;
  }

  #forgetLatest(): void {
    if (this.#latest !== null) this.#options.keeper.ofHead.drop(this.#latest);
    this.#latest = null;
  }

  #changed(sequence: number): void {
    this.#forgetLatest();
    this.lastChange = sequence;
    if (this.#firstChange === Infinity) this.#firstChange = sequence;
    if (this.#changes !== null && this.#changes.at(this.#changes.length - 1) !== sequence)
      this.#changes.push(sequence);
  }

  /** Adds the sequences after `after`, up to `upTo`, at which something about the entity changed. */
  collectChanges(after: number, upTo: number, into: Set<number>): void {
    for (const change of this.changesIn(after, upTo)) into.add(change);
  }

  /** The sequences after `after`, up to `upTo`, at which something about the entity changed, ascending. */
  changesIn(after: number, upTo: number): number[] {
    if (this.lastChange <= after) return [];
    const found: number[] = [];
    const changes = this.#changes ?? this.facts.sequencesAsStored;
    for (let i = changes.indexAfter(after); i < changes.length && changes.at(i) <= upTo; i++)
      found.push(changes.at(i));
    return found;
  }

  /** Whether anything was known of the entity at a position. */
  isKnownAt(sequence: number): boolean {
    return this.#firstChange <= sequence;
  }

  /** Whether a fact is about the entity as of a position. */
  hasFact(sequence: number): boolean {
    return this.firstFactAt(sequence) !== Infinity;
  }

  /** When the first fact happened, as of a position; Infinity if there is none. */
  firstFactAt(sequence: number): number {
    if (!this.isKnownAt(sequence)) return Infinity;
    const { facts } = this;
    for (let i = 0; i < facts.length; i++) if (facts.hasFactAt(i, sequence)) return facts.timeAt(i);
    return Infinity;
  }

  /** The facts as of a position, ordered by `compareFacts`. */
  factsAt(sequence: number): Fact[] {
    return this.facts.factsIn(0, this.facts.length, sequence);
  }

  /** Those of some types; the others are not made. */
  factsOfTypes(types: ReadonlySet<string>, sequence: number): Fact[] {
    const found: Fact[] = [];
    for (let i = 0; i < this.facts.length; i++)
      if (types.has(this.facts.typeAt(i))) found.push(...this.facts.factsIn(i, i + 1, sequence));
    return found;
  }

  /** When the last fact happened, as of a position; -Infinity if there is none. */
  lastFactAt(sequence: number): number {
    if (!this.isKnownAt(sequence)) return -Infinity;
    const { facts } = this;
    for (let i = facts.length - 1; i >= 0; i--)
      if (facts.hasFactAt(i, sequence)) return facts.timeAt(i);
    return -Infinity;
  }

  /** The interval that the entity's facts affect; without an end if a later fact may still follow. */
  extent(kind: KindName): Interval | null {
    const { closing } = kinds[kind];
    return closing === null ? null : this.facts.extent(closing);
  }

  /** `kind` must be the entity's own kind. */
  folds<K extends KindName>(kind: K): EntityFolds<unknown, TimelineOf[K]> {
    this.#folds ??= new EntityFolds<unknown, unknown>(kinds[kind], this, this.#options);
    return this.#folds as EntityFolds<unknown, TimelineOf[K]>;
  }

  /** Keeps states when a segment is full; returns the new ones. */
  seal(kind: KindName): KeptState[] {
    return this.folds(kind).seal();
  }
}
