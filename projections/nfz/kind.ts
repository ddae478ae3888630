/** No-fly zones: the occurrences of a zone after its changes, and when none of several zones is in force. */
import { assertNever } from "../arithmetic/invariants.ts";
import type { Fact, FactOf } from "../facts/fact.ts";
import type { Finding } from "../facts/finding.ts";
import { instantMs } from "../time/instant.ts";
import { type Interval, unionSorted } from "../arithmetic/intervals.ts";
import type { EntityKind } from "../facts/entity-kind.ts";
import type { NfzFact, NfzTimeline } from "./timeline.ts";

const ranks: ReadonlyMap<string, number> = new Map(
  ["NfzDeclared", "NfzExtended", "NfzShortened", "NfzLifted", "NfzCancelled"].map((type, rank) => [
    type,
    rank,
  ]),
);

function isNfzFact(fact: Fact): fact is NfzFact {
  return ranks.has(fact.type);
}

/** The state of one no-fly zone while its facts apply. */
interface NfzFold {
  readonly nfz: string;
  declaration: FactOf<"NfzDeclared"> | null;
  occurrences: readonly Interval[];
  readonly applied: NfzFact[];
  readonly findings: Finding[];
}

export const nfzKind: EntityKind<NfzFold, NfzTimeline> = {
  initial: (nfz) => ({ nfz, declaration: null, occurrences: [], applied: [], findings: [] }),
  rank: (fact) => ranks.get(fact.type) ?? ranks.size,
  once: (fact) =>
    fact.type === "NfzExtended" || fact.type === "NfzShortened"
      ? `${fact.type} ${fact.data.occurrence}`
      : fact.type,
  fits: (fold, fact) => isNfzFact(fact) && fits(fact, fold.declaration !== null, fold.occurrences),
  evolve: (fold, fact) => {
    if (!isNfzFact(fact)) return;
    if (fact.type === "NfzDeclared") fold.declaration = fact;
    fold.occurrences = occurrencesAfter(fold.occurrences, fact);
    fold.applied.push(fact);
  },
  reject: ({ findings }, fact) => {
    if (isNfzFact(fact))
      findings.push({ kind: "nfz-does-not-fit", at: fact.occurredAt, factId: fact.id });
  },
  timeline: ({ nfz, declaration, occurrences, applied, findings }) => ({
    nfz,
    declaration,
    occurrences,
    applied: [...applied],
    findings: [...findings],
  }),
  open: ({ nfz }) => [nfz],
  // An occurrence may lie long before the first fact, and long after the last.
  closing: null,
};

function fits(fact: NfzFact, declared: boolean, occurrences: readonly Interval[]): boolean {
  const at = fact.occurredAt;
  switch (fact.type) {
    case "NfzDeclared":
      return !declared;
    case "NfzExtended":
    case "NfzShortened": {
      const from = instantMs(fact.data.occurrence);
      return occurrences.some((each) => each.from === from);
    }
    case "NfzLifted":
      return occurrences.some((each) => isRunning(each, at));
    case "NfzCancelled":
      return occurrences.some((each) => isRunning(each, at) || each.from > at);
    default:
      return assertNever(fact, "fact of a no-fly zone");
  }
}

function isRunning(occurrence: Interval, at: number): boolean {
  return occurrence.from <= at && at < occurrence.to;
}

/** The occurrences after a change that fits, by `from`. */
function occurrencesAfter(occurrences: readonly Interval[], fact: NfzFact): Interval[] {
  const at = fact.occurredAt;
  const endRunning = (each: Interval): Interval =>
    isRunning(each, at) ? { from: each.from, to: at } : each;
  switch (fact.type) {
    case "NfzDeclared":
      return fact.data.occurrences
        .map(({ from, to }) => ({ from: instantMs(from), to: instantMs(to) }))
        .sort((a, b) => a.from - b.from || a.to - b.to);
    case "NfzExtended":
    case "NfzShortened": {
      const from = instantMs(fact.data.occurrence);
      const to = instantMs(fact.data.to);
      return occurrences.map((each) => (each.from === from ? { from, to } : each));
    }
    case "NfzLifted":
      return occurrences.map(endRunning);
    case "NfzCancelled":
      return occurrences.filter((each) => each.from <= at).map(endRunning);
    default:
      return assertNever(fact, "fact of a no-fly zone");
  }
}

/** The occurrences according to the facts with `occurredAt` before the instant. */
export function occurrencesBefore(nfz: NfzTimeline, instant: number): readonly Interval[] {
  const last = nfz.applied.at(-1);
  if (last === undefined || last.occurredAt < instant) return nfz.occurrences;
  let occurrences: Interval[] = [];
  for (const fact of nfz.applied) {
    if (fact.occurredAt >= instant) break;
    occurrences = occurrencesAfter(occurrences, fact);
  }
  return occurrences;
}

/**
 * The occurrences according to the facts up to and including the instant, as an answer about that instant sees them.
 */
export function occurrencesAt(nfz: NfzTimeline, instant: number): readonly Interval[] {
  return occurrencesBefore(nfz, instant + 1);
}

/** Whether the instant lies in any occurrence. */
export function isInForce(occurrences: readonly Interval[], at: number): boolean {
  return occurrences.some((each) => isRunning(each, at));
}

/** The earliest instant at or after `at` that lies in no occurrence. */
export function firstFreeInstant(occurrences: readonly Interval[], at: number): number {
  const set = unionSorted(occurrences.toSorted((a, b) => a.from - b.from));
  return set.find((each) => isRunning(each, at))?.to ?? at;
}
