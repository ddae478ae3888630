/**
 * The read model that follows the ledger. It knows which events are about each entity, directly or through a
 * correction. The pure folds make a timeline when it is asked for, and it is kept until an event affects its entity. A
 * view as of an earlier position shares the timelines of entities that have not changed since, and folds the others
 * from the facts of that position.
 */
import { at } from "../../../projections/arithmetic/invariants.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { LedgerError } from "../../errors.ts";
import {
  maxKeptAnswerBytes,
  maxKeptPastTimelineBytes,
  maxKeptTimelineBytes,
  maxKeptViews,
  segmentEvents,
} from "../../limits/read-model.ts";
import { ClusterModel } from "./cluster-model.ts";
import type { SaidOfEvent } from "../columns/corrected-events.ts";
import type { FoldOptions } from "../entities/entity-folds.ts";
import type { GatheringSizes } from "../integers/gathered-nodes.ts";
import { SequenceStore } from "../entities/sequence-store.ts";
import { KeptTimelines } from "../entities/kept-timelines.ts";
import type { EntityHistory } from "../entities/entity-history.ts";
import { FactLog, isAmendmentType } from "../columns/fact-log.ts";
import type { Targets } from "../columns/fact-log.ts";
import type { KeptSegment, SealedSegment, SealedState } from "../columns/kept-segment.ts";
import { amendmentsIn } from "./amendments.ts";
import { AnswersInTurns } from "./in-turns.ts";
import { KeptAnswers } from "./kept-answers.ts";
import type { Answering, Keepable } from "./kept-answers.ts";
import { LiveClusterView } from "./live-cluster-view.ts";
import { gatheringOf } from "./model-sizes.ts";
import type { ModelSizes } from "./model-sizes.ts";
import { SubjectGroups } from "./subject-groups.ts";
import { oneStep } from "../../turns.ts";
import type { Steps } from "../../turns.ts";
import { everyCluster, isFolded, subjectOf } from "../../../projections/facts/subject.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import { kindNames } from "../../../projections/kinds.ts";

export class LiveModel {
  readonly log: FactLog;
  readonly #folding: FoldOptions;
  readonly #gathering: GatheringSizes;
  /** The number of segments that are full and sealed. */
  #sealed = 0;
  readonly #clusters = new Map<string, ClusterModel>();
  readonly #answers = new AnswersInTurns();
  readonly #keptAnswers: KeptAnswers;
  /** Recently used views, the most recent last. */
  readonly #views = new Map<string, LiveClusterView>();

  /** No figure depends on the sizes; tests choose small ones. */
  constructor(options: ModelSizes = {}) {
    this.log = new FactLog(options.segmentEvents ?? segmentEvents);
    const keeper = {
      ofHead: new KeptTimelines(options.maxKeptTimelineBytes ?? maxKeptTimelineBytes),
      ofPast: new KeptTimelines(options.maxKeptPastTimelineBytes ?? maxKeptPastTimelineBytes),
    };
    const sequences = new SequenceStore();
    this.#folding = { keeper, sequences, perState: options.factsPerState };
    this.#gathering = gatheringOf(options);
    this.#keptAnswers = new KeptAnswers(options.maxKeptAnswerBytes ?? maxKeptAnswerBytes);
  }

  /** The events of the given types with `after` < sequence ≤ `upTo`, in order. */
  eventsOf(types: ReadonlySet<EventType>, after: number, upTo: number): RawEvent[] {
    const found: RawEvent[] = [];
    for (let sequence = after + 1; sequence <= Math.min(upTo, this.sequence); sequence++)
      if (types.has(this.log.typeOf(sequence))) found.push(this.log.at(sequence));
    return found;
  }

  /** The latest instant of any decision, as it was first stated; 0 if there is none. */
  get latestDecisionAt(): number {
    return this.log.latestDecisionAt;
  }

  /** The last sequence that the model has. */
  get sequence(): number {
    return this.log.sequence;
  }

