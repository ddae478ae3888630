/** A rollout's status after its facts: its state, what holds it, what lets it continue, and its progress. */
import type { Fact, FactOf } from "../facts/fact.ts";
import { instantMs } from "../time/instant.ts";

/** In the order in which most rollouts pass through them. */
export const rolloutStates = [
  "submitted",
  "blocked",
  "releasable",
  "in-progress",
  "paused",
  "verifying",
  "rolling-back",
  "completed",
  "failed",
  "rolled-back",
  "cancelled",
  "superseded",
  "unknown",
] as const;

export type RolloutState = (typeof rolloutStates)[number];

/** States as shown: a queued rollout that is not blocked is shown as needing a co-test while that holds it. */
export const shownRolloutStates = ["needs-co-test", ...rolloutStates] as const;

type ShownRolloutState = (typeof shownRolloutStates)[number];

/** `isUntested`: whether its co-tests hold it. */
export function shownState(state: RolloutState, isUntested: boolean): ShownRolloutState {
  return isUntested && isQueued(state) && state !== "blocked" ? "needs-co-test" : state;
}

const queuedStates: ReadonlySet<RolloutState> = new Set(["submitted", "blocked", "releasable"]);
const inFlightStates: ReadonlySet<RolloutState> = new Set([
  "in-progress",
  "paused",
  "verifying",
  "rolling-back",
]);

/** Whether it waits to be started. */
export function isQueued(state: RolloutState): boolean {
  return queuedStates.has(state);
}

/** Whether it has started and has not ended. */
export function isInFlight(state: RolloutState): boolean {
  return inFlightStates.has(state);
}

/** The final states, by the type of the fact that sets them. */
const endStates: Readonly<Partial<Record<Fact["type"], RolloutState>>> = {
  RolloutCompleted: "completed",
  RolloutFailed: "failed",
  RolloutRolledBack: "rolled-back",
  RolloutCancelled: "cancelled",
  RolloutSuperseded: "superseded",
};

/** An override. */
export interface Grant {
  /** The id of the event that granted it. */
  readonly id: string;
  readonly from: number;
  readonly expiresAt: number;
  /** When it was revoked; Infinity if it was not. */
  readonly revokedAt: number;
  readonly revokedBy: string | null;
  readonly role: string;
  readonly nfzIds: readonly string[];
  /** Whether the ledger decided the override; otherwise it was only reported. */
  readonly isDecided: boolean;
}

export interface RolloutStatus {
  readonly state: RolloutState;
  /** The fact that set the state; `null` while it is unknown. */
  readonly setBy: Fact | null;
  readonly submission: FactOf<"RolloutSubmitted"> | null;
  /** The fact that first put it in progress. */
  readonly startedBy: Fact | null;
  /** The last start or resume. */
  readonly run: FactOf<"RolloutStarted"> | FactOf<"RolloutResumed"> | null;
  /** While it is blocked: since when, and the latest refusal. */
  readonly held: { readonly since: number; readonly by: FactOf<"RolloutBlocked"> } | null;
  /** The last refusal of a start for want of a co-test. */
  readonly untestedBy: FactOf<"RolloutRefused"> | null;
  readonly grants: readonly Grant[];
  readonly progress: FactOf<"RolloutProgressed"> | null;
  /** The last progress since the last start or resume. */
  readonly progressOfRun: FactOf<"RolloutProgressed"> | null;
  /** The fact that ended it, if any. */
  readonly endedBy: Fact | null;
}

export const noStatus: RolloutStatus = {
  state: "unknown",
  setBy: null,
  submission: null,
  startedBy: null,
  run: null,
  held: null,
  untestedBy: null,
  grants: [],
  progress: null,
  progressOfRun: null,
  endedBy: null,
};

/** Whether an override holds at an instant. */
export function holdsAt({ from, expiresAt, revokedAt }: Grant, at: number): boolean {
  return from <= at && at < Math.min(expiresAt, revokedAt);
}

/** The status after a fact that fits. */
export function statusAfter(status: RolloutStatus, fact: Fact): RolloutStatus {
  const set = (state: RolloutState, also: Partial<RolloutStatus> = {}): RolloutStatus => ({
    ...status,
    ...also,
    state,
    setBy: fact,
  });
  const beforeStart = status.startedBy === null;
  switch (fact.type) {
    case "RolloutSubmitted":
      return status.state === "unknown"
        ? set("submitted", { submission: fact })
        : { ...status, submission: fact };
    case "RolloutBlocked": {
      const held = { since: status.held?.since ?? fact.occurredAt, by: fact };
      return beforeStart ? set("blocked", { held }) : { ...status, held };
    }
    case "RolloutUnblocked":
      return beforeStart ? set("releasable", { held: null }) : { ...status, held: null };
    case "RolloutRefused":
      return fact.data.code === "needs-co-test" ? { ...status, untestedBy: fact } : status;
    case "RolloutOverrideGranted":
      return { ...status, grants: [...status.grants, grantOf(fact)] };
    case "RolloutOverrideRevoked":
      return { ...status, grants: status.grants.map((each) => revoked(each, fact)) };
    case "RolloutStarted":
      return set("in-progress", {
        startedBy: status.startedBy ?? fact,
        run: fact,
        held: null,
        progressOfRun: null,
      });
    case "RolloutResumed":
      return set("in-progress", {
        startedBy: status.startedBy ?? fact,
        run: fact,
        progressOfRun: null,
      });
    case "RolloutProgressed": {
      const progress = { progress: fact, progressOfRun: fact };
      return beforeStart
        ? set("in-progress", { ...progress, startedBy: fact })
        : { ...status, ...progress };
    }
    case "RolloutPaused":
      return set("paused");
    case "RolloutVerificationStarted":
      return set("verifying");
    case "RolloutRollbackOrdered":
      return set("rolling-back");
    default: {
      const end = endStates[fact.type];
      return end === undefined ? status : set(end, { held: null, endedBy: fact });
    }
  }
}

function grantOf(fact: FactOf<"RolloutOverrideGranted">): Grant {
  const { id, occurredAt, data } = fact;
  return {
    id,
    from: occurredAt,
    expiresAt: instantMs(data.expiresAt),
    revokedAt: Infinity,
    revokedBy: null,
    role: data.role,
    nfzIds: data.nfzIds,
    isDecided: isAsDecided(fact),
  };
}

/** Whether a fact says what the ledger decided. A correction is no decision: what it says was only reported. */
export function isAsDecided({ decision, amendedBy }: Fact): boolean {
  return decision !== undefined && amendedBy.length === 0;
}

/** The first revocation counts; one that names no grant changes nothing. */
function revoked(grant: Grant, { id, occurredAt, data }: FactOf<"RolloutOverrideRevoked">): Grant {
  return data.override === grant.id && grant.revokedAt === Infinity
    ? { ...grant, revokedAt: occurredAt, revokedBy: id }
    : grant;
}
