/**
 * The read model that follows the ledger. It knows which events each entity is about, or is about by a
 * correction; timelines are folded when they are asked for, by the pure folds, and kept until an event
 * touches their entity. A view as of an earlier position shares the timelines of entities that nothing
 * touched since, and folds the others from the facts of that position.
 */
import type { ClusterView } from "../../../projections/view.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { LedgerError } from "../../errors.ts";
import { maxKeptTimelineBytes, maxKeptViews, segmentEvents } from "../../limits/read-model.ts";
import { ClusterModel } from "./cluster-model.ts";
import type { SaidOfEvent } from "../columns/corrected-events.ts";
import type { FoldOptions } from "../entities/entity-folds.ts";
import { KeptTimelines } from "../entities/kept-timelines.ts";
import type { EntityHistory } from "../entities/entity-history.ts";
import type { EventSegment } from "../columns/event-columns.ts";
import { FactLog } from "../columns/fact-log.ts";
import { LiveClusterView } from "./live-cluster-view.ts";
import { placeAfter } from "../columns/rising.ts";
import { subjectOf } from "../../../projections/facts/subject.ts";
import type { Subject } from "../../../projections/facts/subject.ts";

export interface ModelSizes {
  /** Facts of an entity between two states that are kept of it. */
  readonly factsPerSnapshot?: number;
  /** Bytes of timelines of windows that are kept. */
  readonly maxKeptTimelineBytes?: number;
  /** Events of a segment. */
  readonly segmentEvents?: number;
}

export class LiveModel {
  readonly #log: FactLog;
  readonly #folding: FoldOptions;
  readonly #clusters = new Map<string, ClusterModel>();
  /** Views of late, the one used last at the end. */
  readonly #views = new Map<string, LiveClusterView>();

  /** No figure depends on the sizes; tests make them small. */
  constructor(options: ModelSizes = {}) {
    this.#log = new FactLog(options.segmentEvents ?? segmentEvents);
    const keeper = new KeptTimelines(options.maxKeptTimelineBytes ?? maxKeptTimelineBytes);
    this.#folding = { keeper, perSnapshot: options.factsPerSnapshot };
  }

  /** The last sequence that the model has. */
  get sequence(): number {
    return this.#log.sequence;
  }

  apply(events: readonly StoredEvent[]): void {
    for (const event of events) {
      const entity = this.#entityOf(event.type, event.data);
      this.#log.add(event, entity?.slot ?? null);
      if (entity !== null) entity.note(event.sequence, event.sequence);
      else if (isAmendmentType(event.type)) this.#applyAmendment(event.sequence);
    }
  }

  /** Takes a full segment that was kept and follows on what is there. */
  applySegment(segment: EventSegment): void {
    let sequence = this.sequence;
    this.#log.addSegment(segment);
    const entities = segment.subjects.map((subject) => this.#entity(subject));
    for (let place = 0; place < segment.length; place++) {
      sequence++;
      const entity = entities[(segment.subjectPlaces[place] ?? 0) - 1];
      if (entity !== undefined) entity.note(sequence, sequence);
      else if (isAmendmentType(segment.typeAt(place))) this.#applyAmendment(sequence);
    }
  }

  /** Segments that take no more events; kept, they bring a model back up to their end. */
  get fullSegments(): readonly EventSegment[] {
    return this.#log.fullSegments;
  }

  /** Throws `position-past-head`. */
  view(cluster: string, sequence: number = this.sequence): ClusterView {
    this.#assertReached(sequence);
    const key = `${sequence} ${cluster}`;
    const known = this.#views.get(key);
    this.#views.delete(key);
    const model = this.#clusters.get(cluster) ?? this.#newCluster(cluster);
    const view = known ?? new LiveClusterView(this.#log, model, sequence);
    this.#views.set(key, view);
    if (this.#views.size > maxKeptViews) {
      for (const oldest of this.#views.keys()) {
        this.#views.delete(oldest);
        break;
      }
    }
    return view;
  }

  /**
   * Sequences after `after` and up to `upTo` at which anything that a cluster's figures are made of
   * changed: its facts, what corrects them, and zone tables; rising.
   */
  changesOf(cluster: string, after: number, upTo: number): number[] {
    const found = new Set(this.#log.zoneTableChanges(after, upTo));
    const entities = this.#clusters.get(cluster)?.entities;
    if (entities === undefined) return [...found];
    for (const kind of ["cluster", "node", "job", "rollout", "nfz"] as const) {
      for (const { changes } of entities[kind].sorted()) {
        for (let i = placeAfter(changes, after); i < changes.length; i++) {
          const change = changes[i] ?? Infinity;
          if (change > upTo) break;
          found.add(change);
        }
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  /** Events that an entity is, or was, about. */
  factCount({ cluster, kind, name }: Subject): number {
    return this.#clusters.get(cluster)?.entities[kind].get(name)?.members.length ?? 0;
  }

  /** What a correction or retraction took its fact from, and where it put it; none if it changes nothing. */
  movedBy(sequence: number): Subject[] {
    const move: readonly (Subject | null)[] = this.#log.rootOf(sequence)?.moveAt(sequence) ?? [];
    return move.filter((subject) => subject !== null);
  }

  /** Names of the clusters that a fact names, sorted. */
  clusters(sequence: number = this.sequence): string[] {
    this.#assertReached(sequence);
    const names = [...this.#clusters.keys()].sort();
    return names.filter((name) => this.view(name, sequence).known);
  }

  /** What corrections said of the event with that id (lower case), or of the one that it corrects; `null` if none did. */
  saidOf(id: string): SaidOfEvent | null {
    return this.#log.saidOf(id);
  }

  /** The last sequence up to which nothing was recorded after the instant. */
  sequenceAsOfTime(instantMs: number): number {
    return this.#log.sequenceAsOfTime(instantMs);
  }

  #assertReached(sequence: number): void {
    if (sequence <= this.sequence) return;
    throw new LedgerError(
      "position-past-head",
      `sequence ${sequence} is past the last one that is known, ${this.sequence}`,
      { extra: { sequence, head: this.sequence } },
    );
  }

  /** Says to the entities that the corrected event was about before, and is about now, that something changed. */
  #applyAmendment(sequence: number): void {
    const root = this.#log.rootOf(sequence);
    if (root === null) return;
    const [before, after] = root.moveAt(sequence);
    const from = before === null ? null : this.#entity(before);
    const to = after === null ? null : this.#entity(after);
    from?.amended(sequence);
    if (to === null || to === from) return;
    to.note(root.event.sequence, sequence);
    to.amended(sequence);
  }

  #newCluster(name: string): ClusterModel {
    return new ClusterModel(name, this.#log, this.#folding);
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

function isAmendmentType(type: EventType): boolean {
  return type === "FactCorrected" || type === "FactRetracted";
}
