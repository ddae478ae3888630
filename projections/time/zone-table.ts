/**
 * Time zones as folds use them. The table is pinned elsewhere and passed in, so that a figure depends on the table's
 * version and not on the machine.
 */
import { at } from "../arithmetic/invariants.ts";

/** Offset changes of one zone: `offsetsMs[i]` holds from `untilsMs[i - 1]` (from always, for 0) until `untilsMs[i]`; the last offset has no end. */
export interface ZoneOffsets {
  /** Instants in milliseconds, ascending. Times past the last one (or an entry of Infinity) keep the last offset. */
  readonly untilsMs: readonly number[];
  /** Milliseconds that local time is ahead of UTC. */
  readonly offsetsMs: readonly number[];
}

/** A versioned table of IANA zones. */
export interface ZoneTable {
  /** The version of the IANA time-zone database, such as `2026a`. */
  readonly version: string;
  /** The zone of exactly that name, or `null`. */
  zone(name: string): ZoneOffsets | null;
}

/** How far local time is ahead of UTC at an instant, in milliseconds; negative where it is behind. */
export function offsetMsAt(zone: ZoneOffsets, utcMs: number): number {
  const { untilsMs, offsetsMs } = zone;
  let low = 0;
  let high = offsetsMs.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (utcMs < at(untilsMs, middle)) high = middle;
    else low = middle + 1;
  }
  return at(offsetsMs, low);
}

/**
 * The first instant at which the zone's clocks show `localMs` or later; `localMs` is the local time written as if it
 * were UTC. For a skipped local time it is the instant of the change, for one that occurs twice the first of the two.
 */
export function firstInstantAtOrAfterLocal(zone: ZoneOffsets, localMs: number): number {
  const { untilsMs, offsetsMs } = zone;
  let begin = -Infinity;
  for (let i = 0; i < offsetsMs.length; i++) {
    const until = untilsMs[i] ?? Infinity;
    const instant = Math.max(begin, localMs - at(offsetsMs, i));
    if (instant < until || i === offsetsMs.length - 1) return instant;
    begin = until;
  }
  return localMs;
}
