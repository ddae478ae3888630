/** The books' blocked queue and no-fly zones. */
import { sum } from "./exact.ts";
import { sharedMs } from "./marks.ts";
import type { ClusterTruth, Interval, NfzTruth, RolloutTruth } from "../setting/history.ts";
import { firstFree, inForce, occurrencesAsOf } from "../truth/nfz.ts";

export function rolloutsOf({ rollouts, nfzs }: ClusterTruth, window: Interval) {
  const isInside = (at: number) => window.from <= at && at < window.to;
  const stays = rollouts.flatMap(({ blocked }) => blocked);
  const refusals = stays.flatMap((stay) => stay.refusals);
  return {
    blocked: rollouts
      .flatMap((rollout) => blockedAt(rollout, nfzs, window.to))
      .sort((a, b) => (a.since === b.since ? 0 : a.since < b.since ? -1 : 1) || byName(a, b)),
    blockedMs: sum(stays.map((stay) => sharedMs(stay, window))),
    refusals: refusals.filter(({ at }) => isInside(at)).length,
    overrides: rollouts.flatMap(({ overridesAt }) => overridesAt).filter(isInside).length,
  };
}

function byName(a: { readonly rollout: string }, b: { readonly rollout: string }): number {
  return a.rollout < b.rollout ? -1 : 1;
}

/** The stay that lasts at `to`, as what happened before `to` shows it. */
function blockedAt(truth: RolloutTruth, nfzs: readonly NfzTruth[], to: number) {
  return truth.blocked
    .filter((stay) => stay.from < to && stay.to >= to)
    .map((stay) => {
      const nfzIds = stay.refusals.findLast(({ at }) => at < to)?.nfzIds ?? [];
      const holding = nfzs.filter(({ nfz }) => nfzIds.includes(nfz));
      const free = firstFree(holding, to, to);
      const progress = truth.progress.findLast(({ at }) => at < to);
      return {
        rollout: truth.rollout,
        since: new Date(stay.from).toISOString(),
        ageMs: to - stay.from,
        nfzIds: [...nfzIds],
        nextRelease: new Date(free).toISOString(),
        releaseOverdue: free === to && inForce(holding, to - 1, to).length === 0,
        nodesDone: progress?.nodesDone ?? null,
        nodesTotal: progress?.nodesTotal ?? null,
      };
    });
}

/** Occurrences that share time with the window, not cut to it, after all changes. */
export function nfzsOf({ nfzs }: ClusterTruth, window: Interval) {
  return nfzs
    .map((truth) => ({
      nfz: truth.nfz,
      occurrences: occurrencesAsOf(truth, Infinity)
        .filter((occurrence) => sharedMs(occurrence, window) > 0)
        .map(({ from, to }) => ({
          from: new Date(from).toISOString(),
          to: new Date(to).toISOString(),
        })),
    }))
    .filter(({ occurrences }) => occurrences.length > 0)
    .sort((a, b) => (a.nfz < b.nfz ? -1 : 1));
}
