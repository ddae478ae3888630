/**
 * The input of every figure of a cluster: the timelines of its entities as of one ledger position. The plain fold
 * builds one from all facts; a live model may keep one up to date.
 */
import type { EventType } from "../src/events/catalogue.ts";
import type { CoTestFact } from "./facts/co-test-fact.ts";
import type { Fact, FactOf } from "./facts/fact.ts";
import type { Finding } from "./facts/finding.ts";
import type { KindName, TimelineOf } from "./kinds.ts";
import type { Interval } from "./arithmetic/intervals.ts";
import type { NodesAsIntegers } from "./node-integers/node-integers.ts";

export interface ClusterView {
  readonly cluster: string;
  /** The ledger position of the view (P). */
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
  /** Policies for rollouts, by `occurredAt`, then id. */
  readonly rolloutPolicies: readonly FactOf<"RolloutPolicySet">[];
  /** Results of co-tests that count in the cluster: its own, and those that name no cluster; by `occurredAt`, then id. */
  readonly coTests: readonly CoTestFact[];
  /**
   * The timelines of every entity of a kind, by name (in UTF-16 code units). A whole view folds each of them from its
   * first fact: use a view of a window where there is one.
   */
  entities<K extends KindName>(kind: K): Iterable<TimelineOf[K]>;
  /** Names of the entities of a kind, in the order of `entities`; nothing is folded. */
  names(kind: KindName): readonly string[];
  /** The earliest `occurredAt` of any fact about an entity of the kind; Infinity if there is none. */
  firstFactAt(kind: KindName): number;
  /** One entity, whole; `null` if no fact is about it. */
  entity<K extends KindName>(kind: K, name: string): TimelineOf[K] | null;
  /**
   * When a fault of a node ended, also after the window of a view; Infinity if it has not, `null` if the node has no such fault.
   */
  faultEnd(node: string, faultId: string): number | null;
  /**
   * All nodes as integers, for sums over the pieces of a window that is most of the past; `edges` are where it begins, is cut, and
   * ends. `null` where there are none, or the window is too short for that.
   */
  nodesAsIntegers(edges: readonly number[]): NodesAsIntegers | null;
  /**
   * A view for the figures of one window: `entities` may leave out parts of timelines that do not touch it, and
   * entities that do not touch it at all. Everything else is as in the whole view.
   */
  within(window: Interval): ClusterView;
}

/** What decisions are made from: figures never look at it. */
export interface DecisionView extends ClusterView {
  /** The facts about one entity, by `occurredAt`, then id; none if there is no such entity. */
  facts(kind: KindName, name: string): readonly Fact[];
  /** Those of some types, in the same order; of an entity with many facts, the others are not read. */
  factsOfTypes(kind: KindName, name: string, types: ReadonlySet<EventType>): readonly Fact[];
  /** Findings of one entity's facts from an instant on, by time; what came before is not folded as far as that can be told. */
  findingsFrom(kind: KindName, name: string, from: number): readonly Finding[];
  /** The latest `occurredAt` of any fact about the entity; -Infinity if there is none. */
  lastFactAt(kind: KindName, name: string): number;
}
