/**
 * The ground truth of a simulation: what happened, decided before any fact about it is stated. The
 * books are kept from it, and the facts only report it. Instants are milliseconds since
 * 1970-01-01T00:00:00Z; intervals are `[from, to)`; `to` is Infinity for what is not over at the end.
 */
import type { DataOf } from "../../events/catalogue.ts";

export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface PolicyTruth {
  readonly id: string;
  readonly at: number;
  readonly terms: Omit<DataOf<"SlaPolicySet">, "cluster">;
}

export interface FaultTruth {
  readonly faultId: string;
  readonly category: DataOf<"NodeFailed">["category"];
  readonly component: string | null;
  readonly failedAt: number;
  /** Never before the failure, whatever the clocks of those who report it say. */
  readonly returnedAt: number;
}

export interface AnnouncementTruth {
  readonly id: string;
  readonly recordedAt: number;
  readonly plannedFrom: number;
  readonly plannedTo: number;
}

export interface MaintenanceTruth extends Interval {
  readonly maintenanceId: string;
  readonly startId: string;
  readonly endId: string | null;
  readonly announcements: readonly AnnouncementTruth[];
}

export interface UnobservedTruth extends Interval {
  readonly startId: string;
  readonly endId: string | null;
}

export interface MembershipTruth extends Interval {
  readonly decommissionId: string | null;
}

export interface NodeTruth {
  readonly node: string;
  readonly rack: string;
  readonly sku: string;
  readonly gpus: number;
  readonly memberships: MembershipTruth[];
  readonly faults: FaultTruth[];
  readonly maintenance: MaintenanceTruth[];
  readonly unobserved: UnobservedTruth[];
}

export type StopKind = DataOf<"JobInterrupted">["cause"]["kind"];

/** An interval of a job in one state with so many nodes. */
export interface HeldInterval extends Interval {
  readonly nodeCount: number;
}

/** An interruption of a job: from `at` until it ran again or ended. */
export interface StopTruth {
  readonly at: number;
  readonly kind: StopKind;
  readonly nodeCount: number;
  /** The run goes back at least to here: the last checkpoint by then, else the run's start. */
  readonly lostSince: number;
  until: number;
  resumedAt: number | null;
  /** Where the resume went back to; `null` without one. */
  restoredTo: number | null;
}

export interface RunTruth {
  readonly from: number;
  to: number;
  readonly running: HeldInterval[];
  readonly paused: HeldInterval[];
  readonly stops: StopTruth[];
  readonly checkpoints: {
    readonly checkpointId: string;
    readonly at: number;
    readonly durationMs: number;
  }[];
}

export interface JobTruth {
  readonly job: string;
  readonly runs: RunTruth[];
}

/** A stay in the blocked queue, with each refusal in it. */
interface BlockedTruth extends Interval {
  readonly refusals: readonly { readonly at: number; readonly nfzIds: readonly string[] }[];
}

export interface RolloutTruth {
  readonly rollout: string;
  readonly blocked: BlockedTruth[];
  readonly overridesAt: number[];
  readonly progress: {
    readonly at: number;
    readonly nodesDone: number;
    readonly nodesTotal: number;
  }[];
}

/** One occurrence of an NFZ: the ends that it was given, each from when on, and when it was dropped. */
export interface OccurrenceTruth {
  readonly from: number;
  readonly ends: { readonly at: number; readonly to: number }[];
  droppedAt: number;
}

export interface NfzTruth {
  readonly nfz: string;
  /** `null`: the whole cluster. */
  readonly racks: readonly string[] | null;
  readonly inFlight: DataOf<"NfzDeclared">["inFlight"];
  readonly declaredAt: number;
  readonly occurrences: OccurrenceTruth[];
}

export interface ClusterTruth {
  readonly cluster: string;
  readonly zone: string;
  readonly policies: PolicyTruth[];
  readonly nodes: NodeTruth[];
  readonly jobs: JobTruth[];
  readonly rollouts: RolloutTruth[];
  readonly nfzs: NfzTruth[];
}

/** Corrections and retractions that amended a fact, by sequence, and when the last was recorded. */
export interface Amendment {
  readonly ids: readonly string[];
  readonly recordedAt: number;
}

export interface History {
  readonly scenario: string;
  readonly seed: number;
  readonly days: number;
  readonly from: number;
  /** The largest `recordedAt` of any event. */
  readonly to: number;
  readonly clusters: readonly ClusterTruth[];
  /** By the id of the fact; only announcements need it. */
  readonly amended: ReadonlyMap<string, Amendment>;
}
