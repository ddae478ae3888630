/** The books' violations: what was done inside no-fly zones that nothing covered. */
import { bookOfNode } from "./nodes.ts";
import { countedActs, happened } from "./rollouts.ts";
import type { ClusterTruth, Interval, NodeTruth, RolloutTruth } from "../setting/history.ts";
import { iso } from "../setting/setting.ts";
import { inForceAt } from "../truth/nfz/standing.ts";
import { nodesOf } from "../truth/fleet/place.ts";
import { holding } from "../truth/rollouts/holding.ts";
import { after, nothing, standingOf } from "../truth/rollouts/standing.ts";

export interface Violation {
  readonly kind: "start" | "resume" | "progress" | "maintenance";
  readonly rollout: string | null;
  readonly node: string | null;
  readonly at: string;
  /** The id of the event. */
  readonly event: string;
  readonly nfzs: readonly string[];
  /** Whether it was only reported. */
  readonly reported: boolean;
}

/** By instant, then event. */
export function violationsOf(truth: ClusterTruth, window: Interval): Violation[] {
  const all = [
    ...truth.rollouts.flatMap((rollout) => [
      ...startsInside(truth, rollout),
      ...progressAgainstOrders(rollout),
    ]),
    ...truth.nodes.flatMap((node) => maintenanceInside(truth, node)),
  ];
  const [from, to] = [iso(window.from), iso(window.to)];
  return all
    .filter(({ at }) => from <= at && at < to)
    .sort((a, b) => (a.at === b.at ? (a.event < b.event ? -1 : 1) : a.at < b.at ? -1 : 1));
}

function startsInside(cluster: ClusterTruth, truth: RolloutTruth): Violation[] {
  const violations: Violation[] = [];
  let standing = nothing;
  for (const act of countedActs(truth)) {
    standing = after(standing, act);
    if (act.type !== "RolloutStarted" && act.type !== "RolloutResumed") continue;
    const held = holding(cluster, truth, standing, act.at, happened(act.at));
    if (held.length === 0) continue;
    violations.push({
      kind: act.type === "RolloutStarted" ? "start" : "resume",
      rollout: truth.rollout,
      node: null,
      at: iso(act.at),
      event: act.id,
      nfzs: held.map(({ nfz }) => nfz.nfz),
      reported: act.command === null,
    });
  }
  return violations;
}

/** The step in hand may end after the ledger has paused it; another one may not. */
function progressAgainstOrders(truth: RolloutTruth): Violation[] {
  const violations: Violation[] = [];
  let standing = nothing;
  let order: { readonly nfzs: readonly string[]; allowed: number | null } | null = null;
  for (const act of countedActs(truth)) {
    standing = after(standing, act);
    if (standing.stage !== "paused") order = null;
    else if (act.type === "RolloutPaused" && act.command === "sweep") {
      order = { nfzs: act.nfzIds, allowed: null };
    } else if (act.type === "RolloutProgressed" && order !== null) {
      const done = act.nodesDone ?? 0;
      order.allowed ??= done;
      if (done <= order.allowed) continue;
      violations.push({
        kind: "progress",
        rollout: truth.rollout,
        node: null,
        at: iso(act.at),
        event: act.id,
        nfzs: order.nfzs,
        reported: act.command === null,
      });
    }
  }
  return violations;
}

/** Allowed is what is down anyway, what belongs to a rollout that is in progress there, and what somebody with a role let begin. */
function maintenanceInside(cluster: ClusterTruth, node: NodeTruth): Violation[] {
  const { nfzs, nodes, rollouts } = cluster;
  const { intervals, states } = bookOfNode(node);
  return node.maintenance.flatMap((stretch): Violation[] => {
    const { from: at, startId, rolloutId, isDecided, role } = stretch;
    const isCounted = intervals.some((each) => each.startId === startId && each.from === at);
    const over = nfzs
      .filter((nfz) => inForceAt(nfz, at, happened(at)) !== null)
      .filter(({ scope }) => nodesOf(scope, nodes, at)?.has(node.node) ?? true);
    const state = states.find(({ from, to }) => from <= at && at < to)?.state;
    if (!isCounted || over.length === 0 || state === "down" || role !== null) return [];
    const rollout = rollouts.find((each) => each.rollout === rolloutId);
    if (rollout !== undefined) {
      const { stage, isSubmitted } = standingOf(rollout, happened(at));
      const targets = isSubmitted ? nodesOf(rollout.targets, nodes, at) : null;
      if (stage === "in-progress" && (targets?.has(node.node) ?? true)) return [];
    }
    return [
      {
        kind: "maintenance",
        rollout: rolloutId,
        node: node.node,
        at: iso(at),
        event: startId,
        nfzs: over.map(({ nfz }) => nfz).sort(),
        reported: !isDecided,
      },
    ];
  });
}
