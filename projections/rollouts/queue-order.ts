/** The order in which sweeps, plans and answers process waiting rollouts. */
import type { DataOf } from "../../src/events/catalogue.ts";
import { instantMs } from "../time/instant.ts";
import type { RolloutStatus } from "./status.ts";

type Urgency = DataOf<"RolloutSubmitted">["urgency"];

const mostUrgentFirst: readonly Urgency[] = ["emergency", "security", "important", "routine"];

/** What the order depends on. */
export interface QueuePlace {
  readonly rollout: string;
  /** From 0, the most urgent. */
  readonly urgency: number;
  /** Infinity if it has none. */
  readonly deadline: number;
  /** Infinity if nobody submitted it. */
  readonly submittedAt: number;
}

/** The rollout's sort key. A rollout that nobody submitted comes after all that were. */
export function queuePlace(rollout: string, { submission }: RolloutStatus): QueuePlace {
  if (submission === null) {
    const last = mostUrgentFirst.length;
    return { rollout, urgency: last, deadline: Infinity, submittedAt: Infinity };
  }
  const { urgency, deadline } = submission.data;
  return {
    rollout,
    urgency: mostUrgentFirst.indexOf(urgency),
    deadline: deadline === undefined ? Infinity : instantMs(deadline),
    submittedAt: submission.occurredAt,
  };
}

/** By urgency, deadline (none last), instant of submission, id. */
export function compareQueuePlaces(a: QueuePlace, b: QueuePlace): number {
  return (
    a.urgency - b.urgency ||
    compareInstants(a.deadline, b.deadline) ||
    compareInstants(a.submittedAt, b.submittedAt) ||
    (a.rollout < b.rollout ? -1 : a.rollout > b.rollout ? 1 : 0)
  );
}

/** The difference of two infinities is not a number, so instants are compared. */
function compareInstants(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
