/** How likely a rise of the failure rate would have been noticed: with few faults, mostly it is not. */
import { type Exposed, atLeast } from "../arithmetic/rate-ratio.ts";

/** The rise that the power is about: three times the rate before. */
export const powerFactor = 3;

/** The least chance, of one end of the interval, that an unchanged rate looks like a rise. */
const tail = 0.025;

/** From this many expected faults on a tripled rate is found for certain, to nine digits. */
const plenty = 400;

/** Faults expected after the rollout if the rate before it goes on; `null` without an exposure before. */
export function expectedAfter(before: Exposed, after: Exposed): number | null {
  return before.exposureMs === 0 ? null : (before.count * after.exposureMs) / before.exposureMs;
}

/**
 * The probability that the interval lies above 1 if the rate is tripled, with `expected` faults after the rollout at the
 * unchanged rate. Counts before and after are Poisson; given their sum, the count after is binomial.
 */
export function powerOf(expected: number, before: Exposed, after: Exposed): number {
  if (before.exposureMs === 0 || after.exposureMs === 0 || expected <= 0) return 0;
  if (expected >= plenty) return 1;
  const share = after.exposureMs / before.exposureMs;
  const mean = expected / share + powerFactor * expected;
  if (mean >= 10 * plenty) return 1;
  const last = Math.ceil(mean + 12 * Math.sqrt(mean) + 20);
  let [power, chance] = [0, Math.exp(-mean)];
  if (chance === 0) return powerAt(Math.round(mean), share);
  for (let total = 0; total <= last; total++) {
    power += chance * powerAt(total, share);
    chance *= mean / (total + 1);
  }
  return Math.min(1, power);
}

/** Of a sum of both counts. `share` is the exposure after divided by the one before: the odds if nothing has changed. */
function powerAt(total: number, share: number): number {
  // The least count after that puts the whole interval above 1.
  let [low, high] = [0, total + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (middle > 0 && atLeast(middle, total, share) < tail) high = middle;
    else low = middle + 1;
  }
  return low > total ? 0 : atLeast(low, total, powerFactor * share);
}
