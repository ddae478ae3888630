/** What is derived for one job. Instants in milliseconds; intervals `[from, to)`; `to` is Infinity for what has not ended. */
import type { Interval } from "../arithmetic/intervals.ts";
import type { Finding } from "../facts/finding.ts";
import type { PackedCheckpoints } from "./checkpoints.ts";
import type { JobPiece, PackedPieces } from "./pieces.ts";

export const interruptionKinds = [
  "fault",
  "rollout",
  "maintenance",
  "software",
  "user",
  "unknown",
] as const;
export type InterruptionKind = (typeof interruptionKinds)[number];

/** Running time lost; `interruption` is the index in `interruptions` of the first that lost it. */
export interface LostPiece extends JobPiece {
  readonly interruption: number;
}

export interface Interruption extends JobPiece {
  /** The nodes that it held then, as stated; a resume at the same instant may take others. */
  readonly held: readonly string[];
  /** The interruption, or the failed finish. */
  readonly eventId: string;
  readonly kind: InterruptionKind;
  readonly faultId: string | null;
  readonly node: string | null;
  readonly rolloutId: string | null;
  readonly maintenanceId: string | null;
  /** When the job ran again; `null` if it has not, or ended instead. */
  readonly resumedAt: number | null;
}

export interface JobRun extends Interval {
  readonly startId: string;
  /** The finish; `null` while the run lasts. */
  readonly finishId: string | null;
  readonly outcome: "completed" | "failed" | "cancelled" | null;
}

/** The nodes that a job holds from an instant on, up to the next of these. */
export interface JobHold {
  readonly from: number;
  /** As stated: names and hostlist expressions. */
  readonly nodes: readonly string[];
}

/** Lists are sorted by time and disjoint. `kept`, `checkpointing` and `lost` partition `running`. */
export interface JobTimeline {
  readonly job: string;
  readonly runs: readonly JobRun[];
  readonly running: readonly JobPiece[];
  readonly paused: readonly JobPiece[];
  readonly interruptions: readonly Interruption[];
  readonly kept: PackedPieces;
  readonly checkpointing: PackedPieces;
  readonly lost: readonly LostPiece[];
  readonly checkpoints: PackedCheckpoints;
  /** By time. */
  readonly holds: readonly JobHold[];
  readonly findings: readonly Finding[];
}
