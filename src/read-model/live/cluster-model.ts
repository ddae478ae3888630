/** The entities of one cluster. */
import type { FoldOptions } from "../entities/entity-folds.ts";
import { EntityHistory } from "../entities/entity-history.ts";
import type { FactLog } from "../columns/fact-log.ts";
import type { Subject, SubjectKind } from "../../../projections/facts/subject.ts";

/** The entities of one kind, by name. */
class EntitiesOfKind {
  readonly #byName = new Map<string, EntityHistory>();
  readonly #make: (name: string) => EntityHistory;
  #sorted: EntityHistory[] | null = null;

  constructor(make: (name: string) => EntityHistory) {
    this.#make = make;
  }

  get(name: string): EntityHistory | null {
    return this.#byName.get(name) ?? null;
  }

  getOrAdd(name: string): EntityHistory {
    let entity = this.#byName.get(name);
    if (entity === undefined) {
      entity = this.#make(name);
      this.#byName.set(name, entity);
      this.#sorted = null;
    }
    return entity;
  }

  /** By name, in UTF-16 code units. */
  sorted(): readonly EntityHistory[] {
    this.#sorted ??= [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#sorted;
  }
}

export class ClusterModel {
  readonly name: string;
  readonly entities: { readonly [K in SubjectKind]: EntitiesOfKind };

  constructor(cluster: string, log: FactLog, options: FoldOptions) {
    this.name = cluster;
    const ofKind = (kind: SubjectKind) =>
      new EntitiesOfKind((name) => new EntityHistory({ cluster, kind, name }, log, options));
    this.entities = {
      node: ofKind("node"),
      job: ofKind("job"),
      rollout: ofKind("rollout"),
      nfz: ofKind("nfz"),
      cluster: ofKind("cluster"),
      other: ofKind("other"),
    };
  }

  entity({ kind, name }: Pick<Subject, "kind" | "name">): EntityHistory {
    return this.entities[kind].getOrAdd(name);
  }
}
