/** How a rollout stands, by what has happened to it and what the ledger knew of that. */
import type { ActTruth, RolloutTruth } from "../../setting/history.ts";
import type { Seen } from "../nfz/standing.ts";

/** Words for where it is; `over` has no way out, and nothing at all was said of one that is `unknown`. */
type Stage =
  | "unknown"
  | "submitted"
  | "blocked"
  | "releasable"
  | "in-progress"
  | "paused"
  | "verifying"
  | "rolling-back"
  | "over";

export interface Standing {
  readonly stage: Stage;
  readonly isSubmitted: boolean;
  readonly hasStarted: boolean;
  /** The latest refusal, while it is blocked. */
  readonly refusal: ActTruth | null;
  readonly blockedSince: number;
  /** The last start or resume, and the last progress since. */
  readonly run: ActTruth | null;
  readonly progressOfRun: ActTruth | null;
  readonly progress: ActTruth | null;
  readonly grants: readonly { readonly act: ActTruth; readonly until: number }[];
  /** The latest of its acts; -Infinity without any. */
  readonly lastAt: number;
}

const order: readonly ActTruth["type"][] = [
  "RolloutSubmitted",
  "RolloutBlocked",
  "RolloutUnblocked",
  "RolloutRefused",
  "RolloutOverrideGranted",
  "RolloutOverrideRevoked",
  "RolloutStarted",
  "RolloutProgressed",
  "RolloutPaused",
  "RolloutResumed",
  "RolloutVerificationStarted",
  "RolloutRollbackOrdered",
  "RolloutCompleted",
  "RolloutFailed",
  "RolloutRolledBack",
  "RolloutCancelled",
  "RolloutSuperseded",
];

/** By instant; of one instant in the order in which one makes room for the next. */
export function compareActs(a: ActTruth, b: ActTruth): number {
  return a.at - b.at || order.indexOf(a.type) - order.indexOf(b.type) || (a.id < b.id ? -1 : 1);
}

const ends: ReadonlySet<string> = new Set(order.slice(-5));

export function isEnd(type: ActTruth["type"]): boolean {
  return ends.has(type);
}

export function standingOf({ acts }: Pick<RolloutTruth, "acts">, { by, knownBy }: Seen): Standing {
  const seen = acts.filter(({ at, knownAt }) => at <= by && knownAt <= knownBy).sort(compareActs);
  let standing = nothing;
  for (const act of seen) standing = after(standing, act);
  return standing;
}

export const nothing: Standing = {
  stage: "unknown",
  isSubmitted: false,
  hasStarted: false,
  refusal: null,
  blockedSince: Infinity,
  run: null,
  progressOfRun: null,
  progress: null,
  grants: [],
  lastAt: -Infinity,
};

const released = { refusal: null, blockedSince: Infinity };

/** An act that means nothing as it stands changes nothing. */
export function after(before: Standing, act: ActTruth): Standing {
  const standing = { ...before, lastAt: Math.max(before.lastAt, act.at) };
  if (standing.stage === "over") return standing;
  const { hasStarted } = standing;
  switch (act.type) {
    case "RolloutSubmitted":
      return {
        ...standing,
        isSubmitted: true,
        stage: standing.stage === "unknown" ? "submitted" : standing.stage,
      };
    case "RolloutBlocked":
      return {
        ...standing,
        stage: hasStarted ? standing.stage : "blocked",
        refusal: act,
        blockedSince: Math.min(standing.blockedSince, act.at),
      };
    case "RolloutUnblocked":
      if (standing.refusal === null) return standing;
      return { ...standing, ...released, stage: hasStarted ? standing.stage : "releasable" };
    case "RolloutOverrideGranted":
      return { ...standing, grants: [...standing.grants, { act, until: act.expiresAt }] };
    case "RolloutOverrideRevoked":
      return { ...standing, grants: withoutGrant(standing.grants, act) };
    case "RolloutStarted":
      return { ...going(standing, act), ...released };
    case "RolloutResumed":
      return going(standing, act);
    case "RolloutProgressed":
      return {
        ...standing,
        stage: hasStarted ? standing.stage : "in-progress",
        hasStarted: true,
        progressOfRun: act,
        progress: act,
      };
    case "RolloutPaused":
      return { ...standing, stage: "paused" };
    case "RolloutVerificationStarted":
      return { ...standing, stage: "verifying" };
    case "RolloutRollbackOrdered":
      return { ...standing, stage: "rolling-back" };
    default:
      return isEnd(act.type) ? { ...standing, ...released, stage: "over" } : standing;
  }
}

function going(standing: Standing, run: ActTruth): Standing {
  return { ...standing, stage: "in-progress", hasStarted: true, run, progressOfRun: null };
}

/** What is revoked ends then, and only once. */
function withoutGrant(grants: Standing["grants"], { override, at }: ActTruth): Standing["grants"] {
  return grants.map((grant) =>
    grant.act.id === override ? { ...grant, until: Math.min(grant.until, at) } : grant,
  );
}
