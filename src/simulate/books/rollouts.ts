/** The books' blocked queue and no-fly zones. */
import { sum } from "./arithmetic/exact.ts";
import { sharedMs } from "./arithmetic/marks.ts";
import type {
  ActTruth,
  ClusterTruth,
  Interval,
  NfzTruth,
  RolloutTruth,
} from "../setting/history.ts";
import { iso, isoInterval } from "../setting/setting.ts";
import { firstFree, inForceAt, standingOf } from "../truth/nfz/standing.ts";
import { after, compareActs, isEnd, nothing } from "../truth/rollouts/standing.ts";

/** A stay in the blocked queue, with each refusal in it. */
interface Stay extends Interval {
  readonly refusals: readonly { readonly at: number; readonly nfzIds: readonly string[] }[];
}

/** What happened by the instant, whenever the ledger was told. */
export function happened(by: number): { by: number; knownBy: number } {
  return { by, knownBy: Infinity };
}

/** What counts of a rollout: its stays, its overrides, and how far it was. */
interface RolloutBook {
  readonly truth: RolloutTruth;
  readonly stays: readonly Stay[];
  readonly overridesAt: readonly number[];
  readonly progress: readonly {
    readonly at: number;
    readonly nodesDone: number | null;
    readonly nodesTotal: number | null;
  }[];
}

/** Up to the act that ends it, in their order. */
export function countedActs({ acts }: RolloutTruth): ActTruth[] {
  const sorted = acts.toSorted(compareActs);
  const end = sorted.findIndex(({ type }) => isEnd(type));
  return end === -1 ? sorted : sorted.slice(0, end + 1);
}

export function bookOfRollout(truth: RolloutTruth): RolloutBook {
  const counted = countedActs(truth);
  const stays: { from: number; to: number; refusals: Stay["refusals"][number][] }[] = [];
  let standing = nothing;
  for (const act of counted) {
    const wasBlocked = standing.refusal !== null;
    standing = after(standing, act);
    const { at, nfzIds } = act;
    if (act.type === "RolloutBlocked") {
      if (!wasBlocked) stays.push({ from: at, to: Infinity, refusals: [] });
      stays.at(-1)?.refusals.push({ at, nfzIds });
    }
    const last = stays.at(-1);
    if (wasBlocked && standing.refusal === null && last !== undefined) last.to = at;
  }
  return {
    truth,
    stays,
    overridesAt: counted
      .filter(({ type }) => type === "RolloutOverrideGranted")
      .map(({ at }) => at),
    progress: counted.filter(({ type }) => type === "RolloutProgressed"),
  };
}

export function rolloutsOf({ rollouts, nfzs }: ClusterTruth, window: Interval) {
  const isInside = (at: number) => window.from <= at && at < window.to;
  const books = rollouts.map(bookOfRollout);
  const stays = books.flatMap((book) => book.stays);
  const refusals = stays.flatMap((stay) => stay.refusals);
  return {
    blocked: books
      .flatMap((book) => blockedAt(book, nfzs, window.to))
      .sort((a, b) => (a.since === b.since ? 0 : a.since < b.since ? -1 : 1) || byName(a, b)),
    blockedMs: sum(stays.map((stay) => sharedMs(stay, window))),
    refusals: refusals.filter(({ at }) => isInside(at)).length,
    overrides: books.flatMap(({ overridesAt }) => overridesAt).filter(isInside).length,
  };
}

function byName(a: { readonly rollout: string }, b: { readonly rollout: string }): number {
  return a.rollout < b.rollout ? -1 : 1;
}

/** The stay that lasts at `to`, as what happened before `to` shows it. */
function blockedAt({ truth, stays, progress }: RolloutBook, nfzs: readonly NfzTruth[], to: number) {
  const before = happened(to - 1);
  return stays
    .filter((stay) => stay.from < to && stay.to >= to)
    .map((stay) => {
      const nfzIds = stay.refusals.findLast(({ at }) => at < to)?.nfzIds ?? [];
      const holding = nfzs.filter(({ nfz }) => nfzIds.includes(nfz));
      const free = firstFree(holding, to, before);
      const told = progress.findLast(({ at }) => at < to);
      return {
        rollout: truth.rollout,
        since: iso(stay.from),
        ageMs: to - stay.from,
        nfzIds: [...nfzIds],
        nextRelease: iso(free),
        releaseOverdue:
          free === to && !holding.some((nfz) => inForceAt(nfz, to - 1, before) !== null),
        nodesDone: told?.nodesDone ?? null,
        nodesTotal: told?.nodesTotal ?? null,
      };
    });
}

/** Occurrences that share time with the window, not cut to it, after all changes. */
export function nfzsOf({ nfzs }: ClusterTruth, window: Interval) {
  return nfzs
    .map((truth) => ({
      nfz: truth.nfz,
      occurrences: (standingOf(truth, happened(Infinity))?.occurrences ?? [])
        .filter((occurrence) => sharedMs(occurrence, window) > 0)
        .map(isoInterval),
    }))
    .filter(({ occurrences }) => occurrences.length > 0)
    .sort((a, b) => (a.nfz < b.nfz ? -1 : 1));
}
