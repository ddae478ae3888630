/**
 * Recovery time by job size. A slope near zero means that recovery does not slow down with the number of nodes. It is
 * not part of the SLA document: the last digit of a logarithm may differ between runtimes, but the document's bytes
 * must not.
 */
import type { Interval } from "../../arithmetic/intervals.ts";
import type { JobTimeline } from "../../jobs/timeline.ts";

export interface RecoveryTrend {
  /** Interruptions that ended with a resume in the window, of jobs that held nodes. */
  readonly recoveries: number;
  /** Seconds per doubling of nodes; `null` with fewer than three recoveries, or if all have one size. */
  readonly secondsPerDoubling: number | null;
  /** Its 95 % interval, by Student's t. */
  readonly from: number | null;
  readonly to: number | null;
}

/** An interruption that ended with a resume, of a job that held nodes. */
export interface Recovery {
  readonly job: string;
  /** When it was interrupted. */
  readonly from: number;
  /** Held when it was interrupted. */
  readonly nodeCount: number;
  readonly durationMs: number;
}

/** A fitted line: seconds over log2 of the number of nodes. It goes through the means, and so do the bounds of its slope. */
export interface RecoveryLine {
  readonly meanX: number;
  readonly meanSeconds: number;
  readonly slope: number;
  /** Half the length of the slope's 95 % interval. */
  readonly reach: number;
}

/** The recoveries of the window, job by job. */
export function recoveriesIn(jobs: Iterable<JobTimeline>, window: Interval): Recovery[] {
  const found: Recovery[] = [];
  for (const { job, interruptions } of jobs) {
    for (const { from, resumedAt, nodeCount } of interruptions) {
      if (resumedAt === null || resumedAt < window.from || resumedAt >= window.to) continue;
      if (nodeCount > 0) found.push({ job, from, nodeCount, durationMs: resumedAt - from });
    }
  }
  return found;
}

/** Fits a line to the recoveries of the window (ordinary least squares), to the millisecond per doubling. */
export function recoveryIn(jobs: Iterable<JobTimeline>, window: Interval): RecoveryTrend {
  return trendOf(recoveriesIn(jobs, window));
}

/** The trend of recoveries that were found. */
export function trendOf(recoveries: readonly Recovery[]): RecoveryTrend {
  const line = lineThrough(recoveries);
  const ends =
    line === null
      ? { secondsPerDoubling: null, from: null, to: null }
      : {
          secondsPerDoubling: atThird(line.slope),
          from: atThird(line.slope - line.reach),
          to: atThird(line.slope + line.reach),
        };
  return { recoveries: recoveries.length, ...ends };
}

/** `null` with fewer than three recoveries, or if all have one size. */
export function lineThrough(recoveries: readonly Recovery[]): RecoveryLine | null {
  const points = recoveries.map(({ nodeCount, durationMs }) => ({
    x: Math.log2(nodeCount),
    seconds: durationMs / 1_000,
  }));
  const count = points.length;
  if (count < 3 || points.every(({ x }) => x === points[0]?.x)) return null;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count;
  const meanSeconds = points.reduce((sum, { seconds }) => sum + seconds, 0) / count;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope =
    points.reduce((sum, { x, seconds }) => sum + (x - meanX) * (seconds - meanSeconds), 0) / spread;
  const rest = points.reduce(
    (sum, { x, seconds }) => sum + (seconds - meanSeconds - slope * (x - meanX)) ** 2,
    0,
  );
  const reach = studentT(count - 2) * Math.sqrt(rest / (count - 2) / spread);
  return { meanX, meanSeconds, slope, reach };
}

/** 0.975 quantiles of Student's t for 1, 2, 3, … degrees of freedom. */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];

/** Beyond the table, the Cornish-Fisher expansion is exact to the third decimal. */
function studentT(freedom: number): number {
  const z = 1.959964;
  const first = (z ** 3 + z) / (4 * freedom);
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
  return quantiles[freedom - 1] ?? z + first + second;
}

function atThird(value: number): number {
  // Adding 0 turns a negative zero into zero.
  return Math.round(value * 1_000) / 1_000 + 0;
}
