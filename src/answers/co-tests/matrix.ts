/** The first rollouts of the queue that are in pairs, each against each. */
import { QueueCoverage } from "../../../projections/co-tests/coverage.ts";
import type { RolloutsInQueue } from "../../../projections/co-tests/queued-rollouts.ts";
import { type PairStatus, pairStatuses } from "../../../projections/co-tests/tested-sets.ts";

export interface PairMatrix {
  readonly rollouts: readonly string[];
  /** Row by row; `null` for two that are no pair. */
  readonly cells: readonly (readonly (PairStatus | null)[])[];
  /** How many rollouts are in pairs. */
  readonly total: number;
}

export function pairMatrix(queue: RolloutsInQueue, most: number): PairMatrix {
  const coverage = new QueueCoverage(queue);
  const paired = queue.rollouts.filter((each) => {
    const counts = coverage.of(each);
    return pairStatuses.some((status) => counts[status] > 0);
  });
  const shown = paired.slice(0, most);
  const cells = shown.map((a) => {
    const sharing = new Set(queue.shared.sharing(a.target));
    return shown.map((b) => {
      const status = a === b || !sharing.has(b.target) ? "none" : queue.tested.ofTwo(a.set, b.set);
      return status === "none" ? null : status;
    });
  });
  return { rollouts: shown.map(({ rollout }) => rollout), cells, total: paired.length };
}
