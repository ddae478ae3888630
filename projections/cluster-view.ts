/**
 * What every figure of a cluster is computed from: the timelines of its entities as they stand at one
 * ledger position. The plain fold builds one from the facts; a live model may keep one.
 */
import type { FactOf } from "./fact.ts";
import type { NodeTimeline } from "./node-timeline.ts";
import type { Window } from "./period.ts";
import type { JobTimeline, NfzTimeline, RolloutTimeline } from "./timelines.ts";

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
  /** Every node, job, rollout or NFZ that a fact is about, by name (UTF-16 code units). */
  nodes(): Iterable<NodeTimeline>;
  node(name: string): NodeTimeline | null;
  jobs(): Iterable<JobTimeline>;
  job(name: string): JobTimeline | null;
  rollouts(): Iterable<RolloutTimeline>;
  rollout(name: string): RolloutTimeline | null;
  nfzs(): Iterable<NfzTimeline>;
  nfz(name: string): NfzTimeline | null;
  /**
   * The same for figures of one window: `nodes()` may leave out what of their timelines does not touch
   * it, and nodes of which nothing does. All else is as in the whole view.
   */
  within(window: Window): ClusterView;
}
