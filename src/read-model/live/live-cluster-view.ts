/** A cluster as of one position; folds only what is asked for. */
import type { ClusterView, DecisionView } from "../../../projections/view.ts";
import type { EventType } from "../../events/catalogue.ts";
import { type CoTestFact, isCoTest } from "../../../projections/facts/co-test-fact.ts";
import { type Fact, type FactOf, compareFacts } from "../../../projections/facts/fact.ts";
import type { Finding } from "../../../projections/facts/finding.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import { windowOf } from "../../../projections/figures/series/pieces.ts";
import { faultEndOf } from "../../../projections/nodes/faults.ts";
import type { NodesAsIntegers } from "../../../projections/node-integers/node-integers.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { maxPastPerWindow, nodesPerComparedOfSums } from "../../limits/read-model.ts";
import { GatheredNodes } from "../integers/gathered-nodes.ts";
import type { ClusterModel } from "./cluster-model.ts";
import type { ListedWindow } from "./newest-lists.ts";
import type { Sameness } from "../entities/entity-folds.ts";
import type { EntityHistory } from "../entities/entity-history.ts";
import type { Steps } from "../../turns.ts";
import type { FactLog } from "../columns/fact-log.ts";

export class LiveClusterView implements DecisionView {
  readonly cluster: string;
  readonly sequence: number;
  readonly headRecordedAt: number | null;
  readonly zoneTable: string | null;
  readonly #log: FactLog;
  readonly #model: ClusterModel;
  /** Of what names no cluster. */
  readonly #shared: ClusterModel | null;
  /** Whole timelines that differ from those at the head. */
  readonly #past = new Map<EntityHistory, unknown>();
  #clusterFacts: readonly Fact[] | null = null;
  #coTests: readonly CoTestFact[] | null = null;
  #lastWithin: (Interval & { readonly view: ClusterView }) | null = null;

  /** `shared` is the model of what names no cluster; `null` if nothing does. */
  constructor(log: FactLog, model: ClusterModel, shared: ClusterModel | null, sequence: number) {
    this.cluster = model.name;
    this.sequence = sequence;
    this.headRecordedAt = log.recordedUpTo(sequence);
    this.zoneTable = log.zoneTableAt(sequence);
    this.#log = log;
    this.#model = model;
    this.#shared = shared;
  }

