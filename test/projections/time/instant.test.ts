import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";
import { randomRuns } from "../../random-runs.ts";

describe("an instant's canonical text", () => {
  test("is the engine's own text, for near and far instants in any order", () => {
    const far = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
    const near = fc.integer({ min: -200_000, max: 200_000 });
    const edges = fc.constantFrom(
      Date.parse("0000-01-01T00:00:00.000Z"),
      Date.parse("9999-12-31T23:59:59.999Z"),
    );
    const edge = fc.tuple(edges, near).map(([at, by]) => at + by);
    fc.assert(
      fc.property(fc.array(fc.oneof(far, near, edge)), (instants) => {
        expect(instants.map(formatInstant)).toEqual(
          instants.map((ms) => new Date(ms).toISOString()),
        );
      }),
      { numRuns: randomRuns(500) },
    );
  });

  test("reads back as the same instant", () => {
    const min = Date.UTC(1900, 0, 1);
    const max = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    fc.assert(
      fc.property(fc.integer({ min, max }), (ms) => {
        expect(parseInstant(formatInstant(ms))).toBe(ms);
      }),
      { numRuns: randomRuns(500) },
    );
  });

  test.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY, 8_640_000_000_000_001])(
    "is refused for %s",
    (ms) => {
      expect(() => formatInstant(ms)).toThrow(RangeError);
    },
  );
});

describe("an instant in text", () => {
  test.each([
    ["2026-03-01T00:00:00Z", 1_772_323_200_000],
    ["2026-03-01t01:00:00+01:00", 1_772_323_200_000],
    ["2026-02-28T18:30:00.000-05:30", 1_772_323_200_000],
    ["2026-03-01T00:00:00.1239Z", 1_772_323_200_123],
    ["2026-03-01T00:00:00.1z", 1_772_323_200_100],
  ])("%s is %i ms", (text, ms) => {
    expect(parseInstant(text)).toBe(ms);
  });

  test.each([
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-03-01T24:00:00Z",
    "2026-03-01T23:59:60Z",
    "2026-03-01T00:00:00",
    "2026-03-01",
    "2026-03-01 00:00:00Z",
    "1899-12-31T23:59:59Z",
    "1900-01-01T00:00:00+01:00",
    "2026-03-01T00:00:00+24:00",
    " 2026-03-01T00:00:00Z",
  ])("%s is not an instant", (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});
