/** What the allowances of months grant of the claims. */
import { clip, type Interval } from "../../arithmetic/intervals.ts";
import { at } from "../../arithmetic/invariants.ts";
import { hoursToMsFloor } from "../../arithmetic/ratio.ts";
import type { Claim, MonthTerms } from "./exclusion-claims.ts";

/** A part of a claim that is excluded. */
export interface Granted extends Interval {
  readonly claim: Claim;
}

/** Of claims that are the same: windows of one month have the same claims, and their months are the same. */
const known = new WeakMap<readonly Claim[], readonly Granted[]>();

/** Uses up each month's allowance by the claims in the order of their start; the parts come in the same order. */
export function grantedOf(
  claims: readonly Claim[],
  months: readonly MonthTerms[],
): readonly Granted[] {
  const before = known.get(claims);
  if (before !== undefined) return before;
  const made = granted(claims, months);
  known.set(claims, made);
  return made;
}

function granted(claims: readonly Claim[], months: readonly MonthTerms[]): Granted[] {
  const found: Granted[] = [];
  const leftMs = months.map(({ policy }) => hoursToMsFloor(policy.monthlyAllowanceNodeHours));
  let next = 0;
  for (const claim of claims) {
    const { from: start, to: end } = claim.interval;
    while ((months[next]?.to ?? Infinity) <= start) next++;
    for (let i = next; i < months.length; i++) {
      const month = at(months, i);
      if (month.from >= end) break;
      for (const { from, to } of clip(claim.instants, month.from, month.to)) {
        const left = at(leftMs, i);
        if (left <= 0) break;
        const until = Math.min(to, from + left);
        leftMs[i] = left - (until - from);
        found.push({ claim, from, to: until });
      }
    }
  }
  return found;
}
