/** The blocked queue of one or several clusters, as answers show it. */
import { exact } from "../../../projections/arithmetic/ratio.ts";
import { compareBlocked } from "../../../projections/figures/blocked-queue.ts";
import { type Queue, type Waiting, queueAt } from "../../../projections/figures/queue/queue.ts";
import type { ThawStep } from "../../../projections/figures/queue/thaw.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { ofClusters } from "../known-cluster.ts";
import { compareNames, pageOf, pairKey } from "../lists/rows.ts";
import { instantOrNull } from "../look-back.ts";

export interface Asked {
  readonly cluster?: string | undefined;
  readonly sequence: number;
  /** `null` only for a look back at an empty ledger. */
  readonly at: number | null;
}

export interface PageAsked {
  readonly after?: string | undefined;
  readonly limit: number;
}

interface WaitingIn extends Waiting {
  readonly cluster: string;
}

const empty: Queue = { waiting: [], overdue: 0, inFlight: 0, thaw: [] };

/** By since, then rollout; the head speaks of all pages. */
export async function queueAnswer(ledger: Ledger, asked: Asked, page: PageAsked) {
  const { cluster, sequence, at } = asked;
  const queues = await ofClusters(ledger, cluster, sequence, (view) => ({
    cluster: view.cluster,
    queue: at === null ? empty : queueAt(view, at),
  }));
  const all: WaitingIn[] = queues
    .flatMap(({ cluster: name, queue }) =>
      queue.waiting.map((each) => ({ ...each, cluster: name })),
    )
    .sort((a, b) => compareBlocked(a, b) || compareNames(a.cluster, b.cluster));
  const { total, rows, next } = pageOf(all, keyOf, page.after, page.limit);
  const sum = (of: (queue: Queue) => number) =>
    queues.reduce((before, { queue }) => before + of(queue), 0);
  return {
    total,
    oldestAgeMs: all[0]?.ageMs ?? null,
    overdue: sum(({ overdue }) => overdue),
    inFlight: sum(({ inFlight }) => inFlight),
    thaw: thawJson(queues.flatMap(({ queue }) => queue.thaw)),
    blocked: rows.map(rowJson),
    next,
  };
}

function keyOf({ cluster, rollout }: WaitingIn): string {
  return pairKey(cluster, rollout);
}

function rowJson(each: WaitingIn) {
  const { submission } = each.status;
  return {
    cluster: each.cluster,
    rollout: each.rollout,
    state: each.state,
    since: formatInstant(each.since),
    ageMs: each.ageMs,
    nfzIds: each.nfzIds,
    refusedBy: each.refusedBy,
    nextRelease: instantOrNull(each.nextRelease),
    releaseOverdue: each.releaseOverdue,
    nextStart: instantJson(each.nextStart),
    nodesDone: each.nodesDone,
    nodesTotal: each.nodesTotal,
    urgency: each.urgency,
    deadline: instantJson(each.deadline),
    deadlineOverdue: each.deadlineOverdue,
    declared: submission?.data.impact ?? null,
    // Nothing measures the impact of rollouts, and nothing knows of tests of two together.
    measured: null,
    coTest: null,
    nodes: each.targets.nodes.length,
    blockedMs: each.blockedMs,
    covered: each.covered,
  };
}

/** Steps of one instant in several clusters are one. */
function thawJson(steps: readonly ThawStep[]) {
  return [...Map.groupBy(steps, ({ at }) => at)]
    .sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity))
    .map(([at, together]) => {
      const sum = (of: (step: ThawStep) => number) =>
        together.reduce((before, step) => exact(before + of(step), "the cost of a thaw"), 0);
      return {
        at: instantJson(at),
        rollouts: sum(({ rollouts }) => rollouts),
        nodes: sum(({ nodes }) => nodes),
        impactfulNodes: sum(({ impactfulNodes }) => impactfulNodes),
        nodeMs: sum(({ nodeMs }) => nodeMs),
        jobs: sum(({ jobs }) => jobs),
      };
    });
}

function instantJson(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}

export type QueueAnswer = Awaited<ReturnType<typeof queueAnswer>>;
