/** The entities of one cluster. */
import type { Subject, SubjectKind } from "../../../projections/facts/subject.ts";
import { forKinds } from "../../../projections/kinds.ts";
import type { CorrectedEvent } from "../columns/corrected-events.ts";
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
      ...forKinds(ofKind),
      cluster: ofKind("cluster"),
      other: ofKind("other"),
    };
  }

  entity({ kind, name }: Pick<Subject, "kind" | "name">): EntityHistory {
    return this.entities[kind].getOrAdd(name);
  }

  /** Notes that the event at a sequence is about an entity. */
  note(entity: EntityHistory, sequence: number): void {
    const at = entity.note(sequence);
    this.entities[entity.subject.kind].added(entity, at);
  }

  /** Notes a correction or retraction at a sequence; one of the event's versions is about the entity. */
  amend(entity: EntityHistory, root: CorrectedEvent, sequence: number): void {
    entity.amended(root, sequence);
    this.entities[entity.subject.kind].amended(entity, root.earliestAt(sequence));
  }
}
