/** The blocked queue of a cluster at an instant, and what a window saw of refusals, overrides and waiting. */
import type { ClusterView } from "../view.ts";
import { firstFreeInstant, isInForce, nfzBefore } from "../nfz/kind.ts";
import { exact } from "../arithmetic/ratio.ts";
import { type Interval, overlapMs } from "../arithmetic/intervals.ts";
import type { RolloutTimeline } from "../rollouts/timeline.ts";

export interface BlockedRollout {
  readonly rollout: string;
  readonly since: number;
  readonly ageMs: number;
  /** The no-fly zones of the latest refusal. */
  readonly nfzIds: readonly string[];
  /** The event of that refusal. */
  readonly refusedBy: string;
  /** The earliest instant, at or after the one asked about, at which none of these zones is in force. */
  readonly nextRelease: number;
  /** Whether no zone was in force a millisecond earlier either: the rollout should have been released. */
  readonly releaseOverdue: boolean;
  readonly nodesDone: number | null;
  readonly nodesTotal: number | null;
  readonly urgency: string | null;
}

export interface RolloutsFigure {
  /** By since, then rollout. */
  readonly blocked: readonly BlockedRollout[];
  readonly blockedMs: number;
  readonly refusals: number;
  readonly overrides: number;
  /** Waiting time within the window, by rollout; only rollouts that waited. */
  readonly blockedByRollout: readonly { readonly rollout: string; readonly blockedMs: number }[];
}

/**
 * The queue at an instant. It is made from the facts before `factsBefore`: for the end of a window the instant itself;
 * for an answer about an instant the millisecond after, so that facts at the instant count.
 */
export function blockedQueueAt(
  view: ClusterView,
  at: number,
  factsBefore: number = at,
): BlockedRollout[] {
  const releaseOf = releasesAt(view, at, factsBefore);
  const queue: BlockedRollout[] = [];
  for (const rollout of view.entities("rollout")) {
    const each = blockedAt(rollout, { at, factsBefore }, releaseOf);
    if (each !== null) queue.push(each);
  }
  return queue.sort(compareBlocked);
}

/** By since, then rollout. */
export function compareBlocked(
  a: Pick<BlockedRollout, "since" | "rollout">,
  b: Pick<BlockedRollout, "since" | "rollout">,
): number {
  return a.since - b.since || (a.rollout < b.rollout ? -1 : a.rollout > b.rollout ? 1 : 0);
}

type Release = Pick<BlockedRollout, "nextRelease" | "releaseOverdue">;
type ReleaseOf = (nfzIds: readonly string[]) => Release;

/** When no-fly zones let go, worked out once for all rollouts that the same ones hold. */
export function releasesAt(view: ClusterView, at: number, factsBefore: number = at): ReleaseOf {
  const known = new Map<string, Release>();
  const occurrencesOf = (nfzId: string): readonly Interval[] => {
    const nfz = view.entity("nfz", nfzId);
    return nfz === null ? [] : nfzBefore(nfz, factsBefore).occurrences;
  };
  return (nfzIds) => {
    // A name has no blanks.
    const key = nfzIds.join(" ");
    const before = known.get(key);
    if (before !== undefined) return before;
    const occurrences = nfzIds.flatMap(occurrencesOf);
    const nextRelease = firstFreeInstant(occurrences, at);
    const releaseOverdue = nextRelease === at && !isInForce(occurrences, at - 1);
    const made = { nextRelease, releaseOverdue };
    known.set(key, made);
    return made;
  };
}

/** How the rollout waits; `null` if it is not blocked. */
export function blockedAt(
  timeline: RolloutTimeline,
  { at, factsBefore }: { readonly at: number; readonly factsBefore: number },
  releaseOf: ReleaseOf,
): BlockedRollout | null {
  const interval = timeline.blocked.find(
    (each) => each.from < factsBefore && factsBefore <= each.to,
  );
  if (interval === undefined) return null;
  const refusal = interval.refusals.findLast((each) => each.at < factsBefore);
  // A stay in the queue begins with a refusal.
  if (refusal === undefined) return null;
  const { nfzIds, eventId: refusedBy } = refusal;
  const progress = timeline.progress.findLast((each) => each.at < factsBefore);
  return {
    rollout: timeline.rollout,
    since: interval.from,
    ageMs: at - interval.from,
    nfzIds,
    refusedBy,
    ...releaseOf(nfzIds),
    nodesDone: progress?.nodesDone ?? null,
    nodesTotal: progress?.nodesTotal ?? null,
    urgency: timeline.submission?.data.urgency ?? null,
  };
}

/** The rollouts section of a window. */
export function rolloutsIn(view: ClusterView, window: Interval): RolloutsFigure {
  let blockedMs = 0;
  let refusals = 0;
  let overrides = 0;
  const blockedByRollout: { rollout: string; blockedMs: number }[] = [];
  const isIn = (at: number) => window.from <= at && at < window.to;
  for (const timeline of view.entities("rollout")) {
    let waitedMs = 0;
    for (const interval of timeline.blocked) {
      waitedMs += overlapMs(interval, window.from, window.to);
      for (const refusal of interval.refusals) if (isIn(refusal.at)) refusals++;
    }
    for (const override of timeline.overrides) if (isIn(override.occurredAt)) overrides++;
    if (waitedMs > 0) blockedByRollout.push({ rollout: timeline.rollout, blockedMs: waitedMs });
    blockedMs = exact(blockedMs + waitedMs, "blocked time");
  }
  return {
    blocked: blockedQueueAt(view, window.to),
    blockedMs,
    refusals,
    overrides,
    blockedByRollout,
  };
}
