/**
 * Recovery time by job size. A slope near zero means that recovery does not slow down with the number of nodes. It is
 * not part of the SLA document: the last digit of a logarithm may differ between runtimes, but the document's bytes
 * must not.
 */
import type { Interval } from "../../arithmetic/intervals.ts";
import type { JobTimeline } from "../../jobs/timeline.ts";

interface RecoveryTrend {
  /** Interruptions that ended with a resume in the window, of jobs that held nodes. */
  readonly recoveries: number;
  /** Seconds per doubling of nodes; `null` with fewer than three recoveries, or if all have one size. */
  readonly secondsPerDoubling: number | null;
  /** Its 95 % interval, by Student's t. */
  readonly from: number | null;
  readonly to: number | null;
}

interface Point {
  /** log2 of the number of nodes held when the interruption began. */
  readonly x: number;
  readonly seconds: number;
}

/** Fits a line to the recoveries of the window (ordinary least squares), to the millisecond per doubling. */
export function recoveryIn(jobs: Iterable<JobTimeline>, window: Interval): RecoveryTrend {
  const points: Point[] = [];
  for (const { interruptions } of jobs) {
    for (const { from, resumedAt, nodeCount } of interruptions) {
      if (resumedAt === null || resumedAt < window.from || resumedAt >= window.to) continue;
      if (nodeCount > 0)
        points.push({ x: Math.log2(nodeCount), seconds: (resumedAt - from) / 1_000 });
    }
  }
  return { recoveries: points.length, ...slopeOf(points) };
}

function slopeOf(points: readonly Point[]): Omit<RecoveryTrend, "recoveries"> {
  const none = { secondsPerDoubling: null, from: null, to: null };
  const count = points.length;
  if (count < 3 || points.every(({ x }) => x === points[0]?.x)) return none;
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
  return {
    secondsPerDoubling: atThird(slope),
    from: atThird(slope - reach),
    to: atThird(slope + reach),
  };
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
