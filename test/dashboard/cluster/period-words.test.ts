import { expect, test } from "vitest";
import { inPeriod } from "../../../src/dashboard/cluster/period-switch.ts";

test.each([
  ["2026-03", true, "in March 2026"],
  ["2026-04", false, "in April so far"],
  ["2026-01-02", true, "on 2 Jan 2026"],
  ["2026-Q1", true, "in 2026-Q1"],
  [
    "2026-03-01T00:00:00.000Z/2026-03-15T00:00:00.000Z",
    true,
    "in the window 1 Mar 2026 – 15 Mar 2026",
  ],
])("the period %s (over: %s) reads as %s", (label, complete, words) => {
  expect(inPeriod({ label, complete, from: "", to: "", zone: "UTC" })).toBe(words);
});
