/**
 * Expands a rule to its occurrences. The library expands floating local times, passed to it as UTC; the ledger's own zone
 * table then converts them to real UTC. COUNT and UNTIL are applied here, because the library would search for as many
 * occurrences as COUNT says, however far away, and knows no zone in which to compare UNTIL.
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
  /** The start that the rule gives; `note` says if the zone's clocks skip it or show it twice. */
  readonly localMs: number;
  readonly note: ClockNote;
}

/** The expansion of one recurrence. */
export interface Expansion {
  /** The starts in `[from, to)`, ascending. */
  within(from: number, to: number): OccurrenceStart[];
  /** Whether the rule makes an occurrence at or after the instant. */
  hasStartFrom(instant: number): boolean;
  /** Of these local times, those at which the rule has an occurrence that begins before the instant. */
  localStartsAmong(localMs: readonly number[], before: number): Set<number>;
}

const dayMs = 86_400_000;

/** More than any clock differs from UTC. */
export const farthestFromUtcMs = 2 * dayMs;

/** The longest range of one call to the library: at most 5,845 occurrences, however far away the start is. */
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
      // If a zone skips a whole day, the same local time on two days is one instant.
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
    // The calendar repeats: a rule without an end that has a first occurrence has infinitely many.
    if (rule.untilMs === null) return true;
    let from = instant;
    // The windows grow, so that near occurrences are found at once and missing ones with few calls.
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
 * The starts that COUNT leaves, from the rule's first start at least up to a local time. They are always counted from
 * the first one, and each is computed once.
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
 * A later start from which the rule has the same occurrences from `from` on: a whole number of intervals of days or weeks
 * after the real start. The library counts days from the start, so a start long ago would take seconds. Months and years
 * need no such start: there are few, and they have no fixed length.
 */
function laterStart({ rule, startLocalMs }: ReadRecurrence, from: number): number {
  const days = rule.frequency === "DAILY" ? 1 : rule.frequency === "WEEKLY" ? 7 : null;
  if (days === null || from <= startLocalMs) return startLocalMs;
  const stepMs = rule.interval * days * dayMs;
  return startLocalMs + Math.floor((from - startLocalMs) / stepMs) * stepMs;
}
