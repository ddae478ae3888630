/**
 * The ratio of two Poisson rates and its exact 95 % interval. Given the sum of both counts, the second count is binomial
 * (Przyborowski and Wilenski 1940), so its interval is the one of Clopper and Pearson (1934).
 */

import type { Fraction } from "./ratio.ts";

/** Events counted while something was exposed to them. */
export interface Exposed {
  readonly count: number;
  /** Node-time in milliseconds. */
  readonly exposureMs: number;
}

interface RateRatio {
  /** The rate after divided by the rate before; `null` without a count before, or without an exposure. */
  readonly ratio: Fraction | null;
  /** Lower and upper end of the 95 % interval. `upper` is `null` where there is no upper end. */
  readonly lower: number;
  readonly upper: number | null;
}

/** What either end of the interval leaves out. */
const tail = 0.025;

export function rateRatio(before: Exposed, after: Exposed): RateRatio {
  const upper = upperEnd(before, after);
  return {
    ratio: hasRatio(before, after)
      ? {
          numerator: BigInt(after.count) * BigInt(before.exposureMs),
          denominator: BigInt(before.count) * BigInt(after.exposureMs),
        }
      : null,
    lower: lowerEnd(before, after),
    upper: Number.isFinite(upper) ? upper : null,
  };
}

function hasRatio(before: Exposed, after: Exposed): boolean {
  return before.count > 0 && before.exposureMs > 0 && after.exposureMs > 0;
}

/** Whether the whole interval lies above 1: the rate has risen. */
export function hasRisen(before: Exposed, after: Exposed): boolean {
  // The interval always contains the ratio itself, so most tables need no solving.
  const isHigher = after.count * before.exposureMs > before.count * after.exposureMs;
  return isHigher && lowerEnd(before, after) > 1;
}

function lowerEnd(before: Exposed, after: Exposed): number {
  if (after.count === 0 || before.exposureMs === 0) return 0;
  const count = before.count + after.count;
  const odds = oddsWhere((each) => atLeast(after.count, count, each) > tail);
  return (odds * before.exposureMs) / after.exposureMs;
}

/** Infinity where there is no upper end. */
function upperEnd(before: Exposed, after: Exposed): number {
  if (before.count === 0 || after.exposureMs === 0) return Infinity;
  const count = before.count + after.count;
  const odds = oddsWhere((each) => atMost(after.count, count, each) < tail);
  return (odds * before.exposureMs) / after.exposureMs;
}

/** The halving stops when the interval is this narrow, relative to its upper end. */
const relativeWidth = 1e-12;

/** The odds from which on the condition holds; it must be false for small odds and true for large ones. */
function oddsWhere(holds: (odds: number) => boolean): number {
  let [low, high] = [1, 1];
  while (!holds(high)) high *= 2;
  while (holds(low)) low /= 2;
  while (high - low > relativeWidth * high) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** The probability that a binomial count out of `total`, at these odds of each, is at least `count`. */
export function atLeast(count: number, total: number, odds: number): number {
  return shareOf(count, total, total, odds);
}

function atMost(count: number, total: number, odds: number): number {
  return shareOf(0, count, total, odds);
}

/** Weights below this part of the sum change no digit of it. */
const negligible = 1e-20;

/** The probability of a count from `first` to `last`: weights by their ratios, outward from the mode, divided by their sum. */
function shareOf(first: number, last: number, total: number, odds: number): number {
  const mode = Math.min(total, Math.floor(((total + 1) * odds) / (1 + odds)));
  let [sum, inside] = [0, 0];
  const add = (k: number, weight: number): void => {
    sum += weight;
    if (first <= k && k <= last) inside += weight;
  };
  add(mode, 1);
  for (let k = mode, weight = 1; k < total; k++) {
    weight *= ((total - k) / (k + 1)) * odds;
    add(k + 1, weight);
    if (weight < sum * negligible) break;
  }
  for (let k = mode, weight = 1; k > 0; k--) {
    weight *= k / (total - k + 1) / odds;
    add(k - 1, weight);
    if (weight < sum * negligible) break;
  }
  return inside / sum;
}
