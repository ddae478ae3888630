/**
 * The simulator's own books: the figures of the SLA document, kept from the intervals that the
 * simulator made and from nothing else. They share no code with the folds and never look at the facts;
 * what they share with the document are the names (docs/measures.md).
 */
import { monthsOf, quartersOf } from "./calendar.ts";
import { bookOfJob, type JobBook } from "./job-marks.ts";
import { jobUptimeOf } from "./jobs.ts";
import { mttrOf } from "./mttr.ts";
import { nisOf } from "./nis.ts";
import { bookOfNode, type NodeBook } from "./nodes.ts";
import { termsFor } from "./policy.ts";
import { nfzsOf, rolloutsOf } from "./rollouts.ts";
import type { ClusterTruth, History, Interval } from "../setting/history.ts";

/** One cluster's intervals, marked once for all windows. */
export interface ClusterBook {
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

/** The books as they are written out. */
export interface Truth {
  readonly scenario: string;
  readonly seed: number;
  readonly days: number;
  readonly clusters: Record<string, { zone: string; periods: Record<string, PeriodFigures> }>;
}

/** Every calendar month and quarter that the simulation touches, in the policy's zone, and the whole of it. */
export function keepBooks(history: History): Truth {
  const clusters = history.clusters.map((truth) => {
    const book = openBook(history, truth);
    const whole = { from: history.from, to: history.to };
    const label = `${new Date(whole.from).toISOString()}/${new Date(whole.to).toISOString()}`;
    const windows = [
      ...monthsOf(truth.zone, whole),
      ...quartersOf(truth.zone, whole),
      { label, ...whole },
    ];
    const periods = windows.map(({ label: name, from, to }) => {
      return [name, figuresOf(book, { from, to: Math.min(to, history.to) })] as const;
    });
    return [truth.cluster, { zone: truth.zone, periods: Object.fromEntries(periods) }] as const;
  });
  const { scenario, seed, days } = history;
  return { scenario, seed, days, clusters: Object.fromEntries(clusters) };
}
