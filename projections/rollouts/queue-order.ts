/** Who goes first of those that wait: the order in which sweeps, plans and answers take rollouts. */
import type { DataOf } from "../../src/events/catalogue.ts";
import { instantMs } from "../time/instant.ts";
import type { RolloutTimeline } from "./timeline.ts";

type Urgency = DataOf<"RolloutSubmitted">["urgency"];

/** What the order looks at. */
export type Queued = Pick<RolloutTimeline, "rollout" | "submission">;

const mostUrgentFirst: readonly Urgency[] = ["emergency", "security", "important", "routine"];

/** By urgency, deadline (none last), instant of the submission, id. What nobody submitted comes last. */
export function byQueueOrder(a: Queued, b: Queued): number {
  return (
    urgencyOf(a) - urgencyOf(b) ||
    compareInstants(deadlineOf(a), deadlineOf(b)) ||
    compareInstants(submittedAt(a), submittedAt(b)) ||
    (a.rollout < b.rollout ? -1 : a.rollout > b.rollout ? 1 : 0)
  );
}

function urgencyOf({ submission }: Queued): number {
  if (submission === null) return mostUrgentFirst.length;
  return mostUrgentFirst.indexOf(submission.data.urgency);
}

function deadlineOf({ submission }: Queued): number {
  const deadline = submission?.data.deadline;
  return deadline === undefined ? Infinity : instantMs(deadline);
}

function submittedAt({ submission }: Queued): number {
  return submission?.occurredAt ?? Infinity;
}

/** A difference of two infinities is no number. */
function compareInstants(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
