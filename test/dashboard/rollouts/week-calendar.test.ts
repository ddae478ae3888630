import { describe, expect, it } from "vitest";
import { lanesOf, shareOfWeek, weeksAround } from "../../../src/dashboard/charts/week-calendar.ts";
import { newestZones } from "../../../src/zones/zones.ts";

const zone = (name: string) => {
  const offsets = newestZones().zone(name);
  if (offsets === null) throw new Error(`there is no zone ${name}`);
  return offsets;
};
const ms = Date.parse;

describe("the weeks of the calendar", () => {
  it("begin on Mondays of the zone, with as many before and after as asked", () => {
    // Sunday evening in UTC is Monday in Auckland.
    const at = ms("2026-04-19T20:00:00Z");
    const starts = (name: string) =>
      weeksAround(at, zone(name), { past: 1, next: 1 }).map(({ from }) =>
        new Date(from).toISOString(),
      );
    expect(starts("UTC")).toEqual([
      "2026-04-06T00:00:00.000Z",
      "2026-04-13T00:00:00.000Z",
      "2026-04-20T00:00:00.000Z",
    ]);
    expect(starts("Pacific/Auckland")[1]).toBe("2026-04-19T12:00:00.000Z");
  });

  it("give each day the same width, even one of 23 hours", () => {
    // Berlin's clocks go forward on Sunday, 29 March 2026.
    const [week] = weeksAround(ms("2026-03-25T12:00:00Z"), zone("Europe/Berlin"), {
      past: 0,
      next: 0,
    });
    if (week === undefined) throw new Error("there is no week");
    expect(week.to - week.from).toBe((7 * 24 - 1) * 3_600_000);
    expect(shareOfWeek(ms("2026-03-28T23:00:00Z"), week)).toBeCloseTo((6 * 100) / 7);
    expect(shareOfWeek(ms("2026-03-29T10:30:00Z"), week)).toBeCloseTo((6.5 * 100) / 7);
    expect(shareOfWeek(week.from - 1, week)).toBe(0);
    expect(shareOfWeek(week.to, week)).toBe(100);
  });
});

it("puts spans that overlap on lanes of their own, and uses a lane again when it is free", () => {
  const spans = [
    { from: 0, to: 10 },
    { from: 2, to: 4 },
    { from: 3, to: 6 },
    { from: 4, to: 5 },
    { from: 10, to: 12 },
  ];
  expect(lanesOf(spans)).toEqual([0, 1, 2, 1, 0]);
});
