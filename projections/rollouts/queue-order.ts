/** Who goes first of those that wait: the order in which sweeps, plans and answers take rollouts. */
import type { DataOf } from "../../src/events/catalogue.ts";
import { instantMs } from "../time/instant.ts";
import type { RolloutStatus } from "./status.ts";

type Urgency = DataOf<"RolloutSubmitted">["urgency"];

const mostUrgentFirst: readonly Urgency[] = ["emergency", "security", "important", "routine"];

/** What the order looks at. */
export interface QueuePlace {
  readonly rollout: string;
  /** From the most urgent, 0, on. */
  readonly urgency: number;
  /** Infinity where it has none. */
  readonly deadline: number;
  /** Infinity where nobody submitted it. */
  readonly submittedAt: number;
}

/** Where the rollout stands. One that nobody submitted comes after all that somebody did. */
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

/** By urgency, deadline (none last), instant of the submission, id. */
export function compareQueuePlaces(a: QueuePlace, b: QueuePlace): number {
  return (
    a.urgency - b.urgency ||
    compareInstants(a.deadline, b.deadline) ||
    compareInstants(a.submittedAt, b.submittedAt) ||
    (a.rollout < b.rollout ? -1 : a.rollout > b.rollout ? 1 : 0)
  );
}

/** A difference of two infinities is no number. */
function compareInstants(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
