import { add, fraction, multiply } from "../facts/rational.ts";
import type { Rational } from "../facts/rational.ts";

/** How long a fault was seen to last, and whether it was repaired then or only not seen any further. */
export interface ObservedDuration {
  readonly ms: number;
  readonly repaired: boolean;
}

/**
 * The area under the product-limit curve from 0 to the longest duration observed, exactly; null without durations.
 * Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations", 1958; at equal durations the repaired come
 * first, so those censored at a duration are at risk there.
 */
export function restrictedMean(durations: readonly ObservedDuration[]): Rational | null {
  if (durations.length === 0) return null;
  let area = fraction(0n);
  let surviving = fraction(1n);
  let before = 0;
  for (const ms of [...new Set(durations.map((one) => one.ms))].sort((a, b) => a - b)) {
    area = add(area, multiply(surviving, fraction(ms - before)));
    const atRisk = durations.filter((one) => one.ms >= ms).length;
    const repaired = durations.filter((one) => one.ms === ms && one.repaired).length;
    surviving = multiply(surviving, fraction(atRisk - repaired, atRisk));
    before = ms;
  }
  return area;
}
