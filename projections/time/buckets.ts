/** Cuts a window at the calendar of a time zone: at hours of each day, days, weeks or months. */
import type { ZoneOffsets } from "./zone-table.ts";
import { firstInstantAtOrAfterLocal, offsetMsAt } from "./zone-table.ts";
import type { Interval } from "../arithmetic/intervals.ts";

export const bucketNames = ["1h", "3h", "6h", "12h", "1d", "1w", "1mo"] as const;
export type BucketName = (typeof bucketNames)[number];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The instants at which the window is cut, in ascending order: its start first, its end last. Hours count from the
 * first instant of each day: where clocks change, the last piece of the day is shorter, or there is one more. `null` if
 * there would be more than `most` pieces.
 */
export function bucketEdges(
  window: Interval,
  bucket: BucketName,
  zone: ZoneOffsets,
  most: number,
): number[] | null {
  const edges = [window.from];
  for (const edge of edgesAfter(window, bucket, zone)) {
    if (edges.length > most) return null;
    edges.push(edge);
  }
  return edges;
}

/** Whether an hour, day, week or month begins at the instant. */
export function isBucketEdge(instant: number, bucket: BucketName, zone: ZoneOffsets): boolean {
  const around = { from: instant - 1, to: instant + 1 };
  return bucketEdges(around, bucket, zone, 2)?.includes(instant) ?? false;
}

function* edgesAfter(
  { from, to }: Interval,
  bucket: BucketName,
  zone: ZoneOffsets,
): Generator<number> {
  const hours = /^(\d+)h$/.exec(bucket)?.[1];
  let last = from;
  for (let local = startOf(bucket, from + offsetMsAt(zone, from)); ;) {
    const next = nextStart(bucket, local);
    const [begin, end] = [
      firstInstantAtOrAfterLocal(zone, local),
      firstInstantAtOrAfterLocal(zone, next),
    ];
    const step = hours === undefined ? Infinity : Number(hours) * hourMs;
    for (let edge = begin; edge < end && edge < to; edge += step) {
      if (edge > last) {
        yield edge;
        last = edge;
      }
    }
    if (end >= to) break;
    local = next;
  }
  yield to;
}

/** The start of the day, week or month that contains a local time; local times are written as if they were UTC. */
function startOf(bucket: BucketName, local: number): number {
  const date = new Date(local);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (bucket === "1mo") return localDate(year, month, 1);
  if (bucket === "1w") return localDate(year, month, day - ((date.getUTCDay() + 6) % 7));
  return localDate(year, month, day);
}

function nextStart(bucket: BucketName, local: number): number {
  const date = new Date(local);
  if (bucket === "1mo") return localDate(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return local + (bucket === "1w" ? 7 : 1) * dayMs;
}

function localDate(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}
