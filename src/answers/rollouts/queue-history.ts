/** The length of the queue over time, as answers show it. */
import {
  type QueueLength,
  queueLengths,
} from "../../../projections/figures/queue/queue-history.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { maxQueueSteps } from "../../limits/decisions.ts";
import { ofClusters } from "../known-cluster.ts";

interface HistoryAsked {
  readonly cluster?: string | undefined;
  readonly sequence: number;
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

/** Throws `invalid-request` for more steps than an answer may have. */
export async function queueHistoryAnswer(ledger: Ledger, asked: HistoryAsked) {
  const { cluster, sequence, from, to, stepMs } = asked;
  const ends = stepEnds(asked);
  const lengths = await ofClusters(ledger, cluster, sequence, (view) =>
    queueLengths(view.within({ from, to }).entities("rollout"), ends),
  );
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    stepMs,
    steps: ends.map((at, i) => {
      const { length, since } = together(lengths.flatMap((each) => each[i] ?? []));
      return { at: formatInstant(at), length, oldestAgeMs: length === 0 ? null : at - since };
    }),
  };
}

/** The last step may be shorter. */
function stepEnds({ from, to, stepMs }: HistoryAsked): number[] {
  const steps = Math.ceil((to - from) / stepMs);
  if (steps > maxQueueSteps) {
    const least = Math.ceil((to - from) / maxQueueSteps);
    throw new LedgerError(
      "invalid-request",
      `The window has ${steps} steps, and an answer at most ${maxQueueSteps}: ask for steps of ${least} ms or more, or for a shorter window.`,
      { errors: [{ path: "/query/stepMs", message: `must be at least ${least}` }] },
    );
  }
  return Array.from({ length: steps }, (_, i) => Math.min(from + (i + 1) * stepMs, to));
}

function together(lengths: readonly QueueLength[]): QueueLength {
  return {
    length: lengths.reduce((sum, { length }) => sum + length, 0),
    since: Math.min(Infinity, ...lengths.map(({ since }) => since)),
  };
}
