/** The entities of one cluster. */
import type { NodeTimeline } from "../../projections/node-timeline.ts";
import type { JobTimeline, NfzTimeline, RolloutTimeline } from "../../projections/timelines.ts";
import type { Fact } from "../../projections/fact.ts";
import { ClusterStateChanges } from "./cluster-state-changes.ts";
import { EntityHistory } from "./entity-history.ts";
import type { Subject, SubjectKind } from "./subjects.ts";

/** What is kept of each kind of entity. Registrations, policies and what only names the cluster are kept as facts. */
export interface TimelineOf {
  readonly node: NodeTimeline;
  readonly job: JobTimeline;
  readonly rollout: RolloutTimeline;
  readonly nfz: NfzTimeline;
  readonly cluster: readonly Fact[];
  readonly other: readonly Fact[];
}

/** The entities of one kind, by name. */
export class EntitiesOfKind<Timeline> {
  readonly #byName = new Map<string, EntityHistory<Timeline>>();
  readonly #cluster: string;
  readonly #kind: SubjectKind;
  readonly #stale: Set<EntityHistory<Timeline>> | null;
  #sorted: EntityHistory<Timeline>[] | null = null;

  /** An entity is put into `stale`, if given, when it changes. */
  constructor(
    cluster: string,
    kind: SubjectKind,
    stale: Set<EntityHistory<Timeline>> | null = null,
  ) {
    this.#cluster = cluster;
    this.#kind = kind;
    this.#stale = stale;
  }

  get(name: string): EntityHistory<Timeline> | null {
    return this.#byName.get(name) ?? null;
  }

  getOrAdd(name: string): EntityHistory<Timeline> {
    let entity = this.#byName.get(name);
    if (entity === undefined) {
      entity = new EntityHistory({ cluster: this.#cluster, kind: this.#kind, name }, this.#stale);
      this.#byName.set(name, entity);
      this.#sorted = null;
    }
    return entity;
  }

  /** By name, in UTF-16 code units. */
  sorted(): readonly EntityHistory<Timeline>[] {
    this.#sorted ??= [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#sorted;
  }
}

export class ClusterModel {
  readonly name: string;
  /** At the head, but for the nodes in `staleNodes`. */
  readonly stateChanges = new ClusterStateChanges();
  /** Nodes that something changed since the index was asked last. */
  readonly staleNodes = new Set<EntityHistory<NodeTimeline>>();
  readonly kinds: { readonly [K in keyof TimelineOf]: EntitiesOfKind<TimelineOf[K]> };

  constructor(name: string) {
    this.name = name;
    this.kinds = {
      node: new EntitiesOfKind(name, "node", this.staleNodes),
      job: new EntitiesOfKind(name, "job"),
      rollout: new EntitiesOfKind(name, "rollout"),
      nfz: new EntitiesOfKind(name, "nfz"),
      cluster: new EntitiesOfKind(name, "cluster"),
      other: new EntitiesOfKind(name, "other"),
    };
  }

  entity({ kind, name }: Pick<Subject, "kind" | "name">): EntityHistory<unknown> {
    return this.kinds[kind].getOrAdd(name);
  }
}
