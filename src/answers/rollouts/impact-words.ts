/** Measured impact in words, the same on pages and on the command line. */
import type { ImpactAnswer } from "./impact.ts";

export const reasonWords: Readonly<Record<ImpactAnswer["reasons"][number], string>> = {
  "failure-rate": "its nodes fail more often than before",
  "out-of-service": "it took nodes out of service",
  "job-interrupted": "it interrupted jobs",
  "longer-than-declared": "it took more than a quarter longer than declared",
};

/** Such as `2.5 times (0.4 to 9.1)`. */
export function ratioWords({ ratio, lower, upper }: ImpactAnswer["rateRatio"]): string {
  const ends = upper === null ? `from ${lower}, no upper end` : `${lower} to ${upper}`;
  return ratio === null ? `not known (95 %: ${ends})` : `${ratio} times (95 %: ${ends})`;
}

/** What the comparison of failure rates could have shown at all. */
export function powerWords({ expectedFaults, found }: ImpactAnswer["power"]): string {
  if (expectedFaults === null || found === null)
    return "Nothing was watched before, so no rise can be found.";
  const count = `${expectedFaults} ${expectedFaults === 1 ? "fault" : "faults"} expected`;
  const chance = `a tripled failure rate is found with a chance of ${Math.round(found * 100)} %`;
  const rest = found < 0.5 ? " It would mostly be missed." : "";
  return `With ${count}, ${chance}.${rest}`;
}
