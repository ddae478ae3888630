import { expect, it } from "vitest";
import { ruleWords } from "../../../src/dashboard/pages/rollouts/zone/rule-words.ts";

const of = (rrule: string, more: object = {}) =>
  ruleWords({
    rrule,
    start: "2026-03-07T22:00",
    zone: "Europe/Berlin",
    durationMs: 6 * 3_600_000,
    ...more,
  });
const rest = "at 22:00 (Europe/Berlin), for 6 h each";

it.each([
  ["FREQ=DAILY", `every day ${rest}, from 2026-03-07 on`],
  ["FREQ=WEEKLY;BYDAY=SA", `every week on Saturday ${rest}, from 2026-03-07 on`],
  [
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
    `every 2 weeks on Monday, Wednesday and Friday ${rest}, from 2026-03-07 on`,
  ],
  [
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=6",
    `every month on the last Friday ${rest}, 6 times, from 2026-03-07 on`,
  ],
  [
    "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=2",
    `every month on the 2nd of Monday and Tuesday ${rest}, from 2026-03-07 on`,
  ],
  [
    "FREQ=MONTHLY;BYMONTHDAY=1,-1",
    `every month on day 1 and the last day ${rest}, from 2026-03-07 on`,
  ],
  [
    "FREQ=YEARLY;BYMONTH=3,6;BYDAY=3SU;UNTIL=20271231T120000Z",
    `every year in March and June on the 3rd Sunday ${rest}, until 2027-12-31 12:00 UTC, from 2026-03-07 on`,
  ],
])("says %s as one would", (rrule, words) => {
  expect(of(rrule)).toBe(words);
});

it("names the days that are left out", () => {
  expect(of("FREQ=DAILY", { except: ["2026-03-09T22:00", "2026-03-11T22:00"] })).toContain(
    "but for 2026-03-09, 2026-03-11",
  );
});
