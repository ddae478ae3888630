/** Every occurrence that the facts of a no-fly zone ever recorded, dropped ones too, and how often each was changed. */
import type { Interval } from "../arithmetic/intervals.ts";
import { instantMs } from "../time/instant.ts";
import { noStatus, statusAfter } from "./status.ts";
import type { NfzFact, NfzTimeline } from "./timeline.ts";

/** `to` is the last one that was recorded. */
interface RecordedOccurrence extends Interval {
  /** How many facts changed it since it was recorded. */
  readonly changes: number;
  /** When the last fact that made or changed it was recorded. */
  readonly lastRecordedAt: number;
  readonly isDropped: boolean;
}

/** By `from`. */
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

/** `to` is undefined where it is not there after the fact. */
function isTouched(before: RecordedOccurrence, to: number | undefined, fact: NfzFact): boolean {
  const isNamed =
    (fact.type === "NfzExtended" || fact.type === "NfzShortened") &&
    instantMs(fact.data.occurrence) === before.from;
  const isThere = to !== undefined;
  return isNamed || isThere === before.isDropped || (isThere && to !== before.to);
}
