/** Where no-fly zones are declared and changed. */
import type { Rule } from "./rule.ts";
import type { DecisionLog } from "../../setting/decision-log.ts";
import type { NfzTruth } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";

/** The desk at which zones are declared and changed: no two decisions about them are of one instant. */
export interface NfzDesk {
  readonly random: Random;
  readonly log: DecisionLog;
  readonly end: number;
  readonly taken: Set<number>;
}

/** A zone that is declared to the ledger: one truth for each of its clusters, by name. */
export interface DeclaredNfz {
  readonly nfz: string;
  readonly truths: ReadonlyMap<string, NfzTruth>;
  readonly rule: Rule | null;
  lastAt: number;
}

/** Who declares and changes zones. */
export const keeper = "change-board";

/** The instant of the next decision from `at` on. */
export function freeInstant({ taken }: NfzDesk, at: number): number {
  let free = at;
  while (taken.has(free)) free++;
  taken.add(free);
  return free;
}
