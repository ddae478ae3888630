/** The books' own exact arithmetic on whole numbers: no figure passes through floating point. */
import { at } from "../../../../projections/arithmetic/invariants.ts";

/** Rounded to whole numbers, a half upwards; the denominator is positive. */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  return floorOf(2n * numerator + denominator, 2n * denominator);
}

export function floorOf(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

/** A quotient at the 9th decimal; `null` without anything to divide by. */
export function nineDecimals(numerator: number, denominator: number): number | null {
  if (denominator === 0) return null;
  const billionths = roundHalfUp(BigInt(numerator) * 1_000_000_000n, BigInt(denominator));
  return Number(billionths) / 1e9;
}

/** A decimal number as it is written, as a quotient. */
export function asQuotient(decimal: number): { numerator: bigint; denominator: bigint } {
  const text = decimal.toFixed(12);
  return { numerator: BigInt(text.replace(".", "")), denominator: 10n ** 12n };
}

/** Whether numerator ÷ denominator ≥ target; `null` without anything to divide by. */
export function isAtLeast(numerator: number, denominator: number, target: number): boolean | null {
  if (denominator === 0) return null;
  const wanted = asQuotient(target);
  return BigInt(numerator) * wanted.denominator >= wanted.numerator * BigInt(denominator);
}

export function meanMs(sumMs: number, count: number): number | null {
  return count === 0 ? null : Number(roundHalfUp(BigInt(sumMs), BigInt(count)));
}

/** Between ranks, linearly (type 7); `sorted` rises, `percent` is whole. */
export function percentileMs(sorted: readonly number[], percent: number): number | null {
  if (sorted.length === 0) return null;
  const rank = percent * (sorted.length - 1);
  const low = at(sorted, Math.floor(rank / 100));
  const high = at(sorted, Math.min(sorted.length - 1, Math.floor(rank / 100) + 1));
  return Number(roundHalfUp(BigInt(low * 100 + (high - low) * (rank % 100)), 100n));
}

export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  if (!Number.isSafeInteger(total)) throw new RangeError("a sum of the books is not exact");
  return total;
}
