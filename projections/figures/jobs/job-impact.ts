/** What outages did to jobs, and how often jobs should checkpoint. */
import type { ClusterView } from "../../view.ts";
import { isCrash } from "./job-uptime.ts";
import type { CountedFault, NodeTimeline } from "../../nodes/timeline.ts";
import type { Interval } from "../../arithmetic/intervals.ts";
import { exact, ratio } from "../../arithmetic/ratio.ts";
import type { Interruption, JobTimeline } from "../../jobs/timeline.ts";

/** One outage, with the node-time that the jobs it interrupted lost or spent interrupted. Not cut to the window. */
interface OutageImpact {
  readonly node: string;
  readonly faultId: string;
  readonly jobs: number;
  readonly lostNodeMs: number;
  readonly interruptedNodeMs: number;
  /** Length of the outage; `null` while it lasts. */
  readonly outageNodeMs: number | null;
  /** (lost + interrupted) / outage. */
  readonly amplification: number | null;
}

/** Checkpoint advice for all jobs of the window together, from the rates measured in it. Durations in milliseconds. */
interface CheckpointAdvice {
  /** Running time per interruption. */
  readonly meanTimeBetweenInterruptionsMs: number | null;
  /** Mean stated duration of a checkpoint. */
  readonly checkpointCostMs: number | null;
  /** Mean wall-clock time between checkpoints of a run. */
  readonly checkpointIntervalMs: number | null;
  /** Mean time from a crash to its resume. */
  readonly recoveryMs: number | null;
  /** Square root of 2 x checkpoint cost x time between interruptions (Young 1974, Daly 2006). */
  readonly youngDalyIntervalMs: number | null;
  /** (1 - (recovery + interval / 2) / time between interruptions) / (1 + cost / interval), at the measured interval. */
  readonly expectedEttr: number | null;
  /** The same at the advised interval (`youngDalyIntervalMs`). */
  readonly expectedEttrAtAdvice: number | null;
}

export interface JobImpact {
  /** Outages that interrupted jobs in the window, the largest amplification first. */
  readonly outages: readonly OutageImpact[];
  readonly advice: CheckpointAdvice;
}

/** The impact of outages on jobs in a window; `nodes` are those of the view that touch the window. */
export function jobImpactIn(
  view: ClusterView,
  nodes: Iterable<NodeTimeline>,
  window: Interval,
): JobImpact {
  const jobs = [...view.entities("job")].filter((job) => touches(job, window));
  return {
    outages: outagesIn(
      jobs,
      faultFinder(view, nodes, window),
      ({ node, faultId, to }) => view.faultEnd(node, faultId) ?? to,
      window,
    ),
    advice: adviceIn(jobs, window),
  };
}

/** Whether the job touches the window; in a long history, most jobs ended long before. */
function touches({ runs, interruptions, checkpoints }: JobTimeline, window: Interval): boolean {
  const last = Math.max(
    runs.at(-1)?.to ?? -Infinity,
    interruptions.at(-1)?.to ?? -Infinity,
    checkpoints.lastAt ?? -Infinity,
  );
  return last >= window.from && (runs[0]?.from ?? Infinity) < window.to;
}

interface Damage {
  readonly fault: CountedFault;
  readonly jobs: Set<string>;
  lostNodeMs: number;
  interruptedNodeMs: number;
}

function outagesIn(
  jobs: readonly JobTimeline[],
  faultOf: (each: Interruption) => CountedFault | null,
  endOf: (fault: CountedFault) => number,
  window: Interval,
): OutageImpact[] {
  const damages = new Map<string, Damage>();
  for (const job of jobs) {
    const lostBy = new Map<number, number>();
    for (const piece of job.lost) {
      const nodeMs =
        (lostBy.get(piece.interruption) ?? 0) + (piece.to - piece.from) * piece.nodeCount;
      lostBy.set(piece.interruption, nodeMs);
    }
    job.interruptions.forEach((each, index) => {
      if (each.from < window.from || each.from >= window.to) return;
      const fault = faultOf(each);
      if (fault === null) return;
      const damage = damages.get(fault.eventId) ?? {
        fault,
        jobs: new Set(),
        lostNodeMs: 0,
        interruptedNodeMs: 0,
      };
      damages.set(fault.eventId, damage);
      damage.jobs.add(job.job);
      damage.lostNodeMs += lostBy.get(index) ?? 0;
      damage.interruptedNodeMs += (Math.min(each.to, window.to) - each.from) * each.nodeCount;
    });
  }
  return [...damages.values()]
    .map((damage) => impactOf(damage, endOf(damage.fault)))
    .sort(
      (a, b) =>
        (b.amplification ?? 0) - (a.amplification ?? 0) ||
        (a.node < b.node ? -1 : a.node > b.node ? 1 : 0),
    );
}

