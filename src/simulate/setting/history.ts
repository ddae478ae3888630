/**
 * The ground truth of a simulation: what happened, decided before any fact about it is stated. The
 * books are kept from it, and the facts only report it. Instants are milliseconds since
 * 1970-01-01T00:00:00Z; intervals are `[from, to)`; `to` is Infinity for what is not over at the end.
 */
import type { DataOf, EventType } from "../../events/catalogue.ts";

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
  readonly maintenanceId: string;
  readonly at: number;
  readonly recordedAt: number;
  readonly plannedFrom: number;
  readonly plannedTo: number;
  /** Whether the ledger was asked to record it. */
  readonly isDecided: boolean;
}

export interface MaintenanceTruth extends Interval {
  readonly maintenanceId: string;
  readonly rolloutId: string | null;
  readonly startId: string;
  readonly endId: string | null;
  readonly announcements: readonly AnnouncementTruth[];
  /** Whether the ledger was asked for it. */
  readonly isDecided: boolean;
  /** Whose leave let it begin inside no-fly zones. */
  readonly role: string | null;
}

export interface UnobservedTruth extends Interval {
  readonly startId: string;
  readonly endId: string | null;
}

export interface MembershipTruth extends Interval {
  readonly decommissionId: string | null;
  /** When the ledger heard of its beginning and of its end. */
  readonly fromKnownAt: number;
  readonly toKnownAt: number;
}

export interface NodeTruth {
  readonly node: string;
  readonly rack: string;
  readonly sku: string;
  readonly gpus: number;
  readonly memberships: MembershipTruth[];
  readonly faults: FaultTruth[];
  readonly maintenance: MaintenanceTruth[];
  /** Every announcement, also of maintenance that had not begun at the end. */
  readonly announcements: AnnouncementTruth[];
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
  /** The rollout that stopped it, if one did. */
  readonly rolloutId: string | null;
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

/** Targets of a rollout or the scope of an NFZ. Kinds that are `null` are not stated. */
export interface PlaceTruth {
  readonly nodes: readonly string[] | null;
  readonly racks: readonly string[] | null;
  readonly skus: readonly string[] | null;
}

/** Something that a deploy system reports of a rollout, or that the ledger decides about it. */
export interface ActTruth {
  readonly id: string;
  readonly type: Extract<EventType, `Rollout${string}`>;
  readonly at: number;
  /** When the ledger took it down. */
  readonly knownAt: number;
  /** Of a decision; `null` if it was only reported. */
  readonly command: string | null;
  /** Of a refusal, a pause, an order and an override. */
  readonly nfzIds: readonly string[];
  readonly nodesDone: number | null;
  readonly nodesTotal: number | null;
  /** Of progress that names its nodes. */
  readonly nodes: readonly string[] | null;
  /** Of an override. */
  readonly expiresAt: number;
  /** Of a revocation: the id of the override. */
  readonly override: string | null;
}

export interface RolloutTruth {
  readonly rollout: string;
  /** `null`: the whole cluster. */
  readonly targets: PlaceTruth | null;
  readonly urgency: DataOf<"RolloutSubmitted">["urgency"];
  /** Infinity without one. */
  readonly deadline: number;
  readonly updates: DataOf<"RolloutSubmitted">["updates"];
  readonly impact: DataOf<"RolloutSubmitted">["impact"];
  /** In no order. */
  readonly acts: ActTruth[];
}

/** What a test bench found out about updates that it installed together. */
export interface CoTestTruth {
  readonly id: string;
  readonly at: number;
  /** `null`: it counts in all. */
  readonly cluster: string | null;
  /** The unnamed one is empty. */
  readonly environment: string;
  readonly updates: readonly { readonly component: string; readonly version: string }[];
  readonly hasPassed: boolean;
}

/** Which co-tests count, and for how long a pass does. */
export interface CoTestTerms {
  /** `null`: those of all environments. */
  readonly environments: readonly string[] | null;
  /** Infinity: for ever. */
  readonly validMs: number;
}

/** What was said of an NFZ, or decided about it. */
export type NfzChange = {
  readonly at: number;
  /** When the ledger took it down. */
  readonly knownAt: number;
} & (
  | {
      readonly kind: "declared";
      readonly occurrences: readonly Interval[];
      readonly resolvedUntil: number | null;
    }
  | {
      readonly kind: "listed";
      /** What begins here or later, and was not changed by name, is listed anew. */
      readonly after: number;
      readonly occurrences: readonly Interval[];
      readonly resolvedUntil: number | null;
    }
  /** Extended, shortened, or skipped: the occurrence that begins at `from` ends at `to`. */
  | { readonly kind: "moved"; readonly from: number; readonly to: number }
  | { readonly kind: "lifted" | "cancelled" }
);

/** An NFZ in one of its clusters. */
export interface NfzTruth {
  readonly nfz: string;
  /** `null`: the whole cluster. */
  readonly scope: PlaceTruth | null;
  readonly inFlight: DataOf<"NfzDeclared">["inFlight"];
  /** By `at`. */
  readonly changes: NfzChange[];
}

/** What the ledger said of a node of a scale request. */
export interface ScaledNodeTruth {
  readonly node: string;
  /** None: allowed. */
  readonly reasons: readonly string[];
  readonly until: number | null;
  /** The id of the record; `null` for a node that nobody had told of. */
  readonly event: string | null;
}

export interface ScaleRequestTruth {
  readonly id: string;
  readonly at: number;
  /** By name. */
  readonly nodes: readonly ScaledNodeTruth[];
}

/** A node of which the ledger said that its maintenance may not begin. */
export interface MaintenanceRefusalTruth {
  readonly node: string;
  readonly at: number;
  readonly nfzIds: readonly string[];
}

export interface ClusterTruth {
  readonly cluster: string;
  readonly zone: string;
  /** Whether deploy systems ask the ledger, and its timers look after rollouts. */
  readonly asksLedger: boolean;
  /** Times in which nobody drives the timers. */
  readonly unattended: readonly Interval[];
  readonly policies: PolicyTruth[];
  readonly nodes: NodeTruth[];
  readonly jobs: JobTruth[];
  readonly rollouts: RolloutTruth[];
  readonly nfzs: NfzTruth[];
  /** Those of the cluster, and those of any that count in all. */
  readonly coTests: readonly CoTestTruth[];
  readonly coTestTerms: CoTestTerms;
  /** By instant. */
  readonly scaleRequests: readonly ScaleRequestTruth[];
  /** By instant. */
  readonly maintenanceRefusals: readonly MaintenanceRefusalTruth[];
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
