/** Which waiting rollouts the policy holds until they were tested with what they would meet on their nodes. */
import { type UntestedPair, gateAt } from "../../../projections/co-tests/gate.ts";
import { viewBefore } from "../../../projections/figures/queue/near.ts";
import { statusBefore } from "../../../projections/rollouts/kind.ts";
import { rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import { type RolloutStatus, isQueued } from "../../../projections/rollouts/status.ts";
import type { ClusterView } from "../../../projections/view.ts";

/**
 * Of the cluster's rollouts that are queued and not blocked, or of one of them, those that are held, with their pairs.
 * According to the facts before the instant.
 */
export function needingCoTest(
  view: ClusterView,
  at: number,
  only: string | null = null,
): ReadonlyMap<string, readonly UntestedPair[]> {
  if (rolloutPolicyAt(view.rolloutPolicies, at - 1).coTest === "none") return new Map();
  const waiting: { rollout: string; status: RolloutStatus }[] = [];
  for (const timeline of viewBefore(view, at).entities("rollout")) {
    const { rollout } = timeline;
    if (only !== null && rollout !== only) continue;
    const status = statusBefore(timeline, at);
    if (isQueued(status.state) && status.state !== "blocked") waiting.push({ rollout, status });
  }
  const seen = { at, factsBefore: at };
  return gateAt(view, waiting, seen).untested;
}
