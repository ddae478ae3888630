/** The form of the SLA document. Instants are canonical text; sums in milliseconds; ratios from 0 to 1 with nine decimals. */
import type { BurnRates } from "../figures/error-budget.ts";
import type { Evidence } from "../figures/evidence.ts";
import type { FindingKind } from "../facts/finding.ts";
import type { CheckpointAdvice, OutageImpact } from "../figures/job-impact.ts";
import type { JobUptimeFigure } from "../figures/job-uptime.ts";
import type { MtbfFigure } from "../figures/mtbf.ts";
import type { MttrFigure } from "../figures/mttr.ts";
import type { NisFigure } from "../figures/nis.ts";
import type { Policy } from "../figures/policy.ts";
import type { BlockedRollout, RolloutsFigure } from "../figures/blocked-queue.ts";

/** A section's `note` says why a figure in it is `null`, or what its reader must know. */
interface Noted {
  readonly note?: string;
}

export interface ExclusionRow {
  readonly kind: "maintenance" | "unknown";
  readonly node: string;
  readonly maintenanceId?: string;
  /** The first excluded instant within the period, and the end of the last; `ms` may be less than what lies between. */
  readonly from: string;
  readonly to: string;
  readonly ms: number;
  readonly eventIds: readonly string[];
}

interface AnnouncedLateRow {
  readonly node: string;
  readonly maintenanceId: string;
  readonly ms: number;
  readonly eventIds: readonly string[];
}

export interface NisSection extends Omit<NisFigure, "exclusions" | "announcedLate">, Noted {
  /** Budget less what is spent; negative once it is overspent. */
  readonly budgetLeftNodeMs: number;
  readonly burnRates: BurnRates;
  readonly exclusions: readonly ExclusionRow[];
  readonly announcedLate: readonly AnnouncedLateRow[];
}

interface OpenFaultRow {
  readonly faultId: string;
  readonly node: string;
  readonly since: string;
  readonly ageMs: number;
  readonly overTarget: boolean;
}

interface CensoredFaultRow {
  readonly faultId: string;
  readonly node: string;
  readonly since: string;
  readonly until: string;
}

export interface MttrSection
  extends Omit<MttrFigure, "open" | "censored" | "closedWithoutLength">, Noted {
  readonly open: readonly OpenFaultRow[];
  readonly censored: readonly CensoredFaultRow[];
}

interface OpenInterruptionRow {
  readonly job: string;
  readonly since: string;
  readonly ageMs: number;
  readonly kind: string;
}

export interface JobUptimeSection extends Omit<JobUptimeFigure, "open">, Noted {
  readonly open: readonly OpenInterruptionRow[];
  /** Outages that interrupted jobs in the period, with their amplification. */
  readonly outages: readonly OutageImpact[];
  readonly checkpointAdvice: CheckpointAdvice;
}

interface BlockedRow extends Omit<BlockedRollout, "since" | "nextRelease"> {
  readonly since: string;
  readonly nextRelease: string;
}

export interface RolloutsSection extends Omit<RolloutsFigure, "blocked">, Noted {
  readonly blocked: readonly BlockedRow[];
}

export interface NfzRow {
  readonly nfz: string;
  readonly occurrences: readonly { readonly from: string; readonly to: string }[];
}

/** A fact that did not fit, or a release that is overdue (named by the latest refusal, at the window's end). */
export interface FindingRow {
  readonly kind: FindingKind;
  readonly eventId: string;
  /** The fact's `occurredAt`. */
  readonly at: string;
  readonly subject: "node" | "job" | "rollout" | "nfz";
  readonly name: string;
}

export interface SlaDocument {
  readonly definitions: string;
  readonly tzdata: string;
  readonly cluster: string;
  readonly asOf: { readonly sequence: number };
  readonly period: {
    readonly label: string;
    readonly from: string;
    readonly to: string;
    readonly zone: string;
    readonly complete: boolean;
  };
  readonly policy: Policy;
  readonly policyChanges: readonly {
    readonly eventId: string;
    readonly at: string;
    readonly recordedAt: string;
  }[];
  readonly nis: NisSection;
  readonly mttr: MttrSection;
  readonly mtbf: MtbfFigure & Noted;
  readonly jobUptime: JobUptimeSection;
  readonly rollouts: RolloutsSection;
  readonly nfz: readonly NfzRow[];
  readonly dataQuality: {
    readonly findings: Partial<Record<FindingKind, number>>;
    /** Every one of them, by time, event and kind; overdue releases last. */
    readonly list: readonly FindingRow[];
  };
  readonly evidence: Evidence;
}
