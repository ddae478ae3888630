/** What lets a rollout start or continue while a no-fly zone is in force: overrides and the fast path. */
import type { InForce, KnownNfz } from "../nfz/in-force.ts";
import { type Grant, type RolloutStatus, holdsAt, isAsDecided } from "./status.ts";

export interface Cover {
  readonly nfz: string;
  /** The id of the event that granted the override, or `fast-path`. */
  readonly by: string;
}

const byFastPath = "fast-path";

/**
 * The overrides that let the rollout pass an NFZ while they hold. One that was only reported counts only for a rollout
 * whose last start or resume was reported too, and none covers an NFZ that was declared later.
 */
function grantsFor(status: RolloutStatus, { nfz, declaredAt }: KnownNfz): readonly Grant[] {
  const mayBeReported = status.run !== null && status.run.decision === undefined;
  return status.grants.filter(
    ({ isDecided, nfzIds, from }) =>
      (isDecided || mayBeReported) && declaredAt <= from && nfzIds.includes(nfz),
  );
}

/** Whether the last start or resume was decided on the fast path, and the rollout has not paused since. */
export function runsOnFastPath({ state, run }: RolloutStatus): boolean {
  const goesOn = state === "in-progress" || state === "verifying";
  return goesOn && run !== null && isAsDecided(run) && run.data.fastPath !== undefined;
}

export interface Held {
  /** The NFZs in force that nothing covers, by name. */
  readonly held: readonly InForce[];
  /** The NFZs in force that something covers, by name. */
  readonly covered: readonly Cover[];
}

/** Splits the NFZs in force that match a rollout into those that hold it and those that are covered. */
export function heldBy(
  status: RolloutStatus,
  inForce: readonly InForce[],
  at: number,
  hasFastPath: boolean,
): Held {
  const held: InForce[] = [];
  const covered: Cover[] = [];
  for (const each of inForce) {
    const by = coverOf(status, each.known, at, hasFastPath);
    if (by === null) held.push(each);
    else covered.push({ nfz: each.known.nfz, by });
  }
  return { held, covered };
}

function coverOf(
  status: RolloutStatus,
  known: KnownNfz,
  at: number,
  hasFastPath: boolean,
): string | null {
  const grant = grantsFor(status, known).find((each) => holdsAt(each, at));
  if (grant !== undefined) return grant.id;
  return hasFastPath && !known.noFastPath ? byFastPath : null;
}

/**
 * The last instant at or before `at` at which a cover of the NFZ for this rollout ended, from which on the NFZ holds the
 * rollout; -Infinity if there never was a cover.
 */
export function coverEndedAt(status: RolloutStatus, known: KnownNfz, at: number): number {
  const ends = grantsFor(status, known)
    .map(({ from, expiresAt, revokedAt }) => ({ from, to: Math.min(expiresAt, revokedAt) }))
    .filter(({ from, to }) => from < to && to <= at)
    .map(({ to }) => to);
  return Math.max(-Infinity, ...ends);
}
