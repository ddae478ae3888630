/** How each fact changes a no-fly zone's status: its occurrences, and up to when its rule's occurrences are listed. */
import { assertNever } from "../arithmetic/invariants.ts";
import type { Interval } from "../arithmetic/intervals.ts";
import { instantMs } from "../time/instant.ts";
import type { NfzFact, NfzStatus, Occurrence } from "./timeline.ts";

export const noStatus: NfzStatus = {
  declaration: null,
  occurrences: [],
  resolvedUntil: null,
  isCancelled: false,
};

export function isRunning(occurrence: Interval, at: number): boolean {
  return occurrence.from <= at && at < occurrence.to;
}

export function fitsStatus(status: NfzStatus, fact: NfzFact): boolean {
  const { declaration, occurrences, resolvedUntil, isCancelled } = status;
  const at = fact.occurredAt;
  switch (fact.type) {
    case "NfzDeclared":
      return declaration === null;
    case "NfzResolved":
      return declaration !== null && !isCancelled;
    case "NfzExtended":
    case "NfzShortened": {
      const from = instantMs(fact.data.occurrence);
      return occurrences.some((each) => each.from === from);
    }
    case "NfzLifted":
      return occurrences.some((each) => isRunning(each, at));
    case "NfzCancelled":
      return (
        resolvedUntil !== null || occurrences.some((each) => isRunning(each, at) || each.from > at)
      );
    default:
      return assertNever(fact, "fact of a no-fly zone");
  }
}

/** The status after a fact that fits. */
export function statusAfter(status: NfzStatus, fact: NfzFact): NfzStatus {
  const { occurrences } = status;
  const at = fact.occurredAt;
  const endRunning = (each: Occurrence): Occurrence =>
    isRunning(each, at) ? { ...each, to: at } : each;
  switch (fact.type) {
    case "NfzDeclared":
      return {
        declaration: fact,
        occurrences: byStart(listed(fact.data.occurrences)),
        resolvedUntil: msOrNull(fact.data.resolvedUntil),
        isCancelled: false,
      };
    case "NfzResolved": {
      const after = instantMs(fact.data.after);
      const kept = occurrences.filter(({ from, isNamed }) => from < after || isNamed);
      const starts = new Set(kept.map(({ from }) => from));
      const added = listed(fact.data.occurrences).filter(({ from }) => !starts.has(from));
      const resolvedUntil = msOrNull(fact.data.resolvedUntil);
      return { ...status, occurrences: byStart([...kept, ...added]), resolvedUntil };
    }
    case "NfzExtended":
    case "NfzShortened": {
      const from = instantMs(fact.data.occurrence);
      const changed = { from, to: instantMs(fact.data.to), isNamed: true };
      return {
        ...status,
        occurrences: occurrences.map((each) => (each.from === from ? changed : each)),
      };
    }
    case "NfzLifted":
      return { ...status, occurrences: occurrences.map(endRunning) };
    case "NfzCancelled": {
      const begun = occurrences.filter((each) => each.from <= at).map(endRunning);
      return { ...status, occurrences: begun, resolvedUntil: null, isCancelled: true };
    }
    default:
      return assertNever(fact, "fact of a no-fly zone");
  }
}

function listed(stated: readonly { readonly from: string; readonly to: string }[]): Occurrence[] {
  return stated.map(({ from, to }) => ({
    from: instantMs(from),
    to: instantMs(to),
    isNamed: false,
  }));
}

function byStart(occurrences: readonly Occurrence[]): Occurrence[] {
  return occurrences.toSorted((a, b) => a.from - b.from || a.to - b.to);
}

function msOrNull(instant: string | undefined): number | null {
  return instant === undefined ? null : instantMs(instant);
}
