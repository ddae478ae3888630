/** The entities of one cluster. */
import type { Subject, SubjectKind } from "../../../projections/facts/subject.ts";
import type { FactLog } from "../columns/fact-log.ts";
import type { FoldOptions } from "../entities/entity-folds.ts";
import { EntityHistory } from "../entities/entity-history.ts";
import { EntitiesOfKind } from "./entities-of-kind.ts";

export class ClusterModel {
  readonly name: string;
  readonly entities: { readonly [K in SubjectKind]: EntitiesOfKind };

  constructor(cluster: string, log: FactLog, options: FoldOptions) {
    this.name = cluster;
    const ofKind = (kind: SubjectKind) =>
      new EntitiesOfKind(kind, (name) => new EntityHistory({ cluster, kind, name }, log, options));
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

  /** The facts of an entity are others than before. */
  changed(entity: EntityHistory): void {
    this.entities[entity.subject.kind].changed(entity);
  }
}
