/** The exact interval of a rate ratio against published values and closed forms. */
import { describe, expect, test } from "vitest";
import { hasRisen, rateRatio } from "../../../projections/arithmetic/rate-ratio.ts";

const table = (x0: number, t0: number, x1: number, t1: number) =>
  [
    { count: x0, exposureMs: t0 },
    { count: x1, exposureMs: t1 },
  ] as const;

function ends(...[before, after]: ReturnType<typeof table>) {
  const { ratio, lower, upper } = rateRatio(before, after);
  const value = ratio === null ? null : Number(ratio.numerator) / Number(ratio.denominator);
  return { value, lower, upper };
}

describe("the exact 95 % interval", () => {
  test("of R's own example, poisson.test(c(11, 21), c(800, 3011)), is the published one", () => {
    const { value, lower, upper } = ends(...table(21, 3011, 11, 800));
    expect(value).toBeCloseTo(1.971488, 6);
    expect(lower).toBeCloseTo(0.8584264, 7);
    expect(upper).toBeCloseTo(4.2772659, 7);
  });

  test.each([
    // R's example binom.test(682, 682 + 243).
    [682, 925, 0.7076683, 0.7654066],
    // Ten of a hundred: 4.9005 % to 17.6223 %.
    [10, 100, 0.0490047, 0.1762226],
  ])("of equal exposures is Clopper and Pearson's for %i of %i", (x1, n, low, high) => {
    const { lower, upper } = ends(...table(n - x1, 1_000, x1, 1_000));
    expect(lower / (1 + lower)).toBeCloseTo(low, 7);
    expect((upper ?? NaN) / (1 + (upper ?? NaN))).toBeCloseTo(high, 7);
  });

  test.each([1, 2, 3, 10, 50])("has a closed form where all %i faults come on one side", (n) => {
    const edge = 0.025 ** (1 / n);
    const risen = ends(...table(0, 700, n, 1_400));
    expect(risen.value).toBeNull();
    expect(risen.upper).toBeNull();
    expect(risen.lower).toBeCloseTo(((edge / (1 - edge)) * 700) / 1_400, 9);
    const fallen = ends(...table(n, 700, 0, 1_400));
    expect(fallen).toMatchObject({ value: 0, lower: 0 });
    expect(fallen.upper).toBeCloseTo((((1 - edge) / edge) * 700) / 1_400, 9);
  });

  test("is the whole half-line without a fault, or without any exposure", () => {
    for (const [t0, t1] of [
      [10, 10],
      [0, 10],
      [10, 0],
      [0, 0],
    ] as const)
      expect(ends(...table(0, t0, 0, t1))).toEqual({ value: null, lower: 0, upper: null });
    expect(ends(...table(3, 10, 0, 0))).toEqual({ value: null, lower: 0, upper: null });
    expect(ends(...table(0, 0, 3, 10))).toEqual({ value: null, lower: 0, upper: null });
  });
});

describe("a rate has risen", () => {
  test("only if the whole interval lies above 1", () => {
    // Against five before, fifteen after are enough, and fourteen are not.
    expect(hasRisen(...table(5, 1_000, 15, 1_000))).toBe(true);
    expect(hasRisen(...table(5, 1_000, 14, 1_000))).toBe(false);
  });

  test.each([
    [0, 5, false],
    [0, 6, true],
  ])(
    "against none before, with equal exposures, from six on: %i before, %i after",
    (x0, x1, is) => {
      expect(hasRisen(...table(x0, 1_000, x1, 1_000))).toBe(is);
    },
  );

  test("never without node-time on either side", () => {
    expect(hasRisen(...table(0, 0, 50, 1_000))).toBe(false);
    expect(hasRisen(...table(5, 1_000, 0, 0))).toBe(false);
  });
});
