/**
 * What every figure of a cluster is computed from: the timelines of its entities as they stand at one
 * ledger position. The plain fold builds one from the facts; a live model may keep one.
 */
import type { Fact, FactOf } from "./facts/fact.ts";
import type { KindName, TimelineOf } from "./kinds.ts";
import type { Interval } from "./arithmetic/intervals.ts";

export interface ClusterView {
  readonly cluster: string;
  /** The ledger position that it stands at (P). */
  readonly sequence: number;
  /** The largest `recordedAt` of any event of the ledger up to `sequence`, whatever its cluster; `null` in an empty ledger. */
  readonly headRecordedAt: number | null;
  /** The version of the zone table that the ledger had adopted by then; `null` if it had adopted none. */
  readonly zoneTable: string | null;
  /** Whether any fact names the cluster. */
  readonly known: boolean;
  /** Registrations, by `occurredAt`, then id. */
  readonly registrations: readonly FactOf<"ClusterRegistered">[];
  /** Policies, by `occurredAt`, then id. */
  readonly policies: readonly FactOf<"SlaPolicySet">[];
  /**
   * Every entity of a kind that a fact is about, by name (UTF-16 code units). Of a whole view one after
   * the other is folded from its first fact on: ask a view of a window wherever there is one.
   */
  entities<K extends KindName>(kind: K): Iterable<TimelineOf[K]>;
  /** Names of the entities of a kind that a fact is about, in the order of `entities`: nothing is folded. */
  names(kind: KindName): readonly string[];
  /** The earliest `occurredAt` of any fact about an entity of the kind; Infinity if there is none. */
  firstFactAt(kind: KindName): number;
  /** One entity, whole; `null` if no fact is about it. */
  entity<K extends KindName>(kind: K, name: string): TimelineOf[K] | null;
  /**
   * The same for figures of one window: `entities` may leave out what of their timelines does not touch
   * it, and entities of which nothing does. All else is as in the whole view.
   */
  within(window: Interval): ClusterView;
}

/** What decisions are made from: figures never look at it. */
export interface DecisionView extends ClusterView {
  /** Policies for rollouts, by `occurredAt`, then id. */
  readonly rolloutPolicies: readonly FactOf<"RolloutPolicySet">[];
  /** The facts about one entity, by `occurredAt`, then id; none if there is no such entity. */
  facts(kind: KindName, name: string): readonly Fact[];
}
