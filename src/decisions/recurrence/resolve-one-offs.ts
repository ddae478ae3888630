/** Resolves occurrences that are given one by one. */
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { maxOccurrenceMs, maxPastStartMs } from "../../limits/nfz.ts";
import { refusal } from "./resolution.ts";
import type { RefusedBecause, Resolution, WindowRefusal } from "./resolution.ts";

/** Instants as text. Without `from`, it begins when it is declared. */
export interface OneOff {
  readonly from?: string | undefined;
  readonly to: string;
}

type Check = readonly [RefusedBecause, (each: Interval, t: number) => string | null];

/** The checks of an occurrence, in order; the first that any occurrence fails is reported. */
const checks: readonly Check[] = [
  [
    "ended",
    ({ to }, t) =>
      to > t
        ? null
        : `ends at ${formatInstant(to)}, and it is ${formatInstant(t)} already: give an end in the future`,
  ],
  [
    "empty",
    ({ from, to }) =>
      to > from
        ? null
        : `ends at ${formatInstant(to)} and begins at ${formatInstant(from)}: give an end after its start`,
  ],
  [
    "in-the-past",
    ({ from }, t) =>
      from >= t - maxPastStartMs
        ? null
        : `begins at ${formatInstant(from)}, more than five minutes before ${formatInstant(t)}: leave out "from" to begin now`,
  ],
  [
    "duration",
    ({ from, to }) =>
      to - from <= maxOccurrenceMs
        ? null
        : `lasts from ${formatInstant(from)} to ${formatInstant(to)}: 366 days are the most`,
  ],
];

/** Resolves, as of t, instants whose form has been checked. */
export function resolveOneOffs(oneOffs: readonly OneOff[], t: number): Resolution | WindowRefusal {
  const occurrences = oneOffs.map(({ from, to }) => ({
    from: from === undefined ? t : msOf(from),
    to: msOf(to),
    local: null,
    note: null,
  }));
  for (const [because, check] of checks) {
    for (const [i, each] of occurrences.entries()) {
      const message = check(each, t);
      if (message !== null) return refusal(because, `/occurrences/${i} ${message}`);
    }
  }
  const indexes = new Map<number, number>();
  for (const [i, { from }] of occurrences.entries()) {
    const first = indexes.get(from);
    if (first !== undefined) {
      return refusal(
        "same-start",
        `/occurrences/${first} and /occurrences/${i} both begin at ${formatInstant(from)}: an occurrence is named by its start, so declare one that lasts as long as both`,
      );
    }
    indexes.set(from, i);
  }
  return { kind: "resolved", occurrences, resolvedUntil: null, tzdata: null };
}

function msOf(text: string): number {
  const ms = parseInstant(text);
  if (ms === null) throw new RangeError(`not an instant: ${text}`);
  return ms;
}