  get known(): boolean {
    return Object.values(this.#model.entities).some((kind) => kind.hasFact(this.sequence));
  }

  get registrations(): readonly FactOf<"ClusterRegistered">[] {
    return this.#factsOfCluster().filter((fact) => fact.type === "ClusterRegistered");
  }

  get policies(): readonly FactOf<"SlaPolicySet">[] {
    return this.#factsOfCluster().filter((fact) => fact.type === "SlaPolicySet");
  }

  get rolloutPolicies(): readonly FactOf<"RolloutPolicySet">[] {
    return this.#factsOfCluster().filter((fact) => fact.type === "RolloutPolicySet");
  }

  get coTests(): readonly CoTestFact[] {
    this.#coTests ??= [this.#model, ...(this.#shared === null ? [] : [this.#shared])]
      .flatMap((model) => model.entities["co-tests"].get("")?.factsAt(this.sequence) ?? [])
      .filter(isCoTest)
      .sort(compareFacts);
    return this.#coTests;
  }

  /** Yields one timeline after another and keeps none: the whole timelines of a large fleet would fill the memory. */
  *entities<K extends KindName>(kind: K): Iterable<TimelineOf[K]> {
    for (const entity of this.#model.entities[kind].sorted()) {
      const timeline = entity.isKnownAt(this.sequence)
        ? entity.folds(kind).at(this.sequence)
        : null;
      if (timeline !== null) yield timeline;
    }
  }

  names(kind: KindName): string[] {
    const entities = this.#model.entities[kind].sorted();
    return entities.filter((entity) => entity.hasFact(this.sequence)).map(({ name }) => name);
  }

  firstFactAt(kind: KindName): number {
    return this.#model.entities[kind].firstFactAt(this.sequence);
  }

  entity<K extends KindName>(kind: K, name: string): TimelineOf[K] | null {
    const entity = this.#model.entities[kind].get(name);
    return entity === null ? null : this.#timeline(kind, entity);
  }

  faultEnd(node: string, faultId: string): number | null {
    return faultEndOf(this.entity("node", node), faultId);
  }

  /** The same, from what is folded for the window if the fault is in it. */
  faultEndNear(window: Interval, node: string, faultId: string): number | null {
    const entity = this.#model.entities.node.get(node);
    if (entity === null || !entity.isKnownAt(this.sequence)) return null;
    // The node's own timeline.
    const near = this.#foldedWithin(entity, "node", window) as NodeTimeline | null;
    const found = near?.faults.find((each) => each.faultId === faultId);
    // What begins after the window is not followed to its end.
    return found !== undefined && found.from < window.to ? found.to : this.faultEnd(node, faultId);
  }

  facts(kind: KindName, name: string): readonly Fact[] {
    return this.#model.entities[kind].get(name)?.factsAt(this.sequence) ?? [];
  }

  factsOfTypes(kind: KindName, name: string, types: ReadonlySet<EventType>): readonly Fact[] {
    return this.#model.entities[kind].get(name)?.factsOfTypes(types, this.sequence) ?? [];
  }

  findingsFrom(kind: KindName, name: string, from: number): readonly Finding[] {
    const entity = this.#model.entities[kind].get(name);
    if (entity === null || !entity.isKnownAt(this.sequence)) return [];
    const timeline = entity.folds(kind).from(this.sequence, from);
    return timeline?.findings.filter(({ at }) => at >= from) ?? [];
  }

  lastFactAt(kind: KindName, name: string): number {
    return this.#model.entities[kind].get(name)?.lastFactAt(this.sequence) ?? -Infinity;
  }

  nodesAsIntegers(edges: readonly number[]): NodesAsIntegers | null {
    const { sequence } = this;
    const window = windowOf(edges);
    const pastMs = window.to - this.firstFactAt("node");
    if (pastMs > maxPastPerWindow * (window.to - window.from)) return null;
    const touching = this.#model.entities.node.touching("node", window, sequence);
    return new GatheredNodes({
      log: this.#log,
      cluster: this.cluster,
      entities: touching,
      P: sequence,
      edges,
      sizes: this.#model.gathering,
      // The node's own timeline.
      seen: (entity) => this.#foldedWithin(entity, "node", window) as NodeTimeline | null,
    });
  }

  within(window: Interval): ClusterView {
    const last = this.#lastWithin;
    if (last?.from === window.from && last.to === window.to) return last.view;
    const view = this.#within(window);
    this.#lastWithin = { ...window, view };
    return view;
  }

  #within(window: Interval): ClusterView {
    const coTests = (): readonly CoTestFact[] => this.coTests;
    const lists = new Map<KindName, readonly unknown[]>();
    const list = <K extends KindName>(kind: K): readonly TimelineOf[K][] => {
      const known = lists.get(kind);
      // The list under a kind holds timelines of that kind.
      if (known !== undefined) return known as readonly TimelineOf[K][];
      const made = this.#allWithin(kind, window);
      lists.set(kind, made);
      return made;
    };
    return {
      cluster: this.cluster,
      sequence: this.sequence,
      headRecordedAt: this.headRecordedAt,
      zoneTable: this.zoneTable,
      known: this.known,
      registrations: this.registrations,
      policies: this.policies,
      rolloutPolicies: this.rolloutPolicies,
      get coTests() {
        return coTests();
      },
      entities: list,
      names: (kind) => this.names(kind),
      firstFactAt: (kind) => this.firstFactAt(kind),
      entity: (kind, name) => this.entity(kind, name),
      faultEnd: (node, faultId) => this.faultEndNear(window, node, faultId),
      nodesAsIntegers: () => null,
      within: (other) => this.within(other),
    };
  }

