import fc from "fast-check";
import { expect, test } from "vitest";
import { parseInstant } from "../../../projections/time/instant.ts";
import { randomRuns } from "../../random-runs.ts";

const two = fc.nat(99).map((value) => String(value).padStart(2, "0"));
const year = fc.constantFrom("1899", "1900", "2000", "2023", "2024", "2100", "9999", "0000");

test("canonical text and the same instant with an explicit offset mean the same, or both are refused", () => {
  fc.assert(
    fc.property(
      year,
      fc.array(two, { minLength: 5, maxLength: 5 }),
      fc.nat(999),
      (y, parts, ms) => {
        const [month = "", day = "", hour = "", minute = "", second = ""] = parts;
        const millis = String(ms).padStart(3, "0");
        const local = `${y}-${month}-${day}T${hour}:${minute}:${second}.${millis}`;
        expect(parseInstant(`${local}Z`), local).toBe(parseInstant(`${local}+00:00`));
      },
    ),
    { numRuns: randomRuns(5_000) },
  );
});

test("accepts every day of leap years and other years, and no other day", () => {
  for (const leap of [1900, 2000, 2023, 2024, 2100]) {
    for (let month = 1; month <= 12; month++) {
      for (let day = 1; day <= 31; day++) {
        const text = `${leap}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
        const exists = new Date(Date.UTC(leap, month - 1, day)).getUTCMonth() === month - 1;
        expect(parseInstant(`${text}T00:00:00.000Z`) !== null, text).toBe(exists);
      }
    }
  }
});

test.each([
  "2026-01-01T00:00:00.0a0Z",
  "2026-01-01T00:00:00.00 Z",
  "2026-01-01T24:00:00.000Z",
  "2026-01-01T00:00:60.000Z",
  "2026-01-01T00:60:00.000Z",
])("%s is not an instant", (text) => {
  expect(parseInstant(text)).toBeNull();
});
