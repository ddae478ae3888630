/** A cluster as of one position, folded as far as it is asked for. */
import { foldRollout } from "../../projections/blocked-rollouts.ts";
import type { ClusterView } from "../../projections/cluster-view.ts";
import type { Fact, FactOf } from "../../projections/fact.ts";
import { foldJob } from "../../projections/job-timeline.ts";
import { foldNfz } from "../../projections/nfz-calendar.ts";
import { foldNode } from "../../projections/node-states.ts";
import type { NodeTimeline } from "../../projections/node-timeline.ts";
import type { Window } from "../../projections/period.ts";
import type { JobTimeline, NfzTimeline, RolloutTimeline } from "../../projections/timelines.ts";
import type { ClusterModel, EntitiesOfKind, TimelineOf } from "./cluster-model.ts";
import type { EntityHistory } from "./entity-history.ts";
import type { FactLog } from "./fact-log.ts";
import { EntityFacts } from "./entity-facts.ts";
import { NodeChunks } from "./node-chunks.ts";
import { viewWithNodes } from "./view-with.ts";

type Kind = keyof TimelineOf;
type Folds = { readonly [K in Kind]: (name: string, facts: readonly Fact[]) => TimelineOf[K] };

const folds: Folds = {
  node: foldNode,
  job: foldJob,
  rollout: foldRollout,
  nfz: foldNfz,
  cluster: (_, facts) => facts,
  other: (_, facts) => facts,
};

export class LiveClusterView implements ClusterView {
  readonly cluster: string;
  readonly sequence: number;
  readonly headRecordedAt: number | null;
  readonly zoneTable: string | null;
  readonly #log: FactLog;
  readonly #model: ClusterModel;
  readonly #minChunkFacts: number;
  readonly #lists = new Map<Kind, readonly unknown[]>();
  /** Timelines that differ from those of the head. */
  readonly #past = new Map<EntityHistory<unknown>, unknown>();

  #lastWithin: (Window & { readonly view: ClusterView }) | null = null;

  constructor(log: FactLog, model: ClusterModel, sequence: number, minFacts: number) {
    this.#minChunkFacts = minFacts;
    this.cluster = model.name;
    this.sequence = sequence;
    this.headRecordedAt = log.recordedUpTo(sequence);
    this.zoneTable = log.zoneTableAt(sequence);
    this.#log = log;
    this.#model = model;
  }

  get known(): boolean {
    const kinds: readonly Kind[] = ["cluster", "node", "job", "rollout", "nfz", "other"];
    return kinds.some((kind) =>
      this.#model.kinds[kind].sorted().some((entity) => this.#hasFact(kind, entity)),
    );
  }

  get registrations(): readonly FactOf<"ClusterRegistered">[] {
    return this.#clusterFacts().filter((fact) => fact.type === "ClusterRegistered");
  }

  get policies(): readonly FactOf<"SlaPolicySet">[] {
    return this.#clusterFacts().filter((fact) => fact.type === "SlaPolicySet");
  }

  nodes(): Iterable<NodeTimeline> {
    return this.#all("node");
  }

  node(name: string): NodeTimeline | null {
    return this.#one("node", name);
  }

  jobs(): Iterable<JobTimeline> {
    return this.#all("job");
  }

  job(name: string): JobTimeline | null {
    return this.#one("job", name);
  }

  rollouts(): Iterable<RolloutTimeline> {
    return this.#all("rollout");
  }

  rollout(name: string): RolloutTimeline | null {
    return this.#one("rollout", name);
  }

  nfzs(): Iterable<NfzTimeline> {
    return this.#all("nfz");
  }

  nfz(name: string): NfzTimeline | null {
    return this.#one("nfz", name);
  }

  within(window: Window): ClusterView {
    const last = this.#lastWithin;
    if (last?.from === window.from && last.to === window.to) return last.view;
    const nodes: NodeTimeline[] = [];
    for (const entity of this.#model.kinds.node.sorted()) {
      if (!entity.isKnownAt(this.sequence)) continue;
      const timeline = this.#nodeWithin(entity, window);
      if (timeline !== null) nodes.push(timeline);
    }
    const view = viewWithNodes(this, nodes);
    this.#lastWithin = { ...window, view };
    return view;
  }

