/** The blocked queue over several clusters, as answers show it. */
import { blockedQueueAt } from "../../projections/figures/blocked-queue.ts";
import type { ClusterView } from "../../projections/view.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { instantOrNull } from "./look-back.ts";

export interface QueuedRollout {
  readonly cluster: string;
  readonly rollout: string;
  readonly since: string;
  readonly ageMs: number;
  readonly nfzIds: readonly string[];
  /** The earliest instant at which no-fly zones let it start; `null` where no end of theirs is known. */
  readonly nextRelease: string | null;
  readonly releaseOverdue: boolean;
  readonly nodesDone: number | null;
  readonly nodesTotal: number | null;
  readonly urgency: string | null;
}

/** Who waits at the instant (its own facts included), the longest wait first. */
export function blockedQueue(views: readonly ClusterView[], at: number): QueuedRollout[] {
  return views
    .flatMap((view) =>
      blockedQueueAt(view, at, at + 1).map((each) => ({
        cluster: view.cluster,
        ...each,
        since: formatInstant(each.since),
        nextRelease: instantOrNull(each.nextRelease),
      })),
    )
    .sort((a, b) => b.ageMs - a.ageMs || compareText(a.rollout, b.rollout));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
