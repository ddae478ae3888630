/** The resolution of a declaration: its occurrences in UTC, as they are recorded, or the reason for a refusal. Instants in milliseconds. */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ClockNote } from "../../../projections/time/zone-table.ts";

export interface ResolvedOccurrence extends Interval {
  /** What the clocks of the recurrence's zone show at start and end, with offsets; `null` for a one-off. */
  readonly local: { readonly from: string; readonly to: string } | null;
  /** `gap`: the clocks skip the rule's local start, so it begins at a later local time. `overlap`: the local start occurs twice, and it begins at the first. */
  readonly note: ClockNote;
}

export interface Resolution {
  readonly kind: "resolved";
  readonly occurrences: readonly ResolvedOccurrence[];
  /** `null` if no later occurrences will ever have to be recorded. */
  readonly resolvedUntil: number | null;
  /** The version of the zone table; `null` for one-offs. */
  readonly tzdata: string | null;
}

export type RefusedBecause =
  | "ended"
  | "empty"
  | "in-the-past"
  | "duration"
  | "same-start"
  | "local-time-skipped"
  | "start-not-in-rule"
  | "except-names-nothing"
  | "no-occurrence"
  | "endless";

/** Answered with 422 `window-refused`. */
export interface WindowRefusal {
  readonly kind: "refused";
  readonly because: RefusedBecause;
  readonly message: string;
}

export function refusal(because: RefusedBecause, message: string): WindowRefusal {
  return { kind: "refused", because, message };
}

/** An occurrence in the form of events. */
export interface OccurrenceData {
  readonly from: string;
  readonly to: string;
}

export function occurrenceData(occurrences: readonly Interval[]): OccurrenceData[] {
  return occurrences.map(({ from, to }) => ({ from: formatInstant(from), to: formatInstant(to) }));
}

/** The members of `NfzDeclared` that come from the resolution. */
export function declaredData({ occurrences, resolvedUntil, tzdata }: Resolution): {
  readonly occurrences: readonly OccurrenceData[];
  readonly resolvedUntil?: string;
  readonly tzdata?: string;
} {
  return {
    occurrences: occurrenceData(occurrences),
    ...(resolvedUntil === null ? {} : { resolvedUntil: formatInstant(resolvedUntil) }),
    ...(tzdata === null ? {} : { tzdata }),
  };
}