  #allWithin<K extends KindName>(kind: K, window: Interval): readonly TimelineOf[K][] {
    const work = this.foldWithin(kind, window);
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
    }
  }

  /**
   * Folds the entities of a kind as far as they affect the window, one with each `next`: those that changed since the
   * window was listed last, or all.
   */
  *foldWithin<K extends KindName>(kind: K, window: Interval): Steps<readonly TimelineOf[K][]> {
    const before = this.#model.lists.get(kind, window);
    const listed =
      (before === null ? null : yield* this.#listedAfter(before, kind, window)) ??
      (yield* this.#listed(kind, window));
    this.#model.lists.set(kind, window, listed);
    // The list under a kind holds timelines of that kind.
    return listed.timelines as readonly TimelineOf[K][];
  }

  *#listed(kind: KindName, window: Interval): Steps<ListedWindow> {
    const timelines: unknown[] = [];
    const places = new Map<EntityHistory, number>();
    for (const entity of this.#model.entities[kind].touching(kind, window, this.sequence)) {
      const timeline = this.#foldedWithin(entity, kind, window);
      if (timeline !== null) places.set(entity, timelines.push(timeline) - 1);
      yield;
    }
    return { sequence: this.sequence, timelines, places };
  }

  /** From the list as of an earlier position; `null` if that is not known to have the same entities. */
  *#listedAfter(
    before: ListedWindow,
    kind: KindName,
    window: Interval,
  ): Steps<ListedWindow | null> {
    if (before.sequence > this.sequence) return null;
    const changed = this.#model.recentlyChanged(kind, before.sequence);
    if (changed === null) return null;
    const timelines = [...before.timelines];
    const ofKind = this.#model.entities[kind];
    for (const entity of changed) {
      if (entity.changesIn(before.sequence, this.sequence).length === 0) continue;
      const place = before.places.get(entity);
      const isListed = ofKind.mayTouch(entity, kind, window, this.sequence);
      if (place === undefined && !isListed) continue;
      const timeline = isListed ? this.#foldedWithin(entity, kind, window) : null;
      if (place === undefined || timeline === null) return null;
      timelines[place] = timeline;
      yield;
    }
    return { sequence: this.sequence, timelines, places: before.places };
  }

  #foldedWithin(entity: EntityHistory, kind: KindName, window: Interval): unknown {
    const isAtHead = entity.lastChange <= this.sequence;
    return entity.folds(kind).within(isAtHead ? Infinity : this.sequence, window);
  }

  /** Whether the cluster's registration, its policies or the zone table changed after a position. */
  hasNewTerms(after: number): boolean {
    if (this.#log.zoneTableChanges(after, this.sequence).length > 0) return true;
    const cluster = this.#model.entities.cluster.get("");
    return cluster !== null && cluster.changesIn(after, this.sequence).length > 0;
  }

  /** Whether anything about the entity changed after a position. */
  hasChanged(kind: KindName, name: string, after: number): boolean {
    const entity = this.#model.entities[kind].get(name);
    return entity !== null && entity.changesIn(after, this.sequence).length > 0;
  }

  /** Whether so many nodes that the window may see changed after a position that to compare them costs more than to sum up all. */
  haveManyChanged(after: number, window: Interval): boolean {
    const { node } = this.#model.entities;
    const most = Math.ceil(node.sorted().length / nodesPerComparedOfSums);
    let changed = 0;
    for (const _ of this.#model.changedBetween("node", window, after, this.sequence))
      if (++changed > most) return true;
    return false;
  }

  /** For each entity that changed after a position and that the window may see, whether the window sees the same of it there and here. */
  *sameSince(after: number, window: Interval, kind: KindName): Iterable<Sameness> {
    for (const entity of this.#model.changedBetween(kind, window, after, this.sequence)) {
      const changes = entity.changesIn(after, this.sequence);
      yield entity.folds(kind).samenessOf(after, changes, window);
    }
  }

  #factsOfCluster(): readonly Fact[] {
    this.#clusterFacts ??= this.#model.entities.cluster.get("")?.factsAt(this.sequence) ?? [];
    return this.#clusterFacts;
  }

  #timeline<K extends KindName>(kind: K, entity: EntityHistory): TimelineOf[K] | null {
    if (!entity.isKnownAt(this.sequence)) return null;
    if (entity.lastChange <= this.sequence) return entity.latest(kind);
    // The entity's own kind folded this timeline.
    const known = this.#past.get(entity) as TimelineOf[K] | null | undefined;
    if (known !== undefined) return known;
    const made = entity.folds(kind).at(this.sequence);
    this.#past.set(entity, made);
    return made;
  }
}
