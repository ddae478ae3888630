/** Since when a target of nodes in service cannot be met any more in a window. */
import type { Interval } from "../arithmetic/intervals.ts";
import { at } from "../arithmetic/invariants.ts";
import { decimal } from "../arithmetic/ratio.ts";
import type { BucketName } from "../time/buckets.ts";
import { bucketEdges } from "../time/buckets.ts";
import { zoneNamed } from "../time/period.ts";
import type { ZoneTable } from "../time/zone-table.ts";
import type { ClusterView } from "../view.ts";
import { seriesInSteps } from "./series/series.ts";

interface Asked {
  readonly window: Interval;
  readonly target: number;
  /** That of the terms, in which hours and days begin. */
  readonly zone: string;
}

const names = ["nis.memberNodeMs", "nis.excludedNodeMs", "nis.inServiceNodeMs"] as const;

/** Years of days; a longer window has no such instant. */
const mostBuckets = 1_500;

/**
 * The end of the hour in which the error budget of the whole window was spent: what is out of service is never in service again,
 * so from then on the target is missed whatever follows in the window. The window of a period that is not over ends where the
 * ledger does. `null` if the budget is not spent.
 */
export function* missedSinceInSteps(
  view: ClusterView,
  { window, target, zone }: Asked,
  zones: ZoneTable,
): Generator<undefined, number | null> {
  const offsets = zoneNamed(zone, zones);
  const spentBy = function* (part: Interval, bucket: BucketName) {
    const edges = bucketEdges(part, bucket, offsets, mostBuckets);
    if (edges === null) return null;
    const series = yield* seriesInSteps(view, edges, names, zones);
    const sum = (name: (typeof names)[number], i: number) => at(series[name] ?? [], i) ?? 0;
    const counted = edges
      .slice(1)
      .map((_, i) => sum("nis.memberNodeMs", i) - sum("nis.excludedNodeMs", i));
    const spent = counted.map((ms, i) => ms - sum("nis.inServiceNodeMs", i));
    return { edges, counted, spent };
  };
  const days = yield* spentBy(window, "1d");
  if (days === null) return null;
  const countedNodeMs = days.counted.reduce((all, ms) => all + ms, 0);
  const { numerator, denominator } = decimal(target);
  const isBeyond = (ms: number) =>
    BigInt(ms) * denominator > (denominator - numerator) * BigInt(countedNodeMs);
  const day = firstBeyond(days.spent, 0, isBeyond);
  if (day === null) return null;
  const hours = yield* spentBy(
    { from: at(days.edges, day.index), to: at(days.edges, day.index + 1) },
    "1h",
  );
  const hour = hours === null ? null : firstBeyond(hours.spent, day.before, isBeyond);
  return hour === null || hours === null
    ? at(days.edges, day.index + 1)
    : at(hours.edges, hour.index + 1);
}

/** The first piece by the end of which the sum is beyond, and the sum before it. */
function firstBeyond(
  spent: readonly number[],
  start: number,
  isBeyond: (ms: number) => boolean,
): { readonly index: number; readonly before: number } | null {
  let before = start;
  for (const [index, ms] of spent.entries()) {
    if (isBeyond(before + ms)) return { index, before };
    before += ms;
  }
  return null;
}
