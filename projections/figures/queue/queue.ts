/** Who waits for no-fly zones at an instant and for how long, who goes on under one, and what comes when they end. */
import { exact, fraction, roundHalfUp, decimal } from "../../arithmetic/ratio.ts";
import type { InFlight } from "../../nfz/in-force.ts";
import { type Matched, MatchedPlaces } from "../../nfz/matched-places.ts";
import { nfzsKnownAt } from "../../nfz/in-force.ts";
import { type NodeSet, NodeSets } from "../../nodes/node-sets.ts";
import { membersAt } from "../../nodes/places.ts";
import { type Cover, heldBy, runsOnFastPath } from "../../rollouts/cover.ts";
import { statusBefore } from "../../rollouts/kind.ts";
import type { RolloutState, RolloutStatus } from "../../rollouts/status.ts";
import type { RolloutTimeline } from "../../rollouts/timeline.ts";
import { instantMs } from "../../time/instant.ts";
import { overlapMs } from "../../arithmetic/intervals.ts";
import type { ClusterView } from "../../view.ts";
import { type BlockedRollout, blockedAt, compareBlocked, releasesAt } from "../blocked-queue.ts";
import { nfzTimelines, viewBefore } from "./near.ts";
import { type ThawStep, thawOf } from "./thaw.ts";

/** A rollout in the queue. */
export interface Waiting extends BlockedRollout {
  readonly status: RolloutStatus;
  readonly state: RolloutState;
  /** The first instant at which no NFZ that matches it is in force; `null` if nobody has said. */
  readonly nextStart: number | null;
  readonly deadline: number | null;
  /** Whether an update that closes a hole or ends an emergency waits past its deadline. */
  readonly deadlineOverdue: boolean;
  /** The nodes of its targets. */
  readonly targets: NodeSet;
  /** How long it takes a node out of service, as declared; 0: not at all. */
  readonly costMs: number;
  /** All its time in the queue, not only that of this stay. */
  readonly blockedMs: number;
  /** The NFZs in force that an override lets it pass. */
  readonly covered: readonly Cover[];
}

export interface Queue {
  /** By since, then rollout. */
  readonly waiting: readonly Waiting[];
  readonly overdue: number;
  /** Rollouts in progress under an NFZ that lets what is in flight finish. */
  readonly inFlight: number;
  readonly thaw: readonly ThawStep[];
}

/** By the facts before the instant. */
export function queueAt(view: ClusterView, at: number): Queue {
  const near = viewBefore(view, at);
  const rollouts = near.entities("rollout");
  const nodes = [...near.entities("node")];
  const jobs = near.entities("job");
  const sets = new NodeSets(membersAt(nodes, at - 1));
  const matching = new MatchedPlaces(nfzsKnownAt(nfzTimelines(view), at - 1), sets, at);
  const releaseOf = releasesAt(view, at);
  const waiting: Waiting[] = [];
  let inFlight = 0;
  for (const timeline of rollouts) {
    const blocked = blockedAt(timeline, { at, factsBefore: at }, releaseOf);
    // What was never started is not in progress either.
    if (blocked === null && timeline.status.startedBy === null) continue;
    const status = statusBefore(timeline, at);
    const matched = matching.of(status.submission?.data.targets);
    if (blocked !== null) {
      const targets = matching.nodesOf(status.submission?.data.targets);
      waiting.push(waitingOf(timeline, blocked, { status, matched, targets, at }));
    }
    if (goesOnUnder(status, matched, at)) inFlight++;
  }
  waiting.sort(compareBlocked);
  return {
    waiting,
    overdue: waiting.filter(({ releaseOverdue }) => releaseOverdue).length,
    inFlight,
    thaw: thawOf(waiting, { sets, nodes, jobs }, at - 1),
  };
}

interface Standing {
  readonly status: RolloutStatus;
  readonly matched: Matched;
  readonly targets: NodeSet;
  readonly at: number;
}

function waitingOf(
  timeline: RolloutTimeline,
  blocked: BlockedRollout,
  { status, matched, targets, at }: Standing,
): Waiting {
  const { submission, state } = status;
  const deadline = submission?.data.deadline;
  const deadlineMs = deadline === undefined ? null : instantMs(deadline);
  const urgency = submission?.data.urgency ?? null;
  const isFix = urgency === "security" || urgency === "emergency";
  let blockedMs = 0;
  for (const stay of timeline.blocked)
    blockedMs = exact(blockedMs + overlapMs(stay, -Infinity, at), "blocked time");
  return {
    ...blocked,
    urgency,
    status,
    state,
    nextStart: matched.nextStart,
    deadline: deadlineMs,
    deadlineOverdue: isFix && deadlineMs !== null && deadlineMs <= at,
    targets,
    costMs: declaredCostMs(status),
    blockedMs,
    covered: heldBy(status, matched.inForce, at, runsOnFastPath(status)).covered,
  };
}

const strictestFirst: readonly InFlight[] = ["rollback", "pause", "finish"];

/** Whether it is in progress under NFZs that nothing covers, and the strictest lets it finish. */
function goesOnUnder(status: RolloutStatus, { inForce }: Matched, at: number): boolean {
  if (status.state !== "in-progress" || inForce.length === 0) return false;
  const { held } = heldBy(status, inForce, at, runsOnFastPath(status));
  const strictest = strictestFirst.find((policy) =>
    held.some(({ known }) => known.inFlight === policy),
  );
  return strictest === "finish";
}

/** How long the rollout takes a node out of service, as declared; 0: not at all. */
function declaredCostMs({ submission }: RolloutStatus): number {
  const impact = submission?.data.impact;
  if (impact?.kind !== "impactful") return 0;
  const { numerator, denominator } = decimal(impact.secondsPerNode);
  return roundHalfUp(fraction(numerator * 1_000n, denominator), "the cost of a rollout");
}
