/** Which events one entity is about, and what was made of them last. */
import { kinds } from "../../../projections/kinds.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { Window } from "../../../projections/time/period.ts";
import { EntityFacts } from "./entity-facts.ts";
import { EntityFolds } from "./entity-folds.ts";
import type { FoldOptions } from "./entity-folds.ts";
import type { FactLog } from "../columns/fact-log.ts";
import { placeAfter } from "../columns/rising.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import type { SubjectSlot } from "../columns/subjects.ts";

export class EntityHistory {
  readonly slot: SubjectSlot;
  /** Sequences of the events that are, or were once by a correction, about this entity; rising. */
  readonly members: number[] = [];
  /** As `changes`; `null` while they are the members. */
  #ownChanges: number[] | null = null;
  /** After the last change; undefined until it is folded. */
  latest: unknown = undefined;
  readonly #log: FactLog;
  readonly #options: FoldOptions;
  #facts: EntityFacts | null = null;
  #extent: Window | null = null;
  #folds: EntityFolds<unknown, unknown> | null = null;

  constructor(subject: Subject, log: FactLog, options: FoldOptions) {
    this.slot = { subject, segment: null, place: 0 };
    this.#log = log;
    this.#options = options;
  }

  get name(): string {
    return this.slot.subject.name;
  }

  /** Sequences at which what is known of the entity changed: its events, and what corrects them; rising. */
  get changes(): readonly number[] {
    return this.#ownChanges ?? this.members;
  }

  /** The event `member` is about this entity, as the ledger says from `sequence` on. */
  note(member: number, sequence: number): void {
    if (member !== sequence) this.#ownChanges ??= [...this.members];
    this.#changed(sequence);
    const last = this.members[this.members.length - 1];
    if (last === undefined || last < member) {
      this.members.push(member);
      return;
    }
    const place = placeAfter(this.members, member);
    if (this.members[place - 1] !== member) this.members.splice(place, 0, member);
  }

  /** A correction or retraction at `sequence` says something of the entity. */
  amended(sequence: number): void {
    this.#ownChanges ??= [...this.members];
    this.#changed(sequence);
  }

  #changed(sequence: number): void {
    this.latest = undefined;
    this.#facts = null;
    this.#extent = null;
    if (this.#ownChanges !== null && this.#ownChanges.at(-1) !== sequence)
      this.#ownChanges.push(sequence);
  }

  /** The sequence of the last change; 0 if there is none. */
  lastChange(): number {
    const { changes } = this;
    return changes[changes.length - 1] ?? 0;
  }

  /** Whether anything was known of the entity at a position. */
  isKnownAt(sequence: number): boolean {
    return (this.changes[0] ?? Infinity) <= sequence;
  }

  /** Whether a fact is about the entity as of a position. */
  hasFact(sequence: number): boolean {
    return this.firstFactAt(sequence) !== Infinity;
  }

  /** When the first fact happened, as of a position; Infinity if there is none. */
  firstFactAt(sequence: number): number {
    if (!this.isKnownAt(sequence)) return Infinity;
    const facts = this.#factsNow();
    for (let i = 0; i < facts.length; i++)
      if (facts.factAt(i, sequence) !== null) return facts.timeAt(i);
    return Infinity;
  }

  /** By `compareFacts`. */
  factsAt(sequence: number): Fact[] {
    const found: Fact[] = [];
    const facts = this.#factsNow();
    facts.collect(0, facts.length, sequence, found);
    return found;
  }

  /** Whether any fact as of a position may have a say in the window. */
  mayTouch(kind: KindName, { from, to }: Window, sequence: number): boolean {
    if (!this.isKnownAt(sequence)) return false;
    const { closing } = kinds[kind];
    if (closing === null) return true;
    this.#extent ??= this.#factsNow().extent(closing);
    if (this.#extent.from >= to) return false;
    // As of an earlier position what has closed it may not have been known.
    return this.#extent.to >= from || this.lastChange() > sequence;
  }

  /** By the kind of the entity, which the caller knows. */
  folds<K extends KindName>(kind: K): EntityFolds<unknown, TimelineOf[K]> {
    const facts = this.#factsNow();
    this.#folds ??= new EntityFolds<unknown, unknown>(this.name, kinds[kind], facts, this.#options);
    this.#folds.follow(facts);
    return this.#folds as EntityFolds<unknown, TimelineOf[K]>;
  }

  #factsNow(): EntityFacts {
    this.#facts ??= new EntityFacts(this.#log, this.slot.subject, this.members);
    return this.#facts;
  }
}
