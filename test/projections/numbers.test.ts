import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clip,
  intersect,
  type Interval,
  length,
  subtract,
  unionSorted,
} from "../../projections/arithmetic/intervals.ts";
import { restrictedMean } from "../../projections/arithmetic/kaplan-meier.ts";
import { poissonTail } from "../../projections/arithmetic/poisson.ts";
import {
  decimal,
  exact,
  FigureTooLarge,
  floor,
  hoursToMsCeiling,
  hoursToMsFloor,
  mean,
  meetsAtLeast,
  percentile,
  ratio,
} from "../../projections/arithmetic/ratio.ts";
import { randomRuns } from "../random-runs.ts";

describe("ratios", () => {
  it("are rounded half up at the ninth decimal", () => {
    expect(ratio(1, 3)).toBe(0.333333333);
    expect(ratio(2, 3)).toBe(0.666666667);
    expect(ratio(5, 10_000_000_000)).toBe(0.000000001);
    expect(ratio(4, 10_000_000_000)).toBe(0);
    expect(ratio(9_007_199_254_740_990, 9_007_199_254_740_991)).toBe(1);
  });

  it("of nothing are null", () => {
    expect(ratio(0, 0)).toBeNull();
    expect(meetsAtLeast(0, 0, 0.5)).toBeNull();
  });

  it("meet a target exactly when they equal it, however large the sums", () => {
    expect(meetsAtLeast(95, 100, 0.95)).toBe(true);
    expect(meetsAtLeast(950_000_000_000_000, 1_000_000_000_000_000, 0.95)).toBe(true);
    expect(meetsAtLeast(949_999_999_999_999, 1_000_000_000_000_000, 0.95)).toBe(false);
  });

  it("treat a decimal as exactly what its text says", () => {
    expect(decimal(0.1)).toEqual({ numerator: 1n, denominator: 10n });
    expect(decimal(1e-7)).toEqual({ numerator: 1n, denominator: 10_000_000n });
    expect(decimal(1e21)).toEqual({ numerator: 10n ** 21n, denominator: 1n });
    expect(floor({ numerator: -7n, denominator: 2n })).toBe(-4n);
    expect(hoursToMsFloor(0.1)).toBe(360_000);
    expect(hoursToMsFloor(1e-7)).toBe(0);
    expect(hoursToMsCeiling(1e-7)).toBe(1);
  });

  it("are refused rather than computed from a sum past 2^53 - 1", () => {
    expect(exact(2 ** 53 - 1, "x")).toBe(2 ** 53 - 1);
    expect(() => exact(2 ** 53, "x")).toThrow(FigureTooLarge);
  });
});

describe("means and percentiles", () => {
  it("are rounded half up to the millisecond", () => {
    expect(mean(5, 2, "x")).toBe(3);
    expect(mean(4, 3, "x")).toBe(1);
    expect(mean(0, 0, "x")).toBeNull();
  });

  it("interpolate between ranks (type 7)", () => {
    expect(percentile([], 50)).toBeNull();
    expect(percentile([7], 90)).toBe(7);
    expect(percentile([1, 2], 50)).toBe(2);
    expect(percentile([0, 10, 20, 30], 90)).toBe(27);
    expect(percentile([1, 2, 3, 4, 100], 90)).toBe(62);
  });
});

describe("the restricted mean", () => {
  it("is the plain mean if nothing is censored", () => {
    const result = restrictedMean([3, 1, 2].map((durationMs) => ({ durationMs, ended: true })));
    expect(Number(result?.meanMs.numerator) / Number(result?.meanMs.denominator)).toBe(2);
    expect(result?.restrictedToMs).toBe(3);
  });

  it("puts ended faults before censored ones of the same duration", () => {
    const result = restrictedMean([
      { durationMs: 2, ended: false },
      { durationMs: 2, ended: true },
      { durationMs: 4, ended: true },
    ]);
    // 1 until 2, then two of three until 4.
    expect(Number(result?.meanMs.numerator) / Number(result?.meanMs.denominator)).toBeCloseTo(
      2 + 4 / 3,
      12,
    );
  });

  it("equals the product written out in full", () => {
    const observation = fc.record({ durationMs: fc.nat(20), ended: fc.boolean() });
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 30 }), (list) => {
        const times = [...new Set(list.map((each) => each.durationMs))].sort((a, b) => a - b);
        let survival = 1;
        let area = 0;
        let before = 0;
        for (const time of times) {
          area += survival * (time - before);
          before = time;
          const atRisk = list.filter((each) => each.durationMs >= time).length;
          const ended = list.filter((each) => each.durationMs === time && each.ended).length;
          survival *= (atRisk - ended) / atRisk;
        }
        const exactly = restrictedMean(list);
        expect(Number(exactly?.meanMs.numerator) / Number(exactly?.meanMs.denominator)).toBeCloseTo(
          area,
          9,
        );
      }),
      { numRuns: randomRuns(200) },
    );
  });
});

describe("the Poisson bound of repeat offenders", () => {
  it("is the upper tail of the distribution", () => {
    expect(poissonTail(0, 2)).toBeCloseTo(1, 12);
    expect(poissonTail(1, 2)).toBeCloseTo(1 - Math.exp(-2), 12);
    expect(poissonTail(3, 0.1)).toBeCloseTo(0.000154653, 9);
    expect(poissonTail(1, 0)).toBe(0);
  });
});

describe("intervals", () => {
  const interval = fc.tuple(fc.nat(30), fc.nat(10)).map(([from, ms]) => ({ from, to: from + ms }));
  const union = (list: readonly Interval[]) =>
    unionSorted([...list].sort((a, b) => a.from - b.from));
  const set = fc.array(interval, { maxLength: 12 }).map(union);
  const holds = (list: readonly Interval[], at: number) =>
    list.some((each) => each.from <= at && at < each.to);

  it("unite, intersect, subtract and clip as sets of instants do", () => {
    fc.assert(
      fc.property(set, set, fc.nat(40), (a, b, at) => {
        expect(holds(union([...a, ...b]), at)).toBe(holds(a, at) || holds(b, at));
        expect(holds(intersect(a, b), at)).toBe(holds(a, at) && holds(b, at));
        expect(holds(subtract(a, b), at)).toBe(holds(a, at) && !holds(b, at));
        expect(holds(clip(a, 5, 20), at)).toBe(holds(a, at) && at >= 5 && at < 20);
        expect(length(intersect(a, b)) + length(subtract(a, b))).toBe(length(a));
      }),
      { numRuns: randomRuns(300) },
    );
  });
});
