/** What the gauges say of one cluster: the figures of its running month, and what is open now. */
import { asPolicy, policyFactOf } from "../../../projections/figures/exclusions/policy.ts";
import { jobUptimeIn } from "../../../projections/figures/jobs/job-uptime.ts";
import { queueAt } from "../../../projections/figures/queue/queue.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { NodeState } from "../../../projections/nodes/packed-segments.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { nodeStateAt, nodesAt } from "../../answers/timeline-json.ts";
import { isLedgerError } from "../../errors.ts";
import type { Steps } from "../../turns.ts";
import type { RunningMonth } from "./running-month.ts";
import { runningMonthInSteps } from "./running-month.ts";

interface Present {
  readonly states: Readonly<Record<NodeState, number>>;
  readonly openFaults: number;
  /** Those that have been open for longer than the policy's target. */
  readonly overdueFaults: number;
}

export interface ClusterFigures {
  /** `null` where the month has not begun at this position. */
  readonly month: RunningMonth | null;
  /** Crashes that began in the day up to ledger time. */
  readonly crashesOfDay: number;
  readonly present: Present;
  readonly releasesOverdue: number;
}

const dayMs = 86_400_000;

/** At an instant, in milliseconds, from which on nothing is known yet. */
export function* clusterFiguresInSteps(view: ClusterView, at: number): Steps<ClusterFigures> {
  const head = view.headRecordedAt ?? at;
  const day = { from: head - dayMs, to: head };
  const jobs = view.within(day).entities("job");
  const nodes = nodesAt(view, at);
  yield;
  const month = yield* monthOrNull(view);
  yield;
  const { crashes } = jobUptimeIn(jobs, day, 0);
  yield;
  const { overdue } = queueAt(view, at);
  yield;
  return {
    month,
    crashesOfDay: crashes,
    present: presentOf(nodes, at, targetMsAt(view, at)),
    releasesOverdue: overdue,
  };
}

function* monthOrNull(view: ClusterView): Steps<RunningMonth | null> {
  try {
    return yield* runningMonthInSteps(view);
  } catch (error) {
    const isNoPeriod = error instanceof RefusedRequest || isLedgerError(error, "period-refused");
    if (isNoPeriod) return null;
    throw error;
  }
}

function targetMsAt(view: ClusterView, at: number): number {
  return asPolicy(policyFactOf(view.policies, { from: at, to: at })).mttrTargetMs;
}

function presentOf(nodes: readonly NodeTimeline[], at: number, targetMs: number): Present {
  const states = { "in-service": 0, down: 0, maintenance: 0, unknown: 0 };
  let openFaults = 0;
  let overdueFaults = 0;
  for (const node of nodes) {
    const state = nodeStateAt(node, at);
    if (state !== null) states[state]++;
    for (const fault of node.faults) {
      if (!isOpen(fault, at)) continue;
      openFaults++;
      if (at - fault.from > targetMs) overdueFaults++;
    }
  }
  return { states, openFaults, overdueFaults };
}

function isOpen({ from, to }: Interval, at: number): boolean {
  return from <= at && at < to;
}
