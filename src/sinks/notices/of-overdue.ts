/** Faults that are open for longer than agreed, and rollouts that wait although nothing holds them. */
import type { Queue } from "../../../projections/figures/queue/queue.ts";
import { queueAt } from "../../../projections/figures/queue/queue.ts";
import { asPolicy, policyFactOf } from "../../../projections/figures/exclusions/policy.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { releasePatienceMs } from "../../limits/sinks.ts";
import type { DueNotices, Notice } from "./notice.ts";

/** `nodes` as they are at the instant. */
export function faultNotices(
  view: ClusterView,
  nodes: readonly NodeTimeline[],
  at: number,
): DueNotices {
  const { cluster } = view;
  const { mttrTargetMs } = asPolicy(policyFactOf(view.policies, { from: at, to: at }));
  const due: Notice[] = [];
  let nextAt = Infinity;
  for (const { faults } of nodes) {
    for (const { from, to, node, faultId } of faults) {
      if (from > at || to <= at) continue;
      const overdueFrom = from + mttrTargetMs + 1;
      if (overdueFrom > at) {
        nextAt = Math.min(nextAt, overdueFrom);
        continue;
      }
      const reason = `${node} is down since ${formatInstant(from)}, longer than the repair target`;
      const key = `${cluster} ${node} ${faultId}`;
      due.push({ notice: "fault.overdue", cluster, key, at: overdueFrom, reason });
    }
  }
  return { due, nextAt };
}

/** The timers release what they find within a minute: only what waits for longer was forgotten. */
export function releaseNotices(view: ClusterView, at: number): Notice[] {
  const { cluster } = view;
  const now = overdueSince(queueAt(view, at));
  if (now.size === 0) return [];
  const before = overdueSince(queueAt(view, at - releasePatienceMs));
  return [...now].flatMap(([rollout, since]): Notice[] => {
    if (before.get(rollout) !== since) return [];
    const key = `${cluster} ${rollout} ${formatInstant(since)}`;
    const reason = `${rollout} waits since ${formatInstant(since)} although no no-fly zone holds it`;
    return [{ notice: "release.overdue", cluster, key, at, reason }];
  });
}

function overdueSince({ waiting }: Queue): Map<string, number> {
  return new Map(
    waiting
      .filter(({ blocked }) => blocked.releaseOverdue)
      .map(({ blocked }) => [blocked.rollout, blocked.since]),
  );
}
