/**
 * The occurrences of a rule. The rule runs on floating local times, for which the library is asked in UTC;
 * the ledger's own table of zones brings them to UTC afterwards. COUNT and UNTIL are applied here: the
 * library would search for as many as COUNT says, however far away, and knows no zone to hold UNTIL against.
 */
import { RRuleTemporal } from "rrule-temporal";
import { formatInstant } from "../../../projections/time/instant.ts";
import { instantOfLocal } from "../../../projections/time/zone-table.ts";
import type { ClockNote } from "../../../projections/time/zone-table.ts";
import { horizonMs } from "../../limits/nfz.ts";
import type { ReadRecurrence } from "./recurrence.ts";

/** The start of an occurrence. */
export interface OccurrenceStart {
  readonly from: number;
  /** As the rule says it; `note` tells when the zone's clocks show something else, or show it twice. */
  readonly localMs: number;
  readonly note: ClockNote;
}

/** The expansion of one recurrence. */
export interface Expansion {
  /** The starts in `[from, to)`, rising. */
  within(from: number, to: number): OccurrenceStart[];
  /** Whether the rule makes an occurrence at or after the instant. */
  hasStartFrom(instant: number): boolean;
  /** Of these local times, the ones at which the rule makes an occurrence that begins before the instant. */
  localStartsAmong(localMs: readonly number[], before: number): Set<number>;
}

const dayMs = 86_400_000;

/** No clock differs from UTC by as much as this. */
export const farthestFromUtcMs = 2 * dayMs;

/** One question to the library: no more than 5,845 occurrences, however far away the start is. */
const longestQuestionMs = 16 * 366 * dayMs;

export function expansionOf(recurrence: ReadRecurrence): Expansion {
  const { rule, startLocalMs, zone } = recurrence;
  const countedStarts = rule.count === null ? null : firstStarts(recurrence, rule.count);

  /** Local starts in `[from, to]`. */
  const localStarts = (from: number, to: number): readonly number[] =>
    countedStarts === null
      ? patternStarts(recurrence, Math.max(from, startLocalMs), to)
      : countedStarts(to).filter((localMs) => localMs >= from && localMs <= to);

  const within = (from: number, to: number): OccurrenceStart[] => {
    const starts: OccurrenceStart[] = [];
    for (const localMs of localStarts(from - farthestFromUtcMs, to + farthestFromUtcMs)) {
      const { instant, note } = instantOfLocal(zone, localMs);
      if (instant < from || instant >= to || instant > (rule.untilMs ?? Infinity)) continue;
      // Where a zone leaves out a whole day, the same time of two days is one instant.
      if (starts.at(-1)?.from !== instant) starts.push({ from: instant, localMs, note });
    }
    return starts;
  };

  const hasStartFrom = (instant: number): boolean => {
    if (rule.count !== null) {
      const before = localStarts(startLocalMs, instant + farthestFromUtcMs).filter(
        (localMs) => instantOfLocal(zone, localMs).instant < instant,
      );
      return before.length < rule.count;
    }
    // The calendar repeats itself: a rule without an end that makes its start goes on for ever.
    if (rule.untilMs === null) return true;
    let from = instant;
    // Longer and longer windows: what comes soon is found at once, what comes never in few questions.
    for (let lengthMs = horizonMs; from <= rule.untilMs; lengthMs *= 2) {
      const to = Math.min(from + lengthMs, rule.untilMs + 1);
      if (within(from, to).length > 0) return true;
      from = to;
    }
    return false;
  };

  const localStartsAmong = (asked: readonly number[], before: number): Set<number> => {
    const wanted = new Set(asked);
    const last = Math.min(Math.max(...asked), before + farthestFromUtcMs);
    return new Set(
      localStarts(Math.min(...asked), last).filter((localMs) => {
        if (!wanted.has(localMs)) return false;
        const { instant } = instantOfLocal(zone, localMs);
        return instant < before && instant <= (rule.untilMs ?? Infinity);
      }),
    );
  };

  return { within, hasStartFrom, localStartsAmong };
}

/**
 * The starts that COUNT leaves, from the rule's first at least up to a local time. They are counted from the
 * first one on, each once, whatever is asked.
 */
function firstStarts(recurrence: ReadRecurrence, count: number): (to: number) => readonly number[] {
  const found: number[] = [];
  let next = recurrence.startLocalMs;
  return (to) => {
    while (next <= to && found.length < count) {
      const end = Math.min(to, next + longestQuestionMs);
      found.push(...patternStarts(recurrence, next, end).slice(0, count - found.length));
      next = end + 1;
    }
    return found;
  };
}

/** The local starts in `[from, to]`, from the rule's first on, without COUNT and UNTIL. */
function patternStarts(recurrence: ReadRecurrence, from: number, to: number): number[] {
  if (from > to) return [];
  const start = formatInstant(laterStart(recurrence, from)).slice(0, 19).replaceAll(/[-:]/g, "");
  const library = new RRuleTemporal({
    rruleString: `DTSTART:${start}Z\nRRULE:${recurrence.rule.pattern}`,
    cache: false,
  });
  const found = library
    .between(new Date(from), new Date(to), true)
    .map(({ epochMilliseconds }) => epochMilliseconds);
  const { months } = recurrence.rule;
  if (months === null) return found;
  return found.filter((localMs) => months.has(new Date(localMs).getUTCMonth() + 1));
}

/**
 * A start from which the rule makes the same occurrences from `from` on: whole intervals of days or weeks
 * later. The library counts days from the start, so one that is long ago would cost seconds. Months and
 * years are few, and have no fixed length.
 */
function laterStart({ rule, startLocalMs }: ReadRecurrence, from: number): number {
  const days = rule.frequency === "DAILY" ? 1 : rule.frequency === "WEEKLY" ? 7 : null;
  if (days === null || from <= startLocalMs) return startLocalMs;
  const stepMs = rule.interval * days * dayMs;
  return startLocalMs + Math.floor((from - startLocalMs) / stepMs) * stepMs;
}
