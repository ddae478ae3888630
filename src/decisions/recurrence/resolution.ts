/** What a declaration is resolved to: occurrences in UTC as they are recorded, or why it is refused. Instants in milliseconds. */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ClockNote } from "../../../projections/time/zone-table.ts";

export interface ResolvedOccurrence extends Interval {
  /** What clocks of the recurrence's zone show at its start and end, with the offset; `null` for a one-off. */
  readonly local: { readonly from: string; readonly to: string } | null;
  /** `gap`: the rule's local start is skipped, and it begins later by the clock. `overlap`: its local start happens twice, and it begins at the first. */
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

/** An occurrence as events hold it. */
export interface OccurrenceData {
  readonly from: string;
  readonly to: string;
}

export function occurrenceData(occurrences: readonly Interval[]): OccurrenceData[] {
  return occurrences.map(({ from, to }) => ({ from: formatInstant(from), to: formatInstant(to) }));
}

/** The members of `NfzDeclared` that the resolution makes. */
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
