/** How fast the error budget is being spent. */
import type { NodeTimeline } from "../nodes/timeline.ts";
import { type NisFigure, nisIn } from "./nis.ts";
import type { Interval } from "../arithmetic/intervals.ts";
import { decimal, roundAtNinth } from "../arithmetic/ratio.ts";

const hourMs = 3_600_000;
const longestHours = 72;

/**
 * Burn rates: at 1 the budget is spent exactly by the end of the window; `null` if there is nothing to measure or no
 * budget.
 */
export interface BurnRates {
  readonly oneHour: number | null;
  readonly sixHours: number | null;
  readonly threeDays: number | null;
  readonly period: number | null;
}

/**
 * Burn rates over the last 1 h, 6 h and 3 d before the window's end, and over the whole window, whose NIS is given.
 * `excludedNodeMs` computes how much of a shorter window is excluded.
 */
export function burnRates(
  nodes: readonly NodeTimeline[],
  window: Interval,
  nis: NisFigure,
  excludedNodeMs: (window: Interval) => number,
): BurnRates {
  const steps = burnRatesInSteps(nodes, window, nis, excludedNodeMs);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same, one rate with each step. */
export function* burnRatesInSteps(
  nodes: readonly NodeTimeline[],
  window: Interval,
  nis: NisFigure,
  excludedNodeMs: (window: Interval) => number,
): Generator<undefined, BurnRates> {
  const lastHours = (hours: number): number | null => {
    const part = { from: window.to - hours * hourMs, to: window.to };
    const excluded = { exclusions: [], announcedLate: [], excludedNodeMs: excludedNodeMs(part) };
    return burnRate(nisIn(nodes, part, nis.target, excluded));
  };
  const oneHour = lastHours(1);
  yield;
  const sixHours = lastHours(6);
  yield;
  return { oneHour, sixHours, threeDays: lastHours(longestHours), period: burnRate(nis) };
}

/** The window, extended to the start of the longest look-back of its burn rates. */
export function withLookBack({ from, to }: Interval): Interval {
  return { from: Math.min(from, to - longestHours * hourMs), to };
}

/** The budget spent over the budget; `null` if there is nothing to measure or no budget. */
export function burnRate({
  target,
  memberNodeMs,
  excludedNodeMs,
  budgetSpentNodeMs,
}: NisFigure): number | null {
  const { numerator, denominator } = decimal(target);
  const budget = (denominator - numerator) * BigInt(memberNodeMs - excludedNodeMs);
  if (budget <= 0n) return null;
  return roundAtNinth({ numerator: BigInt(budgetSpentNodeMs) * denominator, denominator: budget });
}
