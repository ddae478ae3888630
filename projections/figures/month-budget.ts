/** How much of a whole period's error budget is spent before the period is over. */
import { type Fraction, compareFractions, decimal, roundAtNinth } from "../arithmetic/ratio.ts";
import type { NisFigure } from "./nis.ts";

interface PeriodBudget {
  /** Spent node-time as a share of the budget that the whole period will have; `null` if that is none. */
  readonly spentRatio: number | null;
  /** Whether the target is met if every member is in service for the rest of the period; `null` if there is no time. */
  readonly isReachable: boolean | null;
}

/**
 * The figure is that of the part that is over. For the rest of the period, `leftMs`, the members at its end are taken to
 * stay, and nothing is taken to be excluded; at the period's end nothing is assumed.
 */
export function periodBudget(nis: NisFigure, members: number, leftMs: number): PeriodBudget {
  const counted = BigInt(nis.memberNodeMs - nis.excludedNodeMs) + BigInt(members) * BigInt(leftMs);
  if (counted === 0n) return { spentRatio: null, isReachable: null };
  const { numerator, denominator } = decimal(nis.target);
  const budget: Fraction = { numerator: (denominator - numerator) * counted, denominator };
  const spent: Fraction = { numerator: BigInt(nis.budgetSpentNodeMs), denominator: 1n };
  const isReachable = compareFractions(spent, budget) <= 0;
  if (budget.numerator === 0n) return { spentRatio: null, isReachable };
  const quotient = {
    numerator: spent.numerator * budget.denominator,
    denominator: budget.numerator,
  };
  return { spentRatio: roundAtNinth(quotient), isReachable };
}
