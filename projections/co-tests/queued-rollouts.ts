/** The rollouts that wait to be started at an instant, with their updates and targets as numbers. */
import { viewBefore } from "../figures/queue/near.ts";
import { type NodeSet, type NodeSets, nodeSetsAt } from "../nodes/node-sets.ts";
import { statusBefore } from "../rollouts/kind.ts";
import { type RolloutPolicy, rolloutPolicyAt } from "../rollouts/policy.ts";
import { type QueuePlace, compareQueuePlaces, queuePlace } from "../rollouts/queue-order.ts";
import { type RolloutStatus, isQueued } from "../rollouts/status.ts";
import type { ClusterView } from "../view.ts";
import { coTestResults } from "./results.ts";
import { SharedNodes } from "./shared-nodes.ts";
import { TestedSets } from "./tested-sets.ts";
import { type Update, UpdateSets } from "./update-sets.ts";

export interface QueuedRollout {
  readonly rollout: string;
  readonly status: RolloutStatus;
  /** Number of its set of updates. */
  readonly set: number;
  readonly targets: NodeSet;
  /** Index of its targets among all of the queue. */
  readonly target: number;
}

export interface RolloutsInQueue {
  readonly at: number;
  readonly policy: RolloutPolicy;
  /** In queue order. */
  readonly rollouts: readonly QueuedRollout[];
  readonly sets: UpdateSets;
  readonly tested: TestedSets;
  readonly shared: SharedNodes;
  /** To pass to the next call for the same cluster. */
  readonly nodeSets: NodeSets;
}

const noUpdates: readonly Update[] = [];

/** According to the facts before the instant. `known` are the node sets of an earlier call for the same cluster, if any. */
export function rolloutsInQueue(
  view: ClusterView,
  at: number,
  known: NodeSets | null = null,
): RolloutsInQueue {
  const near = viewBefore(view, at);
  const nodeSets = nodeSetsAt([...near.entities("node")], at - 1, known);
  const queued: { readonly place: QueuePlace; readonly status: RolloutStatus }[] = [];
  for (const timeline of near.entities("rollout")) {
    const status = statusBefore(timeline, at);
    if (isQueued(status.state))
      queued.push({ place: queuePlace(timeline.rollout, status), status });
  }
  queued.sort((a, b) => compareQueuePlaces(a.place, b.place));
  const policy = rolloutPolicyAt(view.rolloutPolicies, at - 1);
  const sets = new UpdateSets(queued.map(({ status }) => updatesOf(status)));
  const results = coTestResults(view.coTests, policy, { at, factsBefore: at });
  const placed = queued.map(({ place: { rollout }, status }) => ({
    rollout,
    status,
    set: sets.of(updatesOf(status)),
    targets: nodeSets.setOf(status.submission?.data.targets),
  }));
  const shared = new SharedNodes(
    placed.map(({ targets }) => targets),
    nodeSets.count,
  );
  const rollouts = placed.map((each) => ({ ...each, target: shared.indexOf(each.targets) }));
  return { at, policy, rollouts, sets, tested: new TestedSets(sets, results), shared, nodeSets };
}

/** Without a submission there are none. */
export function updatesOf({ submission }: RolloutStatus): readonly Update[] {
  return submission?.data.updates ?? noUpdates;
}
