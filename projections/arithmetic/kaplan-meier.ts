/** The Kaplan-Meier restricted mean (Kaplan and Meier 1958), exactly. */
import { type Fraction, fraction } from "./ratio.ts";

/** How long something was observed; `ended` is false if it was still going on then (right-censored). */
interface Observation {
  readonly durationMs: number;
  readonly ended: boolean;
}

interface RestrictedMean {
  /** Area under the product-limit curve from 0 to `restrictedToMs`. */
  readonly meanMs: Fraction;
  /** The longest duration observed. */
  readonly restrictedToMs: number;
}

/** Observations between two censorings: within them the curve falls by whole fractions of the number at risk. */
interface Stage {
  /** At risk when the stage begins. */
  readonly atRisk: number;
  /** How many of those are still being observed when it ends. */
  readonly surviving: number;
  /**
   * Sum over the stage of time multiplied by the number still going on. Divided by `atRisk` it is the area under a
   * curve that is 1 where the stage begins.
   */
  readonly areaMs: bigint;
}

/**
 * The restricted mean of the observations; `null` if there are none. Among equal durations, those that ended come
 * first. Between censorings the factors of the product cancel, so the fraction grows only with the number of
 * censorings.
 */
export function restrictedMean(observations: readonly Observation[]): RestrictedMean | null {
  const sorted = observations.toSorted(byDuration);
  const last = sorted.at(-1);
  if (last === undefined) return null;
  let result = fraction(0, 1);
  for (const stage of stages(sorted).reverse()) {
    const { numerator, denominator } = result;
    if (stage.surviving === stage.atRisk) {
      // Nothing ended in this stage: the curve stayed at 1, and the fraction need not grow.
      result = {
        numerator: (stage.areaMs / BigInt(stage.atRisk)) * denominator + numerator,
        denominator,
      };
      continue;
    }
    result = {
      numerator: stage.areaMs * denominator + BigInt(stage.surviving) * numerator,
      denominator: BigInt(stage.atRisk) * denominator,
    };
  }
  return { meanMs: result, restrictedToMs: last.durationMs };
}

/**
 * The least duration at which the product-limit curve is at most a half, exactly; `null` if it stays above. Between
 * censorings the factors of the product cancel, as in the restricted mean.
 */
export function survivalMedian(observations: readonly Observation[]): number | null {
  let [numerator, denominator] = [1n, 1n];
  let atRisk = observations.length;
  let surviving = atRisk;
  for (const { durationMs, ended } of observations.toSorted(byDuration)) {
    if (ended) {
      surviving--;
      if (2n * numerator * BigInt(surviving) <= denominator * BigInt(atRisk)) return durationMs;
    } else {
      numerator *= BigInt(surviving);
      denominator *= BigInt(atRisk);
      surviving--;
      atRisk = surviving;
    }
  }
  return null;
}

/** Among equal durations, those that ended come first. */
function byDuration(a: Observation, b: Observation): number {
  return a.durationMs - b.durationMs || Number(b.ended) - Number(a.ended);
}

function stages(sorted: readonly Observation[]): Stage[] {
  const result: Stage[] = [];
  let nowMs = 0;
  let atRisk = sorted.length;
  let surviving = sorted.length;
  let areaMs = 0n;
  for (const { durationMs, ended } of sorted) {
    areaMs += BigInt(surviving) * BigInt(durationMs - nowMs);
    nowMs = durationMs;
    if (ended) {
      surviving--;
    } else {
      result.push({ atRisk, surviving, areaMs });
      surviving--;
      atRisk = surviving;
      areaMs = 0n;
    }
  }
  if (atRisk > 0) result.push({ atRisk, surviving, areaMs });
  return result;
}
