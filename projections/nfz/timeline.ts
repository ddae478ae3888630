/** The timeline of one NFZ. Instants in milliseconds; intervals `[from, to)`; `to` is Infinity for an interval without end. */
import type { Interval } from "../arithmetic/intervals.ts";
import type { Fact, FactOf } from "../facts/fact.ts";
import type { Finding } from "../facts/finding.ts";

export type NfzFact = Extract<
  Fact,
  {
    type:
      | "NfzDeclared"
      | "NfzResolved"
      | "NfzExtended"
      | "NfzShortened"
      | "NfzLifted"
      | "NfzCancelled";
  }
>;

export interface Occurrence extends Interval {
  /** Whether an extension or a shortening named it; if so, a later listing of occurrences leaves it unchanged. */
  readonly isNamed: boolean;
}

/** The state of an NFZ after its facts. */
export interface NfzStatus {
  readonly declaration: FactOf<"NfzDeclared"> | null;
  /** Ordered by `from`. An occurrence that was skipped, or lifted at its very start, is empty. */
  readonly occurrences: readonly Occurrence[];
  /** Up to when the occurrences of its rule are listed; `null` if there are none after the listed ones. */
  readonly resolvedUntil: number | null;
  readonly isCancelled: boolean;
}

export interface NfzTimeline extends NfzStatus {
  readonly nfz: string;
  /** The facts that fit, in the order in which they were applied. */
  readonly applied: readonly NfzFact[];
  readonly findings: readonly Finding[];
}
