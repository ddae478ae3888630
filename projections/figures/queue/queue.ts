/** Which rollouts wait for no-fly zones at an instant and for how long, which continue under one, and what may start when zones end. */
import { overlapMs } from "../../arithmetic/intervals.ts";
import { exact } from "../../arithmetic/ratio.ts";
import { type InFlight, nfzsKnownAt } from "../../nfz/in-force.ts";
import { type Matched, MatchedPlaces } from "../../nfz/matched-places.ts";
import { type NodeSet, type NodeSets, nodeSetsAt } from "../../nodes/node-sets.ts";
import { type Cover, heldBy, runsOnFastPath } from "../../rollouts/cover.ts";
import { declaredMs } from "../../rollouts/declared.ts";
import { statusBefore } from "../../rollouts/kind.ts";
import type { RolloutStatus } from "../../rollouts/status.ts";
import type { RolloutTimeline } from "../../rollouts/timeline.ts";
import { instantMs } from "../../time/instant.ts";
import type { ClusterView } from "../../view.ts";
import { type BlockedRollout, blockedAt, releasesAt } from "../blocked-queue.ts";
import { nfzTimelines, viewBefore } from "./near.ts";
import { type ThawStep, type Thawing, thawOf } from "./thaw.ts";

/** A rollout in the queue. */
export interface Waiting extends Thawing {
  readonly blocked: BlockedRollout;
  readonly timeline: RolloutTimeline;
  readonly status: RolloutStatus;
  readonly matched: Matched;
}

export interface Queue {
  readonly at: number;
  /** Ordered by rollout. */
  readonly waiting: readonly Waiting[];
  readonly overdue: number;
  /** The number of rollouts in progress under an NFZ that lets what is in flight finish. */
  readonly inFlight: number;
  readonly thaw: readonly ThawStep[];
  /** To pass to the next call for the same cluster. */
  readonly sets: NodeSets;
}

/** Given the rollouts that wait: for how long one that declares no impact takes a node out of service, by what was measured. */
type ImpactlessCosts = (waiting: readonly RolloutStatus[]) => (status: RolloutStatus) => number;

/** According to the facts before the instant. `sets` are those of an earlier call for the same cluster, if there was one. */
export function queueAt(
  view: ClusterView,
  at: number,
  sets: NodeSets | null = null,
  impactlessCosts: ImpactlessCosts = () => () => 0,
): Queue {
  const near = viewBefore(view, at);
  const rollouts = near.entities("rollout");
  const nodes = [...near.entities("node")];
  const jobs = near.entities("job");
  const known = nodeSetsAt(nodes, at - 1, sets);
  const matching = new MatchedPlaces(nfzsKnownAt(nfzTimelines(view), at - 1), known, at);
  const releaseOf = releasesAt(view, at);
  const held: Omit<Waiting, "costMs">[] = [];
  let [inFlight, overdue] = [0, 0];
  for (const timeline of rollouts) {
    const blocked = blockedAt(timeline, { at, factsBefore: at }, releaseOf);
    // A rollout that never started is not in progress either.
    if (blocked === null && timeline.status.startedBy === null) continue;
    const status = statusBefore(timeline, at);
    const stated = status.submission?.data.targets;
    const matched = matching.of(stated);
    if (goesOnUnder(status, matched, at)) inFlight++;
    if (blocked === null) continue;
    if (blocked.releaseOverdue) overdue++;
    const { nextStart } = matched;
    const targets = matching.nodesOf(stated);
    held.push({ blocked, timeline, status, matched, nextStart, targets });
  }
  const costOf = expectedCosts(impactlessCosts(held.map(({ status }) => status)));
  const waiting = held.map((each) => ({ ...each, costMs: costOf(each.status) }));
  const thaw = thawOf(waiting, { sets: known, nodes, jobs }, at - 1);
  return { at, waiting, overdue, inFlight, thaw, sets: known };
}

const strictestFirst: readonly InFlight[] = ["rollback", "pause", "finish"];

/** Whether it is in progress under NFZs that nothing covers, and the strictest of them lets it finish. */
function goesOnUnder(status: RolloutStatus, { inForce }: Matched, at: number): boolean {
  if (status.state !== "in-progress" || inForce.length === 0) return false;
  const { held } = heldBy(status, inForce, at, runsOnFastPath(status));
  const strictest = strictestFirst.find((policy) =>
    held.some(({ known }) => known.inFlight === policy),
  );
  return strictest === "finish";
}

/** Milliseconds for which a rollout is expected to take a node out of service; what is declared is computed once for each number. */
function expectedCosts(
  impactless: (status: RolloutStatus) => number,
): (status: RolloutStatus) => number {
  const known = new Map<number, number>();
  return (status) => {
    const impact = status.submission?.data.impact;
    if (impact?.kind !== "impactful") return impactless(status);
    const costMs = known.get(impact.secondsPerNode) ?? declaredMs(impact);
    known.set(impact.secondsPerNode, costMs);
    return costMs;
  };
}

/** What is computed only for rollouts that are shown. */
interface WaitingDetail {
  readonly deadline: number | null;
  /** Whether a security or emergency update waits past its deadline. */
  readonly deadlineOverdue: boolean;
  /** Its total time in the queue, not only since the present refusal. */
  readonly blockedMs: number;
  /** The nodes of its targets. */
  readonly nodes: NodeSet;
  /** The NFZs in force that an override lets it pass. */
  readonly covered: readonly Cover[];
}

export function waitingDetail(
  { timeline, status, matched, targets }: Waiting,
  at: number,
): WaitingDetail {
  const { urgency, deadline } = status.submission?.data ?? {};
  const deadlineMs = deadline === undefined ? null : instantMs(deadline);
  const isFix = urgency === "security" || urgency === "emergency";
  let blockedMs = 0;
  for (const stay of timeline.blocked)
    blockedMs = exact(blockedMs + overlapMs(stay, -Infinity, at), "blocked time");
  return {
    deadline: deadlineMs,
    deadlineOverdue: isFix && deadlineMs !== null && deadlineMs <= at,
    blockedMs,
    nodes: targets,
    covered: heldBy(status, matched.inForce, at, runsOnFastPath(status)).covered,
  };
}
