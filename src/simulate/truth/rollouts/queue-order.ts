/** The order in which the ledger's timers take rollouts. */
import type { RolloutTruth } from "../../setting/history.ts";

interface Queued {
  readonly truth: RolloutTruth;
  /** Whether the ledger knows of its submission. */
  readonly isSubmitted: boolean;
}

const urgencies: readonly RolloutTruth["urgency"][] = [
  "emergency",
  "security",
  "important",
  "routine",
];

/** By urgency, deadline, submission and name; what nobody is known to have submitted comes last. */
export function compareInQueue(a: Queued, b: Queued): number {
  const byName = a.truth.rollout < b.truth.rollout ? -1 : 1;
  if (!a.isSubmitted || !b.isSubmitted) {
    return Number(b.isSubmitted) - Number(a.isSubmitted) || byName;
  }
  return (
    urgencies.indexOf(a.truth.urgency) - urgencies.indexOf(b.truth.urgency) ||
    rising(a.truth.deadline, b.truth.deadline) ||
    rising(submittedAt(a.truth), submittedAt(b.truth)) ||
    byName
  );
}

function rising(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function submittedAt({ acts }: RolloutTruth): number {
  return acts.find(({ type }) => type === "RolloutSubmitted")?.at ?? Infinity;
}
