import { describe, expect, it } from "vitest";
import {
  cutPeriod,
  monthsTouching,
  parsePeriod,
  resolvePeriod,
  zoneNamed,
} from "../../projections/time/period.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import { iso, zones } from "./history.ts";

function resolve(text: string, zone: string): string[] {
  const { from, to } = resolvePeriod(parsePeriod(text), zoneNamed(zone, zones), text);
  return [iso(from), iso(to)];
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof RefusedRequest) return error.code;
    throw error;
  }
  return "none";
}

describe("periods", () => {
  it("are years, quarters, months and days of a zone", () => {
    expect(resolve("2026", "UTC")).toEqual([
      "2026-01-01T00:00:00.000Z",
      "2027-01-01T00:00:00.000Z",
    ]);
    expect(resolve("2026-Q4", "UTC")).toEqual([
      "2026-10-01T00:00:00.000Z",
      "2027-01-01T00:00:00.000Z",
    ]);
    expect(resolve("2003-02", "America/Denver")).toEqual([
      "2003-02-01T07:00:00.000Z",
      "2003-03-01T07:00:00.000Z",
    ]);
    expect(resolve("2026-03-10", "Asia/Tokyo")).toEqual([
      "2026-03-09T15:00:00.000Z",
      "2026-03-10T15:00:00.000Z",
    ]);
  });

  it("are weeks of ISO 8601, from Monday to Monday, in the year of their Thursday", () => {
    expect(resolve("2026-W12", "UTC")).toEqual([
      "2026-03-16T00:00:00.000Z",
      "2026-03-23T00:00:00.000Z",
    ]);
    // 2020 has 53 weeks; its first begins in 2019, and its last ends in 2021.
    expect(resolve("2020-W01", "UTC")[0]).toBe("2019-12-30T00:00:00.000Z");
    expect(resolve("2020-W53", "UTC")[1]).toBe("2021-01-04T00:00:00.000Z");
    // The week in which the clocks of Berlin go forward has an hour less.
    expect(resolve("2026-W13", "Europe/Berlin")).toEqual([
      "2026-03-22T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
    ]);
    for (const none of ["2026-W00", "2026-W54", "2021-W53", "2026-W1", "2026-w12", "0000-W01"]) {
      expect(
        refusal(() => parsePeriod(none)),
        none,
      ).toBe("malformed-period");
    }
  });

  it("have days of 23 and 25 hours", () => {
    expect(resolve("2026-03-29", "Europe/Berlin")).toEqual([
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
    ]);
    expect(resolve("2026-10-25", "Europe/Berlin")).toEqual([
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
    ]);
  });

  it("begin at their first existing instant if midnight is skipped", () => {
    expect(resolve("2018-11-04", "America/Sao_Paulo")).toEqual([
      "2018-11-04T03:00:00.000Z",
      "2018-11-05T02:00:00.000Z",
    ]);
  });

  it("begin at their first midnight if clocks then go back over it", () => {
    // St. John's went back from 00:01 to 23:01 of the day before.
    expect(resolve("2008-11-02", "America/St_Johns")[0]).toBe("2008-11-02T02:30:00.000Z");
  });

  it("are refused if the zone skips them completely", () => {
    expect(refusal(() => resolve("2011-12-30", "Pacific/Apia"))).toBe("period-skipped");
    expect(resolve("2011-12-31", "Pacific/Apia")).toEqual([
      "2011-12-30T10:00:00.000Z",
      "2011-12-31T10:00:00.000Z",
    ]);
  });

  it("may begin in the first century", () => {
    expect(resolve("0050-01-01T00:00:00Z/0099-12-31T00:00:00Z", "UTC")).toEqual([
      "0050-01-01T00:00:00.000Z",
      "0099-12-31T00:00:00.000Z",
    ]);
  });

  it("may be given as two instants with offsets, cut to milliseconds", () => {
    expect(resolve("2026-03-01T01:00:00+01:00/2026-03-02T00:00:00.1239Z", "UTC")).toEqual([
      "2026-03-01T00:00:00.000Z",
      "2026-03-02T00:00:00.123Z",
    ]);
  });

  it.each([
    "",
    "26",
    "2026-13",
    "2026-Q5",
    "2026-02-29",
    "2026-1",
    "2026-03-10T00:00:00Z",
    "2026-03-01/2026-04-01",
    "2026-03-02T00:00:00Z/2026-03-01T00:00:00Z",
    "2026-03-01T00:00:60Z/2026-03-02T00:00:00Z",
    "2026-03-01T00:00:00/2026-03-02T00:00:00",
  ])("are refused when malformed: %j", (text) => {
    expect(refusal(() => parsePeriod(text))).toBe("malformed-period");
  });

  it("are refused in a zone that the table does not have", () => {
    expect(refusal(() => zoneNamed("Mars/Olympus", zones))).toBe("unknown-zone");
  });

  it("are cut at the last recorded instant, and refused before they begin", () => {
    const window = { from: 100, to: 200 };
    expect(cutPeriod(window, 200, "p")).toEqual({ from: 100, to: 200, complete: true });
    expect(cutPeriod(window, 199, "p")).toEqual({ from: 100, to: 199, complete: false });
    expect(refusal(() => cutPeriod(window, 100, "p"))).toBe("period-not-begun");
    expect(refusal(() => cutPeriod(window, null, "p"))).toBe("period-not-begun");
  });
});

describe("calendar months", () => {
  it("are those of the zone that touch the window", () => {
    const window = {
      from: Date.parse("2026-01-31T23:30:00Z"),
      to: Date.parse("2026-03-31T22:00:00Z"),
    };
    const starts = monthsTouching(window, zoneNamed("Europe/Berlin", zones)).map((month) =>
      iso(month.from),
    );
    expect(starts).toEqual(["2026-01-31T23:00:00.000Z", "2026-02-28T23:00:00.000Z"]);
  });
});
