import { expect, it } from "vitest";
import { neighbourPeriod } from "../../src/reports/neighbour-period.ts";

it.each([
  ["2025-12", "2026-01"],
  ["2025", "2026"],
  ["2025-Q4", "2026-Q1"],
  ["2026-W53", "2027-W01"],
  ["2025-W52", "2026-W01"],
  ["2024-02-29", "2024-03-01"],
  [
    "2026-01-01T00:00:00.000Z/2026-04-01T00:00:00.000Z",
    "2026-04-01T00:00:00.000Z/2026-06-30T00:00:00.000Z",
  ],
])("%s comes before %s", (before, after) => {
  expect(neighbourPeriod(before, 1)).toBe(after);
  expect(neighbourPeriod(after, -1)).toBe(before);
});

it("has no name beyond the years that periods can be written with", () => {
  expect(neighbourPeriod("9999", 1)).toBeNull();
  expect(neighbourPeriod("1000-01", -1)).toBeNull();
});
