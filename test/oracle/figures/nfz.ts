import { applyInTheOrderThatFits } from "../facts/fitting-order.ts";
import {
  compareText,
  groupBy,
  instantText,
  milliseconds,
  required,
} from "../facts/oracle-event.ts";
import type { OracleFact, OracleFinding } from "../facts/oracle-event.ts";
import { contains } from "../facts/period.ts";
import type { Window } from "../facts/period.ts";

export interface OracleNfz {
  readonly nfz: string;
  readonly occurrences: readonly { from: string; to: string }[];
}

/** A no-fly zone after all its changes; undeclared ones have no occurrences. */
export interface NfzCalendar {
  readonly nfz: string;
  readonly occurrences: readonly Window[];
  readonly findings: readonly OracleFinding[];
}

/** rules.md, "Rollouts and NFZ": the occurrences of one no-fly zone after the given facts. */
function calendarOf(nfz: string, facts: readonly OracleFact[]): NfzCalendar {
  let occurrences: Window[] = [];
  let declared = false;
  const named = (fact: OracleFact): number => milliseconds(fact.data.occurrence);
  const endRunning = (at: number): Window[] =>
    occurrences.map((one) => (contains(one, at) ? { from: one.from, to: at } : one));

  const misfits = applyInTheOrderThatFits(facts, {
    ranks: ["NfzDeclared", "NfzExtended", "NfzShortened", "NfzLifted", "NfzCancelled"],
    onceAtAnInstant: (fact) =>
      fact.data.occurrence === undefined ? fact.type : `${fact.type} ${named(fact)}`,
    fits: (fact) => {
      switch (fact.type) {
        case "NfzDeclared":
          return !declared;
        case "NfzLifted":
          return occurrences.some((one) => contains(one, fact.at));
        case "NfzCancelled":
          return occurrences.some((one) => contains(one, fact.at) || one.from > fact.at);
        default:
          return occurrences.some((one) => one.from === named(fact));
      }
    },
    apply: (fact) => {
      switch (fact.type) {
        case "NfzDeclared":
          declared = true;
          occurrences = required(fact.data.occurrences, "occurrences").map((one) => ({
            from: milliseconds(one.from),
            to: milliseconds(one.to),
          }));
          return;
        case "NfzLifted":
          occurrences = endRunning(fact.at);
          return;
        case "NfzCancelled":
          occurrences = endRunning(fact.at).filter((one) => one.from <= fact.at);
          return;
        default:
          occurrences = occurrences.map((one) =>
            one.from === named(fact) ? { from: one.from, to: milliseconds(fact.data.to) } : one,
          );
      }
    },
  });
  return {
    nfz,
    occurrences,
    findings: misfits.map((fact) => ({ kind: "nfz-does-not-fit", fact })),
  };
}

export function nfzCalendars(facts: readonly OracleFact[]): NfzCalendar[] {
  const ofNfzs = facts.filter((fact) => fact.type.startsWith("Nfz"));
  return [...groupBy(ofNfzs, (fact) => required(fact.data.nfz, "nfz"))].map(([nfz, mine]) =>
    calendarOf(nfz, mine),
  );
}

/** The occurrences that touch the window, whole; no-fly zones without any are left out. */
export function nfzSection(calendars: readonly NfzCalendar[], window: Window): OracleNfz[] {
  return [...calendars]
    .sort((a, b) => compareText(a.nfz, b.nfz))
    .map(({ nfz, occurrences }) => ({
      nfz,
      occurrences: [...occurrences]
        .filter((one) => Math.max(one.from, window.from) < Math.min(one.to, window.to))
        .sort((a, b) => a.from - b.from || a.to - b.to)
        .map((one) => ({ from: instantText(one.from), to: instantText(one.to) })),
    }))
    .filter(({ occurrences }) => occurrences.length > 0);
}
