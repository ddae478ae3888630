/** What the ledger itself does to a rollout when no-fly zones begin, end or change. */
import type { InFlight, InForce } from "../../../projections/nfz/in-force.ts";
import { coverEndedAt, runsOnFastPath } from "../../../projections/rollouts/cover.ts";
import type { RolloutStatus } from "../../../projections/rollouts/status.ts";
import { type Draft, draft } from "../command/drafts.ts";
import type { World } from "../command/world.ts";
import { heldNow } from "../rollouts/context.ts";

interface Swept {
  readonly drafts: readonly Draft[];
  /** The NFZs that are the reason, by name. */
  readonly nfzIds: readonly string[];
}

interface Sweeping {
  readonly rollout: string;
  readonly world: World;
  readonly status: RolloutStatus;
}

/** Whether a sweep may have anything to do: it stops only what has started, and releases only what is blocked. */
export function mayBeSwept({ state, held, endedBy }: RolloutStatus): boolean {
  return endedBy === null && state !== "unknown" && (state === "in-progress" || held !== null);
}

/** `null` if there is nothing to do; a second sweep in the same state always finds nothing. */
export function sweepRollout(sweeping: Sweeping): Swept | null {
  const { rollout, world, status } = sweeping;
  if (!mayBeSwept(status)) return null;
  const inProgress = status.state === "in-progress";
  const waiting = status.held?.by.data.nfzIds;
  // An NFZ that nobody declared is not in force.
  const waits = waiting?.some((nfz) => world.matching.inForce.has(nfz)) ?? true;
  // Most of a long queue waits: of that no more need be known.
  if (waits && !inProgress) return null;
  const { held } = heldNow(sweeping, runsOnFastPath(status));
  const stopped = inProgress ? stop(sweeping, held) : null;
  if (stopped !== null) return stopped;
  if (waiting === undefined || waits) return null;
  const about = { rollout, cluster: world.cluster };
  if (held.length === 0) {
    return { drafts: [draft("RolloutUnblocked", about)], nfzIds: [...waiting].sort() };
  }
  const nfzIds = held.map(nameOf);
  return { drafts: [draft("RolloutBlocked", { ...about, nfzIds })], nfzIds };
}

const strictness: readonly InFlight[] = ["finish", "pause", "rollback"];

/** What the strictest of the NFZs that hold a rollout in flight demands; `null` if the rollout may take one more step. */
function stop({ rollout, world, status }: Sweeping, held: readonly InForce[]): Swept | null {
  if (held.length === 0) return null;
  const about = { rollout, cluster: world.cluster };
  const nfzIds = held.map(nameOf);
  const strictest = Math.max(...held.map(({ known }) => strictness.indexOf(known.inFlight)));
  const policy = strictness[strictest];
  const drafts: Draft[] = [];
  if (policy === "rollback") {
    if (status.held !== null) drafts.push(draft("RolloutUnblocked", about));
    drafts.push(draft("RolloutRollbackOrdered", { ...about, nfzIds }));
    return { drafts, nfzIds };
  }
  if (policy === "finish" && !hasTakenStep(status, held, world.at)) return null;
  drafts.push(draft("RolloutPaused", { ...about, nfzIds }));
  if (!isHeldByExactly(status, nfzIds)) {
    drafts.push(draft("RolloutBlocked", { ...about, nfzIds }));
  }
  return { drafts, nfzIds };
}

/** Whether it has reported progress since an NFZ began to hold it: `finish` allows one more step. */
function hasTakenStep(status: RolloutStatus, held: readonly InForce[], at: number): boolean {
  const heldFrom = held.map(({ known, from }) =>
    Math.max(from, known.declaredAt, coverEndedAt(status, known, at)),
  );
  const told = status.progressOfRun?.occurredAt ?? -Infinity;
  return told >= Math.min(...heldFrom);
}

function isHeldByExactly({ held }: RolloutStatus, nfzIds: readonly string[]): boolean {
  if (held === null) return false;
  const named = new Set(held.by.data.nfzIds);
  return named.size === nfzIds.length && nfzIds.every((each) => named.has(each));
}

function nameOf({ known }: InForce): string {
  return known.nfz;
}
