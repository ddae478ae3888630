/** The books' queue at an instant: who waits behind no-fly zones, since when, and until when. */
import { sum } from "./arithmetic/exact.ts";
import { sharedMs } from "./arithmetic/marks.ts";
import { bookOfRollout, happened } from "./rollouts.ts";
import type { ClusterTruth } from "../setting/history.ts";
import { iso } from "../setting/setting.ts";
import { firstFree, inForceAt, standingOf as nfzStandingOf } from "../truth/nfz/standing.ts";
import { holding, isCovered, matching } from "../truth/rollouts/holding.ts";
import { standingOf } from "../truth/rollouts/standing.ts";

interface Waiting {
  readonly rollout: string;
  readonly since: string;
  readonly nfzIds: readonly string[];
  /** When nothing that has to do with it is in force any more; `null` if nobody has said. */
  readonly nextStart: string | null;
  /** All its time in the queue. */
  readonly blockedMs: number;
  /** Zones in force that an override lets it pass. */
  readonly covered: readonly string[];
}

/** By what happened before the instant, in the order of since, then name. */
export function queueOf(truth: ClusterTruth, at: number) {
  const before = happened(at - 1);
  const waiting = truth.rollouts.flatMap((rollout): Waiting[] => {
    const { stays } = bookOfRollout(rollout);
    const stay = stays.find(({ from, to }) => from < at && at <= to);
    if (stay === undefined) return [];
    const standing = standingOf(rollout, before);
    const zones = matching(truth, rollout, standing, at - 1, before);
    const free = firstFree(zones, at, before);
    const untils = zones.map((nfz) => nfzStandingOf(nfz, before)?.resolvedUntil ?? Infinity);
    const running = zones.filter((nfz) => inForceAt(nfz, at, before) !== null);
    return [
      {
        rollout: rollout.rollout,
        since: iso(stay.from),
        nfzIds: [...(stay.refusals.findLast((each) => each.at < at)?.nfzIds ?? [])],
        nextStart: untils.every((until) => until > free) ? iso(free) : null,
        blockedMs: sum(stays.map((each) => sharedMs(each, { from: -Infinity, to: at }))),
        covered: running
          .map(({ nfz }) => nfz)
          .filter((nfz) => isCovered(standing, nfz, at))
          .sort(),
      },
    ];
  });
  const inFlight = truth.rollouts.filter((rollout) => {
    const standing = standingOf(rollout, before);
    if (standing.stage !== "in-progress") return false;
    // Who is a member is seen as of the last instant before; what is in force, as of this one.
    const meeting = new Set(matching(truth, rollout, standing, at - 1, before));
    const around = { nfzs: [...meeting], nodes: truth.nodes };
    const held = holding(around, rollout, standing, at, before);
    return held.length > 0 && held.every(({ nfz }) => nfz.inFlight === "finish");
  });
  return {
    at: iso(at),
    waiting: waiting.sort((a, b) =>
      a.since === b.since ? (a.rollout < b.rollout ? -1 : 1) : a.since < b.since ? -1 : 1,
    ),
    inFlight: inFlight.map(({ rollout }) => rollout).sort(),
  };
}
