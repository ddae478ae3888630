/** What is derived for one NFZ. Instants in milliseconds; intervals `[from, to)`; `to` is Infinity for what has no end. */
import type { Interval } from "../arithmetic/intervals.ts";
import type { Fact, FactOf } from "../facts/fact.ts";
import type { Finding } from "../facts/finding.ts";

export type NfzFact = Extract<
  Fact,
  { type: "NfzDeclared" | "NfzExtended" | "NfzShortened" | "NfzLifted" | "NfzCancelled" }
>;

export interface NfzTimeline {
  readonly nfz: string;
  readonly declaration: FactOf<"NfzDeclared"> | null;
  /** After all changes, sorted by `from`. An occurrence that was lifted at its very start is empty. */
  readonly occurrences: readonly Interval[];
  /** The facts that applied, in the order in which they did. */
  readonly applied: readonly NfzFact[];
  readonly findings: readonly Finding[];
}
