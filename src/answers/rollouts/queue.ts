/** The blocked queue of one or several clusters, as answers show it. */
import { exact } from "../../../projections/arithmetic/ratio.ts";
import { type PairCounts, QueueCoverage } from "../../../projections/co-tests/coverage.ts";
import { compareBlocked } from "../../../projections/figures/blocked-queue.ts";
import {
  type Queue,
  type Waiting,
  queueAt,
  waitingDetail,
} from "../../../projections/figures/queue/queue.ts";
import type { ThawStep } from "../../../projections/figures/queue/thaw.ts";
import type { NodeSets } from "../../../projections/nodes/node-sets.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { keptQueue } from "../co-tests/kept-queue.ts";
import { ofClusters } from "../known-cluster.ts";
import { MeasuredFamilies } from "./measured-families.ts";
import { type PageAsked, compareNames, pageOf, pairKey } from "../lists/rows.ts";
import { instantOrNull } from "../look-back.ts";

export interface Asked {
  readonly cluster?: string | undefined;
  readonly sequence: number;
  /** `null` only if the read looks back to an empty ledger. */
  readonly at: number | null;
}

interface WaitingIn {
  readonly cluster: string;
  readonly at: number;
  readonly each: Waiting;
  readonly measured: MeasuredFamilies | null;
}

interface QueueOfCluster extends Pick<WaitingIn, "cluster" | "measured"> {
  readonly queue: Queue;
}

/** Resolved members of each cluster, kept because they mostly stay the same until the next request. */
const resolved = new WeakMap<Ledger, Map<string, NodeSets>>();

/** By since, then rollout; the head counts the rollouts of all pages. */
export async function queueAnswer(ledger: Ledger, asked: Asked, page: PageAsked) {
  const queues = await queuesOf(ledger, asked);
  const all: WaitingIn[] = queues
    .flatMap(({ cluster, measured, queue: { at, waiting } }) =>
      waiting.map((each) => ({ cluster, at, each, measured })),
    )
    .sort(compareWaiting);
  const { total, rows, next } = pageOf(all, keyOf, page.after, page.limit);
  const pairsOf = await pairsOfQueued(ledger, asked, rows);
  const sum = (of: (queue: Queue) => number) =>
    queues.reduce((before, { queue }) => before + of(queue), 0);
  return {
    total,
    oldestAgeMs: all[0]?.each.blocked.ageMs ?? null,
    overdue: sum(({ overdue }) => overdue),
    inFlight: sum(({ inFlight }) => inFlight),
    thaw: thawJson(queues.flatMap(({ queue }) => queue.thaw)),
    blocked: rows.map((row) => rowJson(row, pairsOf(row))),
    next,
  };
}

async function queuesOf(
  ledger: Ledger,
  { cluster, sequence, at }: Asked,
): Promise<QueueOfCluster[]> {
  if (at === null) return [];
  const sets = resolved.get(ledger) ?? new Map<string, NodeSets>();
  resolved.set(ledger, sets);
  return await ofClusters(ledger, cluster, sequence, (view) => {
    const { cluster: name } = view;
    let measured: MeasuredFamilies | null = null;
    const queue = queueAt(view, at, sets.get(name) ?? null, (waiting) => {
      const families = new MeasuredFamilies(ledger, view, at, waiting);
      measured = families;
      return (status) => families.impactlessMs(status);
    });
    sets.set(name, queue.sets);
    return { cluster: name, queue, measured };
  });
}

/** The pairs of each rollout of a page with the other queued ones; `null` for what is not queued. */
async function pairsOfQueued(
  ledger: Ledger,
  { sequence }: Asked,
  rows: readonly WaitingIn[],
): Promise<(row: WaitingIn) => PairCounts | null> {
  const counts = new Map<Waiting, PairCounts>();
  for (const [cluster, own] of Map.groupBy(rows, (row) => row.cluster)) {
    await ledger.answer(cluster, sequence, (view) => {
      const queue = keptQueue(ledger, view, own[0]?.at ?? -Infinity);
      const coverage = new QueueCoverage(queue);
      const queued = new Map(queue.rollouts.map((each) => [each.rollout, each]));
      for (const { each } of own) {
        const found = queued.get(each.blocked.rollout);
        if (found !== undefined) counts.set(each, coverage.of(found));
      }
    });
  }
  return ({ each }) => counts.get(each) ?? null;
}

function compareWaiting(a: WaitingIn, b: WaitingIn): number {
  return compareBlocked(a.each.blocked, b.each.blocked) || compareNames(a.cluster, b.cluster);
}

function keyOf({ cluster, each: { blocked } }: WaitingIn): string {
  return pairKey(cluster, blocked.rollout);
}

function rowJson({ cluster, at, each, measured }: WaitingIn, coTest: PairCounts | null) {
  const { blocked, status } = each;
  const { deadline, deadlineOverdue, blockedMs, nodes, covered } = waitingDetail(each, at);
  return {
    cluster,
    rollout: blocked.rollout,
    state: status.state,
    since: formatInstant(blocked.since),
    ageMs: blocked.ageMs,
    nfzIds: blocked.nfzIds,
    refusedBy: blocked.refusedBy,
    nextRelease: instantOrNull(blocked.nextRelease),
    releaseOverdue: blocked.releaseOverdue,
    nextStart: instantJson(each.nextStart),
    nodesDone: blocked.nodesDone,
    nodesTotal: blocked.nodesTotal,
    urgency: status.submission?.data.urgency ?? null,
    deadline: instantJson(deadline),
    deadlineOverdue,
    declared: status.submission?.data.impact ?? null,
    measured: measured?.of(status) ?? null,
    coTest,
    nodes: nodes.nodes.length,
    blockedMs,
    covered,
  };
}

/** Joins the steps of several clusters at the same instant. */
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
