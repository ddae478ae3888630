/** A cluster as of one position, folded as far as it is asked for. */
import { foldRollout } from "../../projections/blocked-rollouts.ts";
import type { ClusterView } from "../../projections/cluster-view.ts";
import type { Fact, FactOf } from "../../projections/fact.ts";
import { compareFacts } from "../../projections/fact.ts";
import { foldJob } from "../../projections/job-timeline.ts";
import { foldNfz } from "../../projections/nfz-calendar.ts";
import { foldNode } from "../../projections/node-states.ts";
import type { NodeTimeline } from "../../projections/node-timeline.ts";
import type { JobTimeline, NfzTimeline, RolloutTimeline } from "../../projections/timelines.ts";
import type { ClusterModel, EntitiesOfKind, TimelineOf } from "./cluster-model.ts";
import type { EntityHistory } from "./entity-history.ts";
import type { FactLog } from "./fact-log.ts";
import { subjectOfData } from "./subjects.ts";

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
  readonly #log: FactLog;
  readonly #model: ClusterModel;
  /** Timelines that differ from those of the head. */
  readonly #past = new Map<EntityHistory<unknown>, unknown>();

  constructor(log: FactLog, model: ClusterModel, sequence: number) {
    this.cluster = model.name;
    this.sequence = sequence;
    this.headRecordedAt = log.recordedUpTo(sequence);
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

  #clusterFacts(): readonly Fact[] {
    return this.#one("cluster", "") ?? [];
  }

  #one<K extends Kind>(kind: K, name: string): TimelineOf[K] | null {
    const entities: EntitiesOfKind<TimelineOf[K]> = this.#model.kinds[kind];
    const entity = entities.get(name);
    return entity === null ? null : this.#timeline(kind, entity);
  }

  *#all<K extends Kind>(kind: K): Iterable<TimelineOf[K]> {
    const entities: EntitiesOfKind<TimelineOf[K]> = this.#model.kinds[kind];
    for (const entity of entities.sorted()) {
      const timeline = this.#timeline(kind, entity);
      if (timeline !== null) yield timeline;
    }
  }

  #timeline<K extends Kind>(kind: K, entity: EntityHistory<TimelineOf[K]>): TimelineOf[K] | null {
    const last = entity.lastChangeUpTo(Infinity);
    if (last <= this.sequence) {
      if (entity.latest === undefined) entity.latest = this.#fold(kind, entity, last);
      return entity.latest;
    }
    if (entity.lastChangeUpTo(this.sequence) === 0) return null;
    const known = this.#past.get(entity);
    // What is kept under an entity was folded for that entity, by its kind.
    if (known !== undefined) return known as TimelineOf[K] | null;
    const made = this.#fold(kind, entity, this.sequence);
    this.#past.set(entity, made);
    return made;
  }

  #fold<K extends Kind>(
    kind: K,
    entity: EntityHistory<TimelineOf[K]>,
    P: number,
  ): TimelineOf[K] | null {
    const facts: Fact[] = [];
    for (const member of entity.members) {
      if (member > P) break;
      const fact = this.#log.factAt(member, P);
      if (fact !== null && this.#isAbout(kind, entity.name, member, fact)) facts.push(fact);
    }
    return facts.length === 0 ? null : folds[kind](entity.name, facts.sort(compareFacts));
  }

  #hasFact(kind: Kind, entity: EntityHistory<unknown>): boolean {
    for (const member of entity.members) {
      if (member > this.sequence) return false;
      const fact = this.#log.factAt(member, this.sequence);
      if (fact !== null && this.#isAbout(kind, entity.name, member, fact)) return true;
    }
    return false;
  }

  #isAbout(kind: Kind, name: string, member: number, fact: Fact): boolean {
    // An event that nothing ever touched is only kept under what it is about.
    if (!this.#log.isTouched(member)) return true;
    const subject = subjectOfData(fact.type, fact.data);
    return subject?.cluster === this.cluster && subject.kind === kind && subject.name === name;
  }
}
