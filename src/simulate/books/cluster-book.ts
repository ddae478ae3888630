/** The book of one cluster: its intervals, and the figures of a window from them. */
import { bookOfJob, type JobBook } from "./job-marks.ts";
import { jobUptimeOf } from "./jobs.ts";
import { mttrOf } from "./mttr.ts";
import { nisOf } from "./nis.ts";
import { bookOfNode, type NodeBook } from "./nodes.ts";
import { termsFor } from "./policy.ts";
import { nfzsOf, rolloutsOf } from "./rollouts.ts";
import type { ClusterTruth, History, Interval } from "../setting/history.ts";

/** One cluster's intervals, marked once for all windows. */
interface ClusterBook {
  readonly history: History;
  readonly truth: ClusterTruth;
  readonly nodes: readonly NodeBook[];
  readonly jobs: readonly JobBook[];
}

export function openBook(history: History, truth: ClusterTruth): ClusterBook {
  return { history, truth, nodes: truth.nodes.map(bookOfNode), jobs: truth.jobs.map(bookOfJob) };
}

export type PeriodFigures = ReturnType<typeof figuresOf>;

/** The figures of a window that ends no later than the simulation. */
export function figuresOf(book: ClusterBook, window: Interval) {
  const { history, truth, nodes, jobs } = book;
  const { policies } = truth;
  const terms = termsFor(policies, window);
  const { amended, to: headMs } = history;
  return {
    period: { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() },
    nis: nisOf({ nodes, policies, amended, window, headMs }, terms.nisTarget),
    mttr: mttrOf(nodes, window, terms.mttrTargetMs),
    jobUptime: jobUptimeOf(jobs, window, terms.jobUptimeTarget),
    rollouts: rolloutsOf(truth, window),
    nfz: nfzsOf(truth, window),
  };
}
