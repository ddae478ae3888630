/**
 * Exact numbers. Sums of time are whole milliseconds in a double, checked against 2^53 - 1. A quotient is compared and
 * rounded as the two whole numbers that it consists of, never in floating point.
 */
import { at } from "./invariants.ts";

/** A sum went past 2^53 - 1 and cannot be given exactly. */
export class FigureTooLarge extends Error {
  constructor(figure: string) {
    super(`${figure} exceeds 2^53 - 1 and cannot be given exactly`);
    this.name = "FigureTooLarge";
  }
}

/** `value`, if it is exact; throws FigureTooLarge if the sum or product that gave it may have been rounded. */
export function exact(value: number, figure: string): number {
  if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER)
    throw new FigureTooLarge(figure);
  return value;
}

/** A quotient of whole numbers; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function fraction(numerator: number | bigint, denominator: number | bigint): Fraction {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The exact value of the shortest decimal text of a JSON number. */
export function decimal(value: number): Fraction {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null) throw new RangeError(`not a finite number: ${value}`);
  const [, sign, whole = "0", digits = "", exponent = "0"] = match;
  const power = Number(exponent) - digits.length;
  const mantissa = BigInt(`${sign ?? ""}${whole}${digits}`);
  return power >= 0
    ? { numerator: mantissa * 10n ** BigInt(power), denominator: 1n }
    : { numerator: mantissa, denominator: 10n ** BigInt(-power) };
}

/** The largest whole number that is not above the fraction. */
export function floor(value: Fraction): bigint {
  const quotient = value.numerator / value.denominator;
  return value.numerator < 0n && quotient * value.denominator !== value.numerator
    ? quotient - 1n
    : quotient;
}

/** Rounded to the nearest whole number, a half upwards. Throws FigureTooLarge past 2^53 - 1. */
export function roundHalfUp(value: Fraction, figure: string): number {
  const twice = {
    numerator: 2n * value.numerator + value.denominator,
    denominator: 2n * value.denominator,
  };
  return exact(Number(floor(twice)), figure);
}

/** A rate or ratio rounded half up at the 9th decimal; `null` where there is nothing to divide by. */
export function ratio(numerator: number, denominator: number): number | null {
  if (denominator === 0) return null;
  return roundAtNinth(fraction(numerator, denominator));
}

/** A fraction rounded half up at the 9th decimal, as the nearest double to that decimal. */
export function roundAtNinth(value: Fraction): number {
  return roundAt(9, value);
}

/** The same at the 3rd decimal. */
export function roundAtThird(value: Fraction): number {
  return roundAt(3, value);
}

function roundAt(decimals: number, value: Fraction): number {
  const twice = {
    numerator: 2n * value.numerator * 10n ** BigInt(decimals) + value.denominator,
    denominator: 2n * value.denominator,
  };
  const units = floor(twice);
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  return Number(`${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`);
}

/** The mean in whole milliseconds, rounded half up; `null` if the count is 0. */
export function mean(sum: number, count: number, figure: string): number | null {
  return count === 0 ? null : roundHalfUp(fraction(sum, count), figure);
}

/**
 * The percentile of sorted whole numbers, interpolated linearly between ranks (type 7 of Hyndman and Fan 1996), rounded
 * half up; `null` for an empty list. `percent` is a whole number from 0 to 100.
 */
export function percentile(sorted: readonly number[], percent: number): number | null {
  if (sorted.length === 0) return null;
  const rank = (sorted.length - 1) * percent;
  const low = Math.floor(rank / 100);
  const below = at(sorted, low);
  const above = low + 1 < sorted.length ? at(sorted, low + 1) : below;
  const hundredths = BigInt(below) * 100n + BigInt(rank - low * 100) * BigInt(above - below);
  return roundHalfUp({ numerator: hundredths, denominator: 100n }, "a percentile");
}

/** Whether `numerator / denominator` is at least (or at most) the target, unrounded; `null` where there is nothing to divide by. */
export function meetsAtLeast(
  numerator: number,
  denominator: number,
  target: number,
): boolean | null {
  if (denominator === 0) return null;
  return compareFractions(fraction(numerator, denominator), decimal(target)) >= 0;
}

export function meetsAtMost(
  numerator: number,
  denominator: number,
  target: number,
): boolean | null {
  if (denominator === 0) return null;
  return compareFractions(fraction(numerator, denominator), decimal(target)) <= 0;
}

const msPerHour = 3_600_000n;

/** Hours, a decimal number, as whole milliseconds, rounded down. */
export function hoursToMsFloor(hours: number): number {
  const { numerator, denominator } = decimal(hours);
  return Number(floor({ numerator: numerator * msPerHour, denominator }));
}

/** Hours, a decimal number, as whole milliseconds, rounded up. */
export function hoursToMsCeiling(hours: number): number {
  const { numerator, denominator } = decimal(hours);
  return Number(-floor({ numerator: -numerator * msPerHour, denominator }));
}
