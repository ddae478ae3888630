/** What is derived for one node from its facts. Instants in milliseconds; intervals `[from, to)`; `to` is Infinity for what has not ended. */
import type { Interval } from "../arithmetic/intervals.ts";
import type { Finding } from "../facts/finding.ts";
import type { PackedSegments } from "./packed-segments.ts";

type RepairPhase = "drain" | "diagnose" | "repair" | "validate";

export interface Membership extends Interval {
  readonly commissionedBy: string;
  readonly decommissionedBy: string | null;
  readonly rack: string | null;
  readonly sku: string | null;
  readonly gpus: number | null;
}

/** A fault as it counts: cut to the first membership that it touches. */
export interface CountedFault extends Interval {
  readonly node: string;
  readonly faultId: string;
  readonly category: string;
  readonly component: string | null;
  readonly sku: string | null;
  readonly rack: string | null;
  /** The event of its failure. */
  readonly eventId: string;
  /** When the failure happened; earlier than `from` if the node was commissioned in between. */
  readonly failedAt: number;
  readonly detectedAt: number | null;
  /** `censored`: the node was decommissioned before the fault ended. */
  readonly outcome: "open" | "repaired" | "censored";
  /** The return or decommissioning that ended it. */
  readonly endedBy: string | null;
  /** How the node was returned, if the return says so. */
  readonly how: "automatic" | "manual" | null;
  /** Phases of the repair that began before the fault ended, by time. */
  readonly phases: readonly { readonly phase: RepairPhase; readonly at: number }[];
}

export interface Announcement {
  readonly id: string;
  readonly maintenanceId: string;
  /** When the ledger recorded it; for one that was corrected or retracted, when that was last done. */
  readonly recordedAt: number;
  readonly amendedBy: readonly string[];
  readonly plannedFrom: number;
  readonly plannedTo: number;
  readonly rolloutId: string | null;
}

/** A maintenance as it counts, with its announcements by `recordedAt`, then id. */
export interface MaintenanceInterval extends Interval {
  readonly node: string;
  readonly maintenanceId: string;
  readonly startId: string;
  /** Its end, or the decommissioning that cut it. */
  readonly endId: string | null;
  readonly rolloutId: string | null;
  readonly announcements: readonly Announcement[];
}

/** Lost observation as it counts. */
export interface UnknownInterval extends Interval {
  readonly node: string;
  readonly startId: string;
  readonly endId: string | null;
}

export interface NodeTimeline {
  readonly node: string;
  /** By time, disjoint. */
  readonly memberships: readonly Membership[];
  /** Only those that count, by `from`, then fault id. */
  readonly faults: readonly CountedFault[];
  /** By `from`, then `startId`. */
  readonly maintenance: readonly MaintenanceInterval[];
  readonly unknown: readonly UnknownInterval[];
  /** Every announcement, including those of maintenance that has not begun, by `recordedAt`, then id. */
  readonly announcements: readonly Announcement[];
  /** The segments partition the memberships; neighbours within a membership differ in state. */
  readonly segments: PackedSegments;
  /** By time, then fact, then kind. */
  readonly findings: readonly Finding[];
}
