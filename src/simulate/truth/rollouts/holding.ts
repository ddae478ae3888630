/** What holds a rollout at an instant: the no-fly zones that have to do with it and that nothing covers. */
import { inForceAt, type Seen, standingOf as nfzStandingOf } from "../nfz/standing.ts";
import { doMeet, nodesOf } from "../fleet/place.ts";
import type { Standing } from "./standing.ts";
import type { Interval, NfzTruth, NodeTruth, RolloutTruth } from "../../setting/history.ts";

/** Where it all happens. */
export interface Surroundings {
  readonly nfzs: readonly NfzTruth[];
  readonly nodes: readonly NodeTruth[];
}

export interface Holding {
  readonly nfz: NfzTruth;
  readonly stretch: Interval;
}

type Held = Pick<Standing, "isSubmitted" | "grants" | "run">;

/** Those that have to do with the rollout, in force or not. */
export function matching(
  { nfzs, nodes }: Surroundings,
  { targets }: RolloutTruth,
  { isSubmitted }: Pick<Held, "isSubmitted">,
  at: number,
  seen: Seen,
): NfzTruth[] {
  const place = isSubmitted ? targets : null;
  const wanted = nodesOf(place, nodes, at, seen.knownBy);
  return nfzs.filter(
    (nfz) =>
      nfzStandingOf(nfz, seen) !== null &&
      doMeet(nodesOf(nfz.scope, nodes, at, seen.knownBy), wanted),
  );
}

/** By name. */
export function holding(
  around: Surroundings,
  truth: RolloutTruth,
  standing: Held,
  at: number,
  seen: Seen,
): Holding[] {
  const running = around.nfzs.flatMap((nfz) => {
    const stretch = inForceAt(nfz, at, seen);
    return stretch === null || isCovered(standing, nfz.nfz, at) ? [] : [{ nfz, stretch }];
  });
  if (running.length === 0) return [];
  const nfzs = running.map(({ nfz }) => nfz);
  const meeting = new Set(matching({ ...around, nfzs }, truth, standing, at, seen));
  return running
    .filter(({ nfz }) => meeting.has(nfz))
    .sort((a, b) => (a.nfz.nfz < b.nfz.nfz ? -1 : 1));
}

/** An override that was only reported counts for a rollout that only reports. */
export function isCovered({ grants, run }: Held, nfz: string, at: number): boolean {
  const onlyReports = run !== null && run.command === null;
  return grants.some(
    ({ act, until }) =>
      (act.command !== null || onlyReports) &&
      act.nfzIds.includes(nfz) &&
      act.at <= at &&
      at < until,
  );
}
