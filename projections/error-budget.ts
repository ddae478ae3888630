/** How fast the error budget is being spent. */
import type { ClusterView } from "./cluster-view.ts";
import type { Exclusions } from "./exclusions.ts";
import { nisIn } from "./nis.ts";
import type { Window } from "./period.ts";
import { decimal, roundAtNinth } from "./ratio.ts";

const hourMs = 3_600_000;

/** Burn rates: 1 spends the budget exactly at the pace of the target; `null` where there is nothing to measure or no budget. */
export interface BurnRates {
  readonly oneHour: number | null;
  readonly sixHours: number | null;
  readonly threeDays: number | null;
  readonly period: number | null;
}

/** Burn rates over the last 1 h, 6 h and 3 d before the window's end, and over the window; `exclude` gives a window's exclusions. */
export function burnRates(
  view: ClusterView,
  window: Window,
  target: number,
  exclude: (window: Window) => Exclusions,
): BurnRates {
  const over = (from: number): number | null => {
    const part = { from, to: window.to };
    const { memberNodeMs, excludedNodeMs, budgetSpentNodeMs } = nisIn(
      view,
      part,
      target,
      exclude(part),
    );
    const { numerator, denominator } = decimal(target);
    const budget = (denominator - numerator) * BigInt(memberNodeMs - excludedNodeMs);
    if (budget <= 0n) return null;
    return roundAtNinth({
      numerator: BigInt(budgetSpentNodeMs) * denominator,
      denominator: budget,
    });
  };
  return {
    oneHour: over(window.to - hourMs),
    sixHours: over(window.to - 6 * hourMs),
    threeDays: over(window.to - 72 * hourMs),
    period: over(window.from),
  };
}
