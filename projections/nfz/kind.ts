/** The fold of no-fly zones: the occurrences of a zone after its changes, and the next instant without any. */
import type { Fact } from "../facts/fact.ts";
import type { Finding } from "../facts/finding.ts";
import { type Interval, unionSorted } from "../arithmetic/intervals.ts";
import type { EntityKind } from "../facts/entity-kind.ts";
import { fitsStatus, isRunning, noStatus, statusAfter } from "./status.ts";
import type { NfzFact, NfzStatus, NfzTimeline, Occurrence } from "./timeline.ts";

const ranks: ReadonlyMap<string, number> = new Map(
  ["NfzDeclared", "NfzResolved", "NfzExtended", "NfzShortened", "NfzLifted", "NfzCancelled"].map(
    (type, rank) => [type, rank],
  ),
);

function isNfzFact(fact: Fact): fact is NfzFact {
  return ranks.has(fact.type);
}

/** The state of one no-fly zone while its facts are applied. */
interface NfzFold {
  readonly nfz: string;
  status: NfzStatus;
  readonly applied: NfzFact[];
  readonly findings: Finding[];
}

export const nfzKind: EntityKind<NfzFold, NfzTimeline> = {
  initial: (nfz) => ({ nfz, status: noStatus, applied: [], findings: [] }),
  rank: (fact) => ranks.get(fact.type) ?? ranks.size,
  once: (fact) =>
    fact.type === "NfzExtended" || fact.type === "NfzShortened"
      ? `${fact.type} ${fact.data.occurrence}`
      : fact.type,
  fits: ({ status }, fact) => isNfzFact(fact) && fitsStatus(status, fact),
  evolve: (fold, fact) => {
    if (!isNfzFact(fact)) return;
    fold.status = statusAfter(fold.status, fact);
    fold.applied.push(fact);
  },
  reject: ({ findings }, fact) => {
    if (isNfzFact(fact))
      findings.push({ kind: "nfz-does-not-fit", at: fact.occurredAt, factId: fact.id });
  },
  timeline: ({ nfz, status, applied, findings }) => ({
    nfz,
    ...status,
    applied: [...applied],
    findings: [...findings],
  }),
  open: ({ nfz }) => [nfz],
  // None: an occurrence may lie long before the first fact or long after the last.
  closing: null,
};

/** The status after the facts before an instant. */
export function nfzBefore(nfz: NfzTimeline, instant: number): NfzStatus {
  const last = nfz.applied.at(-1);
  if (last === undefined || last.occurredAt < instant) return nfz;
  return nfz.applied.filter(({ occurredAt }) => occurredAt < instant).reduce(statusAfter, noStatus);
}

/** The status after the facts up to and including an instant. */
export function nfzAt(nfz: NfzTimeline, instant: number): NfzStatus {
  return nfzBefore(nfz, instant + 1);
}

/**
 * The occurrences after the facts up to and including the instant, which is what an answer about that instant uses.
 */
export function occurrencesAt(nfz: NfzTimeline, instant: number): readonly Occurrence[] {
  return nfzAt(nfz, instant).occurrences;
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
