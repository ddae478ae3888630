/** One sweep: decides and appends what no-fly zones demand of a cluster's rollouts, or of one rollout. */
import { foldEntity } from "../../../projections/facts/entity-kind.ts";
import { rolloutKind, statusBefore } from "../../../projections/rollouts/kind.ts";
import {
  type QueuePlace,
  compareQueuePlaces,
  queuePlace,
} from "../../../projections/rollouts/queue-order.ts";
import type { Grant } from "../../../projections/rollouts/status.ts";
import { nfzsKnownAt } from "../../../projections/nfz/in-force.ts";
import type { ClusterView, DecisionView } from "../../../projections/view.ts";
import type { Deciding } from "../command/deciding.ts";
import { decisionInstant, nfzsOf } from "../command/instant.ts";
import { readOwnFacts } from "../command/own-facts.ts";
import { type Timed, appendTimed } from "../command/timed.ts";
import { foldAround, rolloutsAround, worldAt } from "../command/world.ts";
import { mayBeSwept, sweepRollout } from "./sweep-rollout.ts";

/** What a sweep did to one rollout. */
export interface SweptRollout {
  readonly rollout: string;
  readonly cluster: string;
  readonly types: readonly string[];
  readonly reason: string;
}

interface ClusterSweep {
  readonly swept: readonly SweptRollout[];
  /** The next instant at which there may be something to do without any new event; Infinity if none is known. */
  readonly nextAt: number;
}

/** Sweeps every rollout of a cluster that has not ended, in queue order, each in its own append. */
export async function sweepCluster(deciding: Deciding, cluster: string): Promise<ClusterSweep> {
  const { ledger } = deciding;
  const view = ledger.view(cluster);
  const at = decisionInstant(ledger, view.sequence, -Infinity);
  await ledger.answer(cluster, view.sequence, (folded) => rolloutsAround(folded, at));
  const timelines = [...rolloutsAround(view, at)];
  let nextAt = Math.min(nextChange(view, at), nextNfzFact(view, at));
  // What waits may have started on its grant by the time that this ends.
  for (const { status } of timelines)
    if (status.endedBy === null)
      for (const grant of status.grants) nextAt = Math.min(nextAt, endAfter(grant, at));
  const open = timelines.filter(
    (timeline) => mayBeSwept(statusBefore(timeline, at + 1)) || mayBeSwept(timeline.status),
  );
  // Where nothing waits or runs, no node has to be known.
  if (open.length === 0) return { swept: [], nextAt };
  await foldAround(ledger, view, at);
  const world = worldAt(view, at, deciding.places);
  const due: QueuePlace[] = [];
  for (const timeline of open) {
    const { rollout } = timeline;
    const status = statusBefore(timeline, at + 1);
    // A rollout whose own facts are ahead is decided about after the last of them, when it has its turn.
    const isAhead = status !== timeline.status;
    if (isAhead || sweepRollout({ rollout, world, status }) !== null)
      due.push(queuePlace(rollout, status));
  }
  const swept: SweptRollout[] = [];
  for (const { rollout } of due.sort(compareQueuePlaces)) {
    const done = await sweepOne(deciding, cluster, rollout);
    if (done !== null) swept.push(done);
  }
  return { swept, nextAt };
}

/** The next start or end of any occurrence. */
function nextChange(view: DecisionView, at: number): number {
  let next = Infinity;
  for (const { occurrences } of nfzsKnownAt(nfzsOf(view), at))
    for (const { from, to } of occurrences)
      next = Math.min(next, from > at ? from : to > at ? to : Infinity);
  return next;
}

/** The next fact about an NFZ that was reported ahead of its time: from then on it counts. */
function nextNfzFact(view: ClusterView, at: number): number {
  let next = Infinity;
  for (const { applied } of nfzsOf(view))
    for (const { occurredAt } of applied) if (occurredAt > at) next = Math.min(next, occurredAt);
  return next;
}

function endAfter({ expiresAt, revokedAt }: Grant, at: number): number {
  const end = Math.min(expiresAt, revokedAt);
  return end > at ? end : Infinity;
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
    `rollout-${rollout}`,
    async (P) => await plan(deciding, cluster, rollout, P),
  );
  if (timed === null) return null;
  onDecided(timed.at);
  const types = timed.drafts.map(({ type }) => type);
  return { rollout, cluster, types, reason: timed.reason };
}

async function plan(
  { ledger, places }: Deciding,
  cluster: string,
  rollout: string,
  P: number,
): Promise<Timed | null> {
  const own = await readOwnFacts(ledger, "rollout", rollout, P);
  const facts = own.byCluster.get(cluster) ?? [];
  if (facts.length === 0) return null;
  const at = decisionInstant(ledger, P, own.latestAt);
  const { status } = foldEntity(rolloutKind, rollout, facts);
  const swept = sweepRollout({
    rollout,
    world: worldAt(ledger.view(cluster, P), at, places),
    status,
  });
  if (swept === null) return null;
  return { own, at, drafts: swept.drafts, reason: `NFZ ${swept.nfzIds.join(", ")}` };
}