/**
 * Returns a function that finds the fault that an interruption names: on the node that it names, otherwise the only
 * fault of that id that touches the window.
 */
function faultFinder(
  view: ClusterView,
  nodes: Iterable<NodeTimeline>,
  window: Interval,
): (each: Interruption) => CountedFault | null {
  let byId: Map<string, CountedFault | null> | null = null;
  /** The fault is usually near the window. A node uses a fault id once, so the first one found is the right one. */
  let near: Map<string, NodeTimeline> | null = null;
  return ({ faultId, node }) => {
    if (faultId === null) return null;
    if (node !== null) {
      near ??= new Map(Array.from(nodes, (each) => [each.node, each]));
      const isIt = (fault: CountedFault) => fault.faultId === faultId;
      return (
        near.get(node)?.faults.find(isIt) ?? view.entity("node", node)?.faults.find(isIt) ?? null
      );
    }
    byId ??= faultsById(nodes, window);
    return byId.get(faultId) ?? null;
  };
}

/** Faults that touch the window, by id; `null` for an id that several nodes use. */
function faultsById(
  nodes: Iterable<NodeTimeline>,
  window: Interval,
): Map<string, CountedFault | null> {
  const byId = new Map<string, CountedFault | null>();
  for (const { faults } of nodes) {
    for (const fault of faults) {
      if (fault.from >= window.to || fault.to < window.from) continue;
      byId.set(fault.faultId, byId.has(fault.faultId) ? null : fault);
    }
  }
  return byId;
}

function impactOf(
  { fault, jobs, lostNodeMs, interruptedNodeMs }: Damage,
  end: number,
): OutageImpact {
  const outageNodeMs = end === Infinity ? null : end - fault.from;
  const harm = exact(lostNodeMs + interruptedNodeMs, "harm of an outage");
  const amplification = outageNodeMs === null ? null : ratio(harm, outageNodeMs);
  const { node, faultId } = fault;
  return {
    node,
    faultId,
    jobs: jobs.size,
    lostNodeMs,
    interruptedNodeMs,
    outageNodeMs,
    amplification,
  };
}

function adviceIn(jobs: readonly JobTimeline[], window: Interval): CheckpointAdvice {
  const isIn = (at: number) => window.from <= at && at < window.to;
  let runningMs = 0;
  let interruptions = 0;
  const costsMs: number[] = [];
  const gapsMs: number[] = [];
  const recoveriesMs: number[] = [];
  for (const job of jobs) {
    for (const { from, to } of job.running)
      runningMs += Math.max(0, Math.min(to, window.to) - Math.max(from, window.from));
    interruptions += job.interruptions.filter((each) => isIn(each.from)).length;
    job.checkpoints.eachIn(window.from, window.to, (durationMs, sinceLastMs) => {
      costsMs.push(durationMs);
      if (sinceLastMs !== null && sinceLastMs > 0) gapsMs.push(sinceLastMs);
    });
    for (const each of job.interruptions) {
      if (each.resumedAt !== null && isIn(each.resumedAt) && isCrash(each.kind))
        recoveriesMs.push(each.resumedAt - each.from);
    }
  }
  const mtbiMs = interruptions === 0 ? null : runningMs / interruptions;
  const costMs = meanOf(costsMs);
  const intervalMs = meanOf(gapsMs);
  const recoveryMs = meanOf(recoveriesMs);
  const adviceMs = mtbiMs === null || costMs === null ? null : Math.sqrt(2 * costMs * mtbiMs);
  return {
    meanTimeBetweenInterruptionsMs: rounded(mtbiMs),
    checkpointCostMs: rounded(costMs),
    checkpointIntervalMs: rounded(intervalMs),
    recoveryMs: rounded(recoveryMs),
    youngDalyIntervalMs: rounded(adviceMs),
    expectedEttr: expectedEttr(mtbiMs, costMs, recoveryMs, intervalMs),
    expectedEttrAtAdvice: expectedEttr(mtbiMs, costMs, recoveryMs, adviceMs),
  };
}

/**
 * The ETTR to expect at a checkpoint interval: (1 - (recovery + interval / 2) / time between interruptions) / (1 + cost /
 * interval), at least 0, to nine digits; `null` where a part is missing or 0. Without a recovery, as if it took no time.
 */
export function expectedEttr(
  mtbiMs: number | null,
  costMs: number | null,
  recoveryMs: number | null,
  intervalMs: number | null,
): number | null {
  if (mtbiMs === null || mtbiMs === 0 || costMs === null || intervalMs === null || intervalMs === 0)
    return null;
  const value = (1 - ((recoveryMs ?? 0) + intervalMs / 2) / mtbiMs) / (1 + costMs / intervalMs);
  return Math.round(Math.max(0, value) * 1e9) / 1e9;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
