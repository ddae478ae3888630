/** What is derived for one NFZ. Instants in milliseconds; intervals `[from, to)`; `to` is Infinity for what has no end. */
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
  /** Whether an extension or a shortening named it: what lists occurrences anew leaves it as it is. */
  readonly isNamed: boolean;
}

/** What the facts of an NFZ leave. */
export interface NfzStatus {
  readonly declaration: FactOf<"NfzDeclared"> | null;
  /** By `from`; one that was skipped, or lifted at its very start, is empty. */
  readonly occurrences: readonly Occurrence[];
  /** Up to where the occurrences of its rule are listed; `null` if it has no later ones. */
  readonly resolvedUntil: number | null;
  readonly isCancelled: boolean;
}

export interface NfzTimeline extends NfzStatus {
  readonly nfz: string;
  /** The facts that applied, in the order in which they did. */
  readonly applied: readonly NfzFact[];
  readonly findings: readonly Finding[];
}
