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

/** How a local time stands to the clocks of its zone: it exists once, it is skipped, or it happens twice. */
export type ClockNote = "gap" | "overlap" | null;

/**
 * The instant of a local time, which is written as if it were UTC. One that happens twice is the first; one
 * that is skipped is taken with the offset before the gap (RFC 5545, 3.3.5 with erratum 4271).
 */
export function instantOfLocal(
  zone: ZoneOffsets,
  localMs: number,
): { readonly instant: number; readonly note: ClockNote } {
  const { untilsMs, offsetsMs } = zone;
  let begin = -Infinity;
  for (let i = 0; i < offsetsMs.length; i++) {
    const until = untilsMs[i] ?? Infinity;
    const instant = localMs - at(offsetsMs, i);
    if (instant < begin) return { instant: localMs - at(offsetsMs, i - 1), note: "gap" };
    if (instant < until || i === offsetsMs.length - 1)
      return { instant, note: happensAgain(zone, localMs, i + 1) ? "overlap" : null };
    begin = until;
  }
  throw new RangeError("a zone without offsets");
}

/** No clock is set back by more than a day. */
const longestSetBackMs = 86_400_000;

/** Whether the zone's clocks show the local time under the offset at that index, or one that soon follows. */
function happensAgain(
  { untilsMs, offsetsMs }: ZoneOffsets,
  localMs: number,
  from: number,
): boolean {
  for (let i = from; i < offsetsMs.length; i++) {
    const begin = at(untilsMs, i - 1);
    const instant = localMs - at(offsetsMs, i);
    if (instant >= begin && instant < (untilsMs[i] ?? Infinity)) return true;
    if (instant < begin - longestSetBackMs) return false;
  }
  return false;
}
