/** One sweep: what no-fly zones demand of the rollouts of a cluster, or of one rollout, is decided and appended. */
import { foldEntity } from "../../../projections/facts/entity-kind.ts";
import { rolloutKind, statusBefore } from "../../../projections/rollouts/kind.ts";
import { byQueueOrder } from "../../../projections/rollouts/queue-order.ts";
import type { RolloutTimeline } from "../../../projections/rollouts/timeline.ts";
import type { Deciding } from "../command/deciding.ts";
import { decisionInstant } from "../command/instant.ts";
import { readOwnFacts } from "../command/own-facts.ts";
import { type Timed, appendTimed } from "../command/timed.ts";
import { rolloutsAround, worldAt } from "../command/world.ts";
import { mayBeSwept, sweepRollout } from "./sweep-rollout.ts";

/** What a sweep did to one rollout. */
export interface SweptRollout {
  readonly rollout: string;
  readonly cluster: string;
  readonly types: readonly string[];
  readonly reason: string;
}

/** Sweeps every rollout of a cluster that is not over, in queue order, each in an append of its own. */
export async function sweepCluster(deciding: Deciding, cluster: string): Promise<SweptRollout[]> {
  const { ledger } = deciding;
  const view = ledger.view(cluster);
  const at = decisionInstant(ledger, view.sequence, -Infinity);
  const world = worldAt(view, at);
  const due: RolloutTimeline[] = [];
  for (const timeline of rolloutsAround(view, at)) {
    const status = statusBefore(timeline, at + 1);
    if (!mayBeSwept(status)) continue;
    const sweeping = { rollout: timeline.rollout, world, status };
    if (sweepRollout(sweeping) !== null) due.push(timeline);
  }
  const swept: SweptRollout[] = [];
  for (const { rollout } of due.sort(byQueueOrder)) {
    const done = await sweepOne(deciding, cluster, rollout);
    if (done !== null) swept.push(done);
  }
  return swept;
}

/** `null` if there is nothing to do. */
export async function sweepOne(
  deciding: Deciding,
  cluster: string,
  rollout: string,
): Promise<SweptRollout | null> {
  const { ledger, onDecided } = deciding;
  const timed = await appendTimed(
    ledger,
    "sweep",
    async (P) => await plan(deciding, cluster, rollout, P),
  );
  if (timed === null) return null;
  onDecided(timed.at);
  const types = timed.drafts.map(({ type }) => type);
  return { rollout, cluster, types, reason: timed.reason };
}

async function plan(
  { ledger }: Deciding,
  cluster: string,
  rollout: string,
  P: number,
): Promise<Timed | null> {
  const own = await readOwnFacts(ledger, "rollout", rollout, P);
  const facts = own.byCluster.get(cluster) ?? [];
  if (facts.length === 0) return null;
  const at = decisionInstant(ledger, P, own.latestAt);
  const { status } = foldEntity(rolloutKind, rollout, facts);
  const swept = sweepRollout({ rollout, world: worldAt(ledger.view(cluster, P), at), status });
  if (swept === null) return null;
  return { own, at, drafts: swept.drafts, reason: `NFZ ${swept.nfzIds.join(", ")}` };
}
