/** A fraction of big integers, the denominator positive. Everything that is compared or rounded in the oracle is one. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

export function fraction(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
  const [n, d] = [BigInt(numerator), BigInt(denominator)];
  if (d <= 0n) throw new Error("a denominator must be positive");
  const divisor = greatestCommonDivisor(n, d);
  return { numerator: n / divisor, denominator: d / divisor };
}

/** A number of JSON, by its decimal digits and not by its binary value: 0.95 is 95/100. */
export function decimal(value: number): Rational {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (!match) throw new Error(`not a decimal: ${value}`);
  const digits = match[3] ?? "";
  const exponent = Number(match[4] ?? "0") - digits.length;
  const unsigned = BigInt((match[2] ?? "") + digits);
  const numerator = match[1] === "-" ? -unsigned : unsigned;
  return exponent >= 0
    ? fraction(numerator * 10n ** BigInt(exponent))
    : fraction(numerator, 10n ** BigInt(-exponent));
}

export function add(a: Rational, b: Rational): Rational {
  return fraction(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, { numerator: -b.numerator, denominator: b.denominator });
}

export function multiply(a: Rational, b: Rational): Rational {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** Negative, zero or positive, as a is less than, equal to or greater than b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

export function floor(a: Rational): bigint {
  const quotient = a.numerator / a.denominator;
  return a.numerator < 0n && quotient * a.denominator !== a.numerator ? quotient - 1n : quotient;
}

/** Half up: floor(a + 1/2). */
export function roundHalfUp(a: Rational): bigint {
  return floor(add(a, fraction(1n, 2n)));
}

/** An integer that JSON can carry exactly, else an error. */
export function safeInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`${value} is past 2^53 - 1`);
  return number;
}

/** Rounded half up to the whole number: means and percentiles, in milliseconds. */
export function wholeMs(a: Rational): number {
  return safeInteger(roundHalfUp(a));
}

/** Rounded half up at the 9th decimal, as JSON carries it. Not for negative values. */
export function ninthDecimal(a: Rational): number {
  const billionths = roundHalfUp(multiply(a, fraction(1_000_000_000n)));
  const digits = billionths.toString().padStart(10, "0");
  return Number(`${digits.slice(0, -9)}.${digits.slice(-9)}`);
}

/** The quotient of two sums, unrounded; null where there is nothing to measure. */
export function ratio(part: number, whole: number): Rational | null {
  return whole === 0 ? null : fraction(part, whole);
}
