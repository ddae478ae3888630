import { describe, expect, test } from "vitest";
import { durationText } from "../../../src/dashboard/frame/times.ts";

const hourMs = 3_600_000;

describe("a duration", () => {
  test.each([
    [0, "0 s"],
    [12, "12 ms"],
    [59_000, "59 s"],
    [60_000, "1 min"],
    [26 * hourMs + 90_000, "1 d 2 h"],
    [36 * hourMs + 59 * 60_000, "1 d 12 h"],
    [-90_000, "−1 min 30 s"],
    [1_651 * 24 * hourMs + 9 * hourMs, "1,651 d 9 h"],
  ])("of %i ms reads as %s", (ms, words) => {
    expect(durationText(ms)).toBe(words);
  });

  test("just short of a whole one reads as the whole one", () => {
    expect(durationText(4 * 24 * hourMs - 1)).toBe("4 d");
  });
});
