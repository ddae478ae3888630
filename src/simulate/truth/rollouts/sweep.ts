/** What the ledger does to a rollout of its own accord. */
import { type Holding, holding, type Surroundings } from "./holding.ts";
import { type Standing, standingOf } from "./standing.ts";
import { inForceAt, type Seen, standingOf as nfzStandingOf } from "../nfz/standing.ts";
import { type Draft, draft } from "../../setting/decision-log.ts";
import type { RolloutTruth } from "../../setting/history.ts";

interface Demand {
  readonly drafts: readonly Draft[];
  /** The NFZs that it is about, by name. */
  readonly nfzIds: readonly string[];
}

interface Who {
  readonly rollout: string;
  readonly cluster: string;
}

/** `null` if nothing is to be done. */
export function demanded(
  around: Surroundings,
  truth: RolloutTruth,
  who: Who,
  at: number,
): Demand | null {
  const seen = { by: at, knownBy: at };
  const standing = standingOf(truth, seen);
  const { stage, refusal } = standing;
  if (stage === "over" || stage === "unknown") return null;
  if (stage !== "in-progress" && refusal === null) return null;
  const held = holding(around, truth, standing, at, seen);
  if (stage === "in-progress" && held.length > 0) {
    const stop = stopped(standing, held, who, at, seen);
    if (stop !== null) return stop;
  }
  if (refusal === null || refusal.nfzIds.some((nfz) => isRunning(around, nfz, at, seen)))
    return null;
  if (held.length > 0) {
    const nfzIds = namesOf(held);
    return { drafts: [draft("RolloutBlocked", { ...who, nfzIds })], nfzIds };
  }
  return { drafts: [draft("RolloutUnblocked", who)], nfzIds: [...refusal.nfzIds].sort() };
}

/** The strictest zone counts: undo it, or pause, or pause after one more step. */
function stopped(
  standing: Standing,
  held: readonly Holding[],
  who: Who,
  at: number,
  seen: Seen,
): Demand | null {
  const nfzIds = namesOf(held);
  const policies = new Set(held.map(({ nfz }) => nfz.inFlight));
  const { refusal } = standing;
  if (policies.has("rollback")) {
    const release = refusal === null ? [] : [draft("RolloutUnblocked", who)];
    return { drafts: [...release, draft("RolloutRollbackOrdered", { ...who, nfzIds })], nfzIds };
  }
  if (!policies.has("pause") && !hasTakenStep(standing, held, at, seen)) return null;
  const isSaid = refusal !== null && isSameSet(refusal.nfzIds, nfzIds);
  const block = isSaid ? [] : [draft("RolloutBlocked", { ...who, nfzIds })];
  return { drafts: [draft("RolloutPaused", { ...who, nfzIds }), ...block], nfzIds };
}

/** One more step: whether it told of progress since any of the zones has held it. */
function hasTakenStep(
  { progressOfRun, grants }: Standing,
  held: readonly Holding[],
  at: number,
  seen: Seen,
): boolean {
  if (progressOfRun === null) return false;
  return held.some(({ nfz, stretch }) => {
    const ends = grants
      .filter(({ act, until }) => act.nfzIds.includes(nfz.nfz) && act.at < until && until <= at)
      .map(({ until }) => until);
    const declaredAt = nfzStandingOf(nfz, seen)?.declaredAt ?? -Infinity;
    return progressOfRun.at >= Math.max(stretch.from, declaredAt, ...ends);
  });
}

function isRunning({ nfzs }: Surroundings, name: string, at: number, seen: Seen): boolean {
  return nfzs.some((nfz) => nfz.nfz === name && inForceAt(nfz, at, seen) !== null);
}

export function namesOf(held: readonly Holding[]): string[] {
  return held.map(({ nfz }) => nfz.nfz);
}

export function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((each) => set.has(each));
}