  /**
   * Applies events up to the one that fills a segment: a full segment must be sealed before more are applied. Returns how
   * many were applied. `targets` are the events that corrections among them name.
   */
  apply(events: readonly StoredEvent[], targets: Targets): number {
    let taken = 0;
    for (const event of events) {
      const entity = this.#entityOf(event.type, event.data);
      this.log.add(event, entity, targets);
      if (entity !== null) this.#noted(entity, event.sequence);
      else if (isAmendmentType(event.type)) this.#applyAmendment(event.sequence);
      taken++;
      if (this.log.segments.at(-1)?.isFull === true) break;
    }
    return taken;
  }

  /** Adds a full segment, read from a file, that continues the model. */
  applySegment({ segment, kept }: KeptSegment): void {
    const first = this.sequence + 1;
    this.log.addSegment(segment, kept.recordedAts, kept.targets);
    const entities = kept.subjects.map((subject) => this.#entity(subject));
    const amendments = amendmentsIn(segment, first, this.log, (subject) => this.#entity(subject));
    const groups = new SubjectGroups(kept.subjectIndexes, entities.length, first);
    for (const group of groups.byLast) {
      const entity = at(entities, group);
      const amending = amendments.get(entity) ?? [];
      amendments.delete(entity);
      this.#clusters.get(entity.subject.cluster)?.noteAll(entity, groups.of(group), amending);
    }
    for (const [entity, amending] of amendments)
      this.#clusters.get(entity.subject.cluster)?.noteAll(entity, groups.none, amending);
    for (const cluster of this.#clusters.values()) cluster.forgetRecent(this.sequence);
    for (const { subject, after, lastChange, carried } of kept.states)
      entities[subject]?.states.add({ after, lastChange, carried, isSealed: true });
    this.#sealed++;
  }

  /** Whether the last segment is full but not sealed; nothing more may be applied until it is sealed. */
  get isSealDue(): boolean {
    return this.#sealed < this.log.segments.length && this.log.segments.at(-1)?.isFull === true;
  }

  /** Seals the full segment, part of the work with each `next`: keeps states of its entities. Returns what is to be stored. */
  *seal(): Generator<void, SealedSegment> {
    const segment = this.log.segments[this.#sealed];
    const filling = segment?.filling;
    if (segment === undefined || filling === null || filling === undefined || !segment.isFull)
      throw new RangeError("no segment is full");
    const states: SealedState[] = [];
    for (const [subject, { kind, cluster, name }] of filling.subjects.entries()) {
      if (!isFolded(kind)) continue;
      const made = this.#clusters.get(cluster)?.entities[kind].get(name)?.seal(kind) ?? [];
      for (const { after, lastChange, carried } of made)
        states.push({ subject, after, lastChange, carried });
      yield;
    }
    const first = this.#sealed * this.log.segmentEvents + 1;
    const targets: [string, number][] = [];
    for (let index = 0; index < segment.length; index++) {
      if (!isAmendmentType(segment.typeAt(index))) continue;
      const { eventId } = segment.statedAt(index).data as { readonly eventId: string };
      targets.push([eventId.toLowerCase(), this.log.targetOf(first + index)]);
    }
    this.#sealed++;
    return { segment, filling, first, states, targets };
  }

  /** Throws `position-past-head`. */
  view(cluster: string, sequence: number = this.sequence): LiveClusterView {
    this.#assertReached(sequence);
    const key = `${sequence} ${cluster}`;
    const known = this.#views.get(key);
    this.#views.delete(key);
    const view = known ?? this.#newView(cluster, sequence);
    this.#views.set(key, view);
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= maxKeptViews) break;
      this.#views.delete(oldest);
    }
    return view;
  }

  /** What `make` computes from a cluster's view, in turns. Throws `position-past-head`. */
  async answer<T>(cluster: string, sequence: number, make: (view: ClusterView) => T): Promise<T> {
    return await this.answerInSteps(cluster, sequence, (view) => oneStep(() => make(view)));
  }

  /** The same for work that pauses between its steps. */
  async answerInSteps<T>(
    cluster: string,
    sequence: number,
    make: (view: ClusterView) => Steps<T>,
  ): Promise<T> {
    return await this.#answers.answer(this.view(cluster, sequence), make);
  }

  /** The same, kept for other positions as long as nothing that it was computed from changed. */
  async keptAnswer<T>(cluster: string, sequence: number, what: Keepable<T>): Promise<T> {
    this.#assertReached(sequence);
    const of: Answering = {
      view: (position) => this.#newView(cluster, position),
      answer: async (view, make) => await this.#answers.answer(view, make),
    };
    return await this.#keptAnswers.get(of, sequence, what);
  }

  /**
   * Sequences after `after`, up to `upTo`, at which anything changed that a cluster's figures are made of:
   * its facts, their corrections, and zone tables. Ascending.
   */
  changesOf(cluster: string, after: number, upTo: number): number[] {
    const found = new Set(this.log.zoneTableChanges(after, upTo));
    const entities = this.#clusters.get(cluster)?.entities;
    if (entities === undefined) return [...found];
    for (const kind of ["cluster", ...kindNames] as const)
      for (const entity of entities[kind].all()) entity.collectChanges(after, upTo, found);
    return [...found].sort((a, b) => a - b);
  }

  /** How many facts are folded to tell what is of an instant and later of an entity. */
  factCount({ cluster, kind, name }: Subject, from: number): number {
    if (!isFolded(kind)) return 0;
    return this.#clusters.get(cluster)?.entities[kind].get(name)?.folds(kind).factCount(from) ?? 0;
  }

  /** The subjects that a correction or retraction took its event's fact from and gave it to; empty if it changes nothing. */
  movedBy(sequence: number): Subject[] {
    const move: readonly (Subject | null)[] = this.log.rootOf(sequence)?.moveAt(sequence) ?? [];
    return move.filter((subject) => subject !== null);
  }

  /** The event that a correction or retraction is about in the end; `null` if it changes nothing. */
  amendedAt(sequence: number): RawEvent | null {
    return this.log.rootOf(sequence)?.event ?? null;
  }

  /** The names of all clusters with a fact, sorted. */
  clusters(sequence: number = this.sequence): string[] {
    this.#assertReached(sequence);
    const names = [...this.#clusters.keys()].sort();
    return names.filter((name) => name !== everyCluster && this.view(name, sequence).known);
  }

  /** How the event with this id (lower case), or the event that this correction amends, was amended; `null` if it was not. */
  saidOf(id: string): SaidOfEvent | null {
    return this.log.saidOf(id);
  }

  /** The last sequence up to which no event was recorded after the instant. */
  sequenceAsOfTime(instantMs: number): number {
    return this.log.sequenceAsOfTime(instantMs);
  }

  #assertReached(sequence: number): void {
    if (sequence <= this.sequence) return;
    throw new LedgerError(
      "position-past-head",
      `sequence ${sequence} is past the last known one, ${this.sequence}`,
      { extra: { sequence, head: this.sequence } },
    );
  }

  /** Tells the entities that the corrected event was about before, and is about now, that something changed. */
  #applyAmendment(sequence: number): void {
    const root = this.log.rootOf(sequence);
    if (root === null) return;
    for (const subject of root.moveAt(sequence)) {
      const entity = subject === null ? null : this.#entity(subject);
      // If both are the same entity, it is told once.
      if (entity === null || entity.lastChange === sequence) continue;
      this.#clusters.get(entity.subject.cluster)?.amend(entity, root, sequence);
    }
  }

  #noted(entity: EntityHistory, sequence: number): void {
    this.#clusters.get(entity.subject.cluster)?.note(entity, sequence);
  }

  #newView(cluster: string, sequence: number): LiveClusterView {
    const model = this.#clusters.get(cluster) ?? this.#newCluster(cluster);
    const shared = cluster === everyCluster ? null : (this.#clusters.get(everyCluster) ?? null);
    return new LiveClusterView(this.log, model, shared, sequence);
  }

  #newCluster(name: string): ClusterModel {
    return new ClusterModel(name, this.log, this.#folding, this.#gathering);
  }

  #entityOf(type: EventType, data: object): EntityHistory | null {
    const subject = subjectOf(type, data);
    return subject === null ? null : this.#entity(subject);
  }

  #entity(subject: Subject): EntityHistory {
    let cluster = this.#clusters.get(subject.cluster);
    if (cluster === undefined) {
      cluster = this.#newCluster(subject.cluster);
      this.#clusters.set(subject.cluster, cluster);
    }
    return cluster.entity(subject);
  }
}
