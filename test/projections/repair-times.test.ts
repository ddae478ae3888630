/** What the distribution of repair times and the bound of repeat offenders are drawn from. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { survivalMedian } from "../../projections/arithmetic/kaplan-meier.ts";
import { poissonBound, poissonTail } from "../../projections/arithmetic/poisson.ts";
import { repairPiecesOf } from "../../projections/figures/repair/repair-segments.ts";
import { namesOfPart, parseHostlist, partNames } from "../../projections/nodes/hostlist.ts";
import { randomRuns } from "../random-runs.ts";

const ended = (durationMs: number) => ({ durationMs, ended: true });
const open = (durationMs: number) => ({ durationMs, ended: false });

describe("the median of the survival curve", () => {
  test("is the duration at which half have ended, if nothing is open", () => {
    expect(survivalMedian([3, 1, 2, 4].map(ended))).toBe(2);
    expect(survivalMedian([3, 1, 2].map(ended))).toBe(2);
  });

  test("is later than the plain median where early ones are still open", () => {
    // After 1 two thirds go on; the open one leaves, and of the last one nothing goes on after 5.
    expect(survivalMedian([ended(1), open(2), ended(5)])).toBe(5);
  });

  test("is not reached while more than half go on", () => {
    expect(survivalMedian([ended(1), open(2), open(3), open(4)])).toBeNull();
    expect(survivalMedian([])).toBeNull();
  });

  test("equals the product written out in whole numbers", () => {
    const observation = fc.record({ durationMs: fc.nat(20), ended: fc.boolean() });
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 30 }), (list) => {
        const times = [...new Set(list.map((each) => each.durationMs))].sort((a, b) => a - b);
        let [over, under] = [1n, 1n];
        let median: number | null = null;
        for (const time of times) {
          const atRisk = list.filter((each) => each.durationMs >= time).length;
          const ends = list.filter((each) => each.durationMs === time && each.ended).length;
          over *= BigInt(atRisk - ends);
          under *= BigInt(atRisk);
          if (median === null && ends > 0 && 2n * over <= under) median = time;
        }
        expect(survivalMedian(list)).toBe(median);
      }),
      { numRuns: randomRuns(200) },
    );
  });
});

test("the Poisson bound is the least count that chance reaches no more often than stated", () => {
  for (const expected of [0, 0.1, 0.7, 3, 40]) {
    const bound = poissonBound(expected, 0.001);
    expect(poissonTail(bound, expected)).toBeLessThanOrEqual(0.001);
    expect(poissonTail(bound - 1, expected)).toBeGreaterThan(0.001);
  }
});

describe("the pieces of a repair", () => {
  const fault = { from: 100, detectedAt: 110, phases: [] };

  test("are none if its events say nothing of it", () => {
    expect(repairPiecesOf({ ...fault, detectedAt: null }, 200)).toBeNull();
  });

  test("partition its time: detection, wait, then each phase until the next", () => {
    const phases = [
      { phase: "drain", at: 120 },
      { phase: "repair", at: 150 },
    ] as const;
    expect(repairPiecesOf({ ...fault, phases }, 200)).toEqual([
      { segment: "detect", from: 100, to: 110 },
      { segment: "wait", from: 110, to: 120 },
      { segment: "drain", from: 120, to: 150 },
      { segment: "repair", from: 150, to: 200 },
    ]);
  });

  test("leave out what has no length, and what lies beyond the end", () => {
    const phases = [
      { phase: "drain", at: 90 },
      { phase: "validate", at: 400 },
    ] as const;
    expect(repairPiecesOf({ ...fault, detectedAt: null, phases }, 200)).toEqual([
      { segment: "drain", from: 100, to: 200 },
    ]);
  });
});

test.each(["gpu[0001-0128,0200]", "r[1-2]n[01-04]", "a,b[1-2]", "n[9-11]", "x[01]y"])(
  "a hostlist expression names exactly the nodes that it lists: %s",
  (text) => {
    const parts = parseHostlist(text) ?? [];
    const listed = new Set(parts.flatMap((part) => [...namesOfPart(part)]));
    const others = [
      "",
      "gpu1",
      "gpu0129",
      "gpu00011",
      "r1n5",
      "r3n01",
      "n09",
      "n9x",
      "b",
      "b12",
      "xy",
    ];
    for (const name of listed)
      expect(
        parts.some((part) => partNames(part, name)),
        name,
      ).toBe(true);
    for (const name of others)
      expect(
        parts.some((part) => partNames(part, name)),
        name,
      ).toBe(listed.has(name));
  },
);