  #nodeWithin(entity: EntityHistory<NodeTimeline>, window: Window): NodeTimeline | null {
    const isAtHead = entity.lastChange() <= this.sequence;
    if (isAtHead && entity.chunks?.facts !== entity.facts) return this.#timeline("node", entity);
    return this.#chunksOf(entity).timelineWithin(isAtHead ? Infinity : this.sequence, window);
  }

  #clusterFacts(): readonly Fact[] {
    return this.#one("cluster", "") ?? [];
  }

  #one<K extends Kind>(kind: K, name: string): TimelineOf[K] | null {
    const entities: EntitiesOfKind<TimelineOf[K]> = this.#model.kinds[kind];
    const entity = entities.get(name);
    return entity === null ? null : this.#timeline(kind, entity);
  }

  #all<K extends Kind>(kind: K): Iterable<TimelineOf[K]> {
    const known = this.#lists.get(kind);
    // Under a kind stand timelines of that kind.
    if (known !== undefined) return known as readonly TimelineOf[K][];
    const entities: EntitiesOfKind<TimelineOf[K]> = this.#model.kinds[kind];
    const list: TimelineOf[K][] = [];
    for (const entity of entities.sorted()) {
      const timeline = this.#timeline(kind, entity);
      if (timeline !== null) list.push(timeline);
    }
    this.#lists.set(kind, list);
    return list;
  }

  #timeline<K extends Kind>(kind: K, entity: EntityHistory<TimelineOf[K]>): TimelineOf[K] | null {
    if (entity.lastChange() <= this.sequence) {
      if (entity.latest === undefined) entity.latest = this.#fold(kind, entity, Infinity);
      return entity.latest;
    }
    if (!entity.isKnownAt(this.sequence)) return null;
    const known = this.#past.get(entity);
    // What is kept under an entity was folded for that entity, by its kind.
    if (known !== undefined) return known as TimelineOf[K] | null;
    const made = this.#fold(kind, entity, this.sequence);
    this.#past.set(entity, made);
    return made;
  }

  /** The timeline as of position P, which is Infinity for the newest. */
  #fold<K extends Kind>(
    kind: K,
    entity: EntityHistory<TimelineOf[K]>,
    P: number,
  ): TimelineOf[K] | null {
    if (isNode(kind, entity)) {
      return this.#foldNode(entity, P) as TimelineOf[K] | null;
    }
    const facts: Fact[] = [];
    const all = this.#factsOf(kind, entity);
    all.collect(0, all.length, P, facts);
    return facts.length === 0 ? null : folds[kind](entity.name, facts);
  }

  /** The first fold is a plain one; chunks are made once there is something to gain from them. */
  #foldNode(entity: EntityHistory<NodeTimeline>, P: number): NodeTimeline | null {
    if (P !== Infinity) return this.#chunksOf(entity).timelineAt(P);
    if (entity.wasFolded) return this.#chunksOf(entity).latest();
    entity.wasFolded = true;
    const all = this.#factsOf("node", entity);
    const facts: Fact[] = [];
    all.collect(0, all.length, Infinity, facts);
    return facts.length === 0 ? null : foldNode(entity.name, facts);
  }

  #chunksOf(entity: EntityHistory<NodeTimeline>): NodeChunks {
    const facts = this.#factsOf("node", entity);
    if (entity.chunks?.facts !== facts) {
      entity.chunks = new NodeChunks(entity.name, facts, this.#minChunkFacts, entity.chunks);
    }
    return entity.chunks;
  }

  #factsOf(kind: Kind, entity: EntityHistory<unknown>): EntityFacts {
    const subject = { cluster: this.cluster, kind, name: entity.name };
    entity.facts ??= new EntityFacts(this.#log, subject, entity.members);
    return entity.facts;
  }

  #hasFact(kind: Kind, entity: EntityHistory<unknown>): boolean {
    if (!entity.isKnownAt(this.sequence)) return false;
    const facts = this.#factsOf(kind, entity);
    for (let i = 0; i < facts.length; i++) {
      if (facts.factAt(i, this.sequence) !== null) return true;
    }
    return false;
  }
}

/** Whether the entity is a node; the kind tells. */
function isNode(
  kind: Kind,
  entity: EntityHistory<TimelineOf[Kind]>,
): entity is EntityHistory<NodeTimeline> {
  return kind === "node" && entity.name !== "";
}
