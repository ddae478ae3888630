/** Formats are checked before a row is read: one that is misread would put every row hours off, in silence. */
import { describe, expect, test } from "vitest";
import { formatError } from "../../../src/sources/config/time-format.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";

describe("a format of times", () => {
  test.each([
    "M/d/yyyy H:mm",
    "yyyy-MM-dd'T'HH:mm:ss.SSSZZ",
    "d MMM yy, h:mm a",
    "yyyy-ooo HH",
    "yyyy-MM-dd",
    "EEE MMM d HH:mm:ss yyyy ZZZ",
    "rfc3339",
    "unix",
    "unix-ms",
  ])("such as %s can be used", (format) => {
    expect(formatError(format)).toBeNull();
  });

  test.each([
    ["M/d/yyyy H:MM", 'contradicts itself: "M" and "MM" say the same part twice'],
    ["d/d/yyyy", '"d" and "d" say the same part twice'],
    ["yyyy-MM-dd h:mm", '"h" needs "a"'],
    ["yyyy-MM-dd H:mm a", 'contradicts itself: "H"'],
    ["yyyy-MM-dd a", '"a" needs "h"'],
    ["yyyy-ooo-dd", 'contradicts itself: "o"'],
    ["MM/dd HH:mm", "has no year"],
    ["yyyy HH:mm", "has no month"],
    ["MM/yyyy", "has no day"],
    ["yyyy-MM-dd mm", "but no hour"],
    ["YYYY-MM-DD", 'has the token "YYYY", which is not known'],
    ["yyyy-MM-dd HH:mm z", 'has the token "z"'],
    ["yyyy-MM-ddTHH:mm", 'has the token "T", which is not known; put text in single quotes'],
    ["DD", 'has the token "DD"'],
  ])("such as %s is refused, and its fault named", (format, why) => {
    expect(formatError(format)).toContain(why);
  });

  test("is named by its place in the configuration", () => {
    const map = {
      name: "log",
      kind: "csv",
      cluster: "c",
      node: "{n}",
      start: "s",
      end: "e",
      time: { format: ["rfc3339", "MM/dd"], zone: "UTC" },
    };
    expect(() => readSources({ sources: [map] })).toThrow("/sources/0/time/format/1");
    const { zone: _zone, ...zoneless } = { ...map.time, format: "M/d/yyyy" };
    expect(() => readSources({ sources: [{ ...map, time: zoneless }] })).toThrow(
      "/sources/0/time/zone is needed for local times",
    );
  });
});
