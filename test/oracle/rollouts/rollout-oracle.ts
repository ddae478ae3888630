/** One rollout after its facts, told plainly from decisions.md. */
import type { Told } from "./told.ts";

const over: Readonly<Record<string, string>> = {
  RolloutCompleted: "completed",
  RolloutFailed: "failed",
  RolloutRolledBack: "rolled-back",
  RolloutCancelled: "cancelled",
  RolloutSuperseded: "superseded",
};

export interface Stay {
  readonly from: number;
  to: number;
}

export interface Standing {
  /** Facts that fit. */
  readonly facts: readonly Told[];
  readonly state: string;
  readonly stays: readonly Stay[];
  readonly isBlocked: boolean;
  readonly submission: Told | undefined;
}

export function standingOf(facts: readonly Told[], rollout: string): Standing {
  const own = facts.filter(
    ({ type, data }) => type.startsWith("Rollout") && data.rollout === rollout,
  );
  const fitting: Told[] = [];
  const stays: Stay[] = [];
  let state = "unknown";
  let hasStarted = false;
  const open = () => stays.find(({ to }) => to === Infinity);
  const release = (at: number) => {
    const stay = open();
    if (stay !== undefined) stay.to = at;
  };
  for (const fact of own) {
    const { type, at } = fact;
    if (Object.values(over).includes(state)) continue;
    if (type === "RolloutSubmitted" && fitting.some((each) => each.type === type)) continue;
    if (type === "RolloutUnblocked" && open() === undefined) continue;
    fitting.push(fact);
    const end = over[type];
    if (type === "RolloutSubmitted" && state === "unknown") state = "submitted";
    if (type === "RolloutBlocked") {
      if (open() === undefined) stays.push({ from: at, to: Infinity });
      if (!hasStarted) state = "blocked";
    }
    if (type === "RolloutUnblocked") {
      release(at);
      if (!hasStarted) state = "releasable";
    }
    if (type === "RolloutStarted" || type === "RolloutResumed")
      [state, hasStarted] = ["in-progress", true];
    if (type === "RolloutStarted") release(at);
    if (type === "RolloutProgressed" && !hasStarted) [state, hasStarted] = ["in-progress", true];
    if (type === "RolloutPaused") state = "paused";
    if (type === "RolloutVerificationStarted") state = "verifying";
    if (type === "RolloutRollbackOrdered") state = "rolling-back";
    if (end !== undefined) {
      release(at);
      state = end;
    }
  }
  const submission = fitting.find(({ type }) => type === "RolloutSubmitted");
  return { facts: fitting, state, stays, isBlocked: open() !== undefined, submission };
}

/** What covers a zone for the rollout at an instant: the grant's event, or the fast path; `null` if nothing does. */
export function coverOf(
  { facts, state }: Standing,
  zone: {
    readonly nfz: string;
    readonly declaredAt: number;
    readonly data: { readonly noFastPath?: boolean };
  },
  instant: number,
): string | null {
  const run = facts.findLast(({ type }) => type === "RolloutStarted" || type === "RolloutResumed");
  const wasReported = run !== undefined && run.decision === undefined;
  const grant = facts.find(({ id, type, at, data, decision, isCorrected }) => {
    if (type !== "RolloutOverrideGranted" || !(data.nfzIds ?? []).includes(zone.nfz)) return false;
    const revoked = facts.find(
      (each) =>
        each.type === "RolloutOverrideRevoked" && each.data.override === id && each.at >= at,
    );
    const end = Math.min(Date.parse(data.expiresAt ?? ""), revoked?.at ?? Infinity);
    const isDecided = decision !== undefined && isCorrected === undefined;
    // What is declared later is not covered.
    return at <= instant && instant < end && zone.declaredAt <= at && (isDecided || wasReported);
  });
  if (grant !== undefined) return grant.id;
  const isFast =
    (state === "in-progress" || state === "verifying") &&
    run?.decision !== undefined &&
    run.isCorrected === undefined &&
    run.data.fastPath !== undefined;
  return isFast && zone.data.noFastPath !== true ? "fast-path" : null;
}
