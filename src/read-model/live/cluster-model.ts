/** The entities of one cluster. */
import { wordAt } from "../../../projections/arithmetic/invariants.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { KindName } from "../../../projections/kinds.ts";
import type { Subject, SubjectKind } from "../../../projections/facts/subject.ts";
import { forKinds } from "../../../projections/kinds.ts";
import type { CorrectedEvent } from "../columns/corrected-events.ts";
import type { FactLog } from "../columns/fact-log.ts";
import type { FoldOptions } from "../entities/entity-folds.ts";
import { EntityHistory } from "../entities/entity-history.ts";
import { maxRecentChanges } from "../../limits/read-model.ts";
import type { GatheringSizes } from "../integers/gathered-nodes.ts";
import type { Amending } from "./amendments.ts";
import type { Group } from "./subject-groups.ts";
import { NewestLists } from "./newest-lists.ts";
import { RecentChanges } from "./recent-changes.ts";
import { EntitiesOfKind } from "./entities-of-kind.ts";

export class ClusterModel {
  readonly name: string;
  readonly entities: { readonly [K in SubjectKind]: EntitiesOfKind };
  readonly lists = new NewestLists();
  readonly gathering: GatheringSizes;
  readonly #recent = new RecentChanges<EntityHistory>(maxRecentChanges);

  constructor(cluster: string, log: FactLog, options: FoldOptions, gathering: GatheringSizes) {
    this.name = cluster;
    this.gathering = gathering;
    const ofKind = (kind: SubjectKind) =>
      new EntitiesOfKind(kind, (name) => new EntityHistory({ cluster, kind, name }, log, options));
    this.entities = {
      ...forKinds(ofKind),
      cluster: ofKind("cluster"),
      "co-tests": ofKind("co-tests"),
      other: ofKind("other"),
    };
  }

  entity({ kind, name }: Pick<Subject, "kind" | "name">): EntityHistory {
    return this.entities[kind].getOrAdd(name);
  }

  /** Notes that the event at a sequence is about an entity. */
  note(entity: EntityHistory, sequence: number): void {
    const at = entity.note(sequence);
    this.#recent.add(sequence, entity);
    this.entities[entity.subject.kind].added(entity, at);
  }

  /**
   * Notes the events of a segment about an entity, and what amends events of it, in the order of the ledger.
   */
  noteAll(
    entity: EntityHistory,
    { sequences, begin, end }: Group,
    amending: readonly Amending[],
  ): void {
    const ofKind = this.entities[entity.subject.kind];
    const first = Math.min(
      begin < end ? wordAt(sequences, begin) : Infinity,
      amending[0]?.sequence ?? Infinity,
    );
    let earliest = Infinity;
    let next = begin;
    for (const { sequence, root } of amending) {
      let before = next;
      while (before < end && wordAt(sequences, before) < sequence) before++;
      earliest = Math.min(earliest, entity.noteAll(sequences, next, before));
      next = before;
      entity.amended(root, sequence);
      earliest = Math.min(earliest, root.earliestAt(sequence));
    }
    earliest = Math.min(earliest, entity.noteAll(sequences, next, end));
    if (amending.length > 0) ofKind.amended(entity, earliest, first);
    else ofKind.added(entity, earliest, first);
  }

  /** Which entities changed up to a sequence is not known any more. */
  forgetRecent(upTo: number): void {
    this.#recent.forget(upTo);
  }

  /** Notes a correction or retraction at a sequence; one of the event's versions is about the entity. */
  amend(entity: EntityHistory, root: CorrectedEvent, sequence: number): void {
    entity.amended(root, sequence);
    this.#recent.add(sequence, entity);
    this.entities[entity.subject.kind].amended(entity, root.earliestAt(sequence));
  }

  /** The entities of a kind that changed after a sequence; `null` if that was too long ago to be known. */
  recentlyChanged(kind: KindName, after: number): EntityHistory[] | null {
    const changed = this.#recent.since(after);
    return changed && [...changed].filter(({ subject }) => subject.kind === kind);
  }

  /** The entities of a kind that changed after `after` and up to `upTo`, and that a window may see as of either. */
  *changedBetween(
    kind: KindName,
    window: Interval,
    after: number,
    upTo: number,
  ): Iterable<EntityHistory> {
    const ofKind = this.entities[kind];
    const recent = this.#recent.since(after);
    for (const entity of recent ?? ofKind.candidates(window, after)) {
      if (entity.subject.kind !== kind || entity.lastChange <= after) continue;
      const isSeen = (P: number) => ofKind.mayTouch(entity, kind, window, P);
      // What ended before the window may touch it as of a position in between, when that was not known yet.
      if (isSeen(after) || isSeen(upTo) || entity.changesIn(after, upTo).some(isSeen)) yield entity;
    }
  }
}
