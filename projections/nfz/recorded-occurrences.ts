/** Every occurrence that a no-fly zone's facts ever recorded, including dropped ones, and how often each was changed. */
import type { Interval } from "../arithmetic/intervals.ts";
import { instantMs } from "../time/instant.ts";
import { noStatus, statusAfter } from "./status.ts";
import type { NfzFact, NfzTimeline } from "./timeline.ts";

/** `to` is the last end recorded. */
interface RecordedOccurrence extends Interval {
  /** How many facts changed it since it was recorded. */
  readonly changes: number;
  /** When the last fact that made or changed it was recorded. */
  readonly lastRecordedAt: number;
  readonly isDropped: boolean;
}

/** Ordered by `from`. */
export function recordedOccurrences({ applied }: NfzTimeline): RecordedOccurrence[] {
  const recorded = new Map<number, RecordedOccurrence>();
  let status = noStatus;
  for (const fact of applied) {
    status = statusAfter(status, fact);
    const ends = new Map(status.occurrences.map(({ from, to }) => [from, to]));
    for (const from of new Set([...recorded.keys(), ...ends.keys()])) {
      const before = recorded.get(from);
      const to = ends.get(from);
      if (before !== undefined && !isTouched(before, to, fact)) continue;
      recorded.set(from, {
        from,
        to: to ?? before?.to ?? from,
        changes: before === undefined ? 0 : before.changes + 1,
        lastRecordedAt: fact.recordedAt,
        isDropped: to === undefined,
      });
    }
  }
  return [...recorded.values()].sort((a, b) => a.from - b.from);
}

/** Whether the fact changes the occurrence; `to` is its end after the fact, undefined if the occurrence is then gone. */
function isTouched(before: RecordedOccurrence, to: number | undefined, fact: NfzFact): boolean {
  const isNamed =
    (fact.type === "NfzExtended" || fact.type === "NfzShortened") &&
    instantMs(fact.data.occurrence) === before.from;
  const isThere = to !== undefined;
  return isNamed || isThere === before.isDropped || (isThere && to !== before.to);
}
