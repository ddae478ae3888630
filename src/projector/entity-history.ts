/** Which events one entity is about, and what was made of them last. */
import type { EntityFacts } from "./entity-facts.ts";
import type { NodeChunks } from "./node-chunks.ts";
import { placeAfter } from "./rising.ts";
import type { Subject, SubjectSlot } from "./subjects.ts";

export class EntityHistory<Timeline> {
  readonly name: string;
  readonly slot: SubjectSlot;
  /** Sequences of the events that are, or were once by a correction, about this entity; rising. */
  readonly members: number[] = [];
  /** As `changes`; `null` while they are the members. */
  #ownChanges: number[] | null = null;
  /** After the last change. `null` if no fact is about the entity; undefined until it is folded. */
  latest: Timeline | null | undefined = undefined;
  /** Whether a node was folded before. */
  wasFolded = false;
  /** Whether a correction or retraction says anything of it. */
  isTouched = false;
  /** After the last change; undefined until they are asked for. */
  facts: EntityFacts | undefined = undefined;
  /** As of `facts`, or of earlier ones: what is unchanged of it is used again. */
  chunks: NodeChunks | undefined = undefined;

  /** Whether it is in the set that it is put into. */
  isStale = false;
  readonly #stale: Set<EntityHistory<Timeline>> | null;

  /** It is put into `stale`, if given, when it changes; who empties that says so to each. */
  constructor(subject: Subject, stale: Set<EntityHistory<Timeline>> | null) {
    this.name = subject.name;
    this.slot = { subject, segment: null, place: 0 };
    this.#stale = stale;
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
  touched(sequence: number): void {
    this.isTouched = true;
    this.#ownChanges ??= [...this.members];
    this.#changed(sequence);
  }

  #changed(sequence: number): void {
    this.latest = undefined;
    this.facts = undefined;
    if (!this.isStale && this.#stale !== null) {
      this.isStale = true;
      this.#stale.add(this);
    }
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
}
