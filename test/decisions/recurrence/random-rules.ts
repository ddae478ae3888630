/** Random rules of the narrow grammar. */
import fc from "fast-check";
import type { RuleParts } from "./calendar-walk.ts";

const days = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const interval = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 366 }) },
);
const count = maybe(fc.integer({ min: 1, max: 1_000 }));
const months = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });
const signed = (max: number) =>
  fc.oneof(fc.integer({ min: 1, max }), fc.integer({ min: -max, max: -1 }));
const monthDays = fc.uniqueArray(signed(31), { minLength: 1, maxLength: 3 });
const weekDays = fc
  .uniqueArray(fc.constantFrom(...days), { minLength: 1, maxLength: 5 })
  .map((list) => list.map((day) => ({ number: null, day })));
const numberedDays = fc.array(
  fc.record({
    number: fc.oneof(signed(5), fc.constant(null)),
    day: fc.constantFrom(...days),
  }),
  { minLength: 1, maxLength: 3 },
);
const weekStart = maybe(fc.constantFrom(...days));

const daily = fc.record({
  freq: fc.constant("DAILY" as const),
  interval,
  count,
  byMonth: maybe(months),
  byDay: maybe(weekDays),
});
const weekly = fc.record({
  freq: fc.constant("WEEKLY" as const),
  interval,
  count,
  byMonth: maybe(months),
  byDay: maybe(weekDays),
  weekStart,
});
const monthly = fc.oneof(
  fc.record({
    freq: fc.constant("MONTHLY" as const),
    interval,
    count,
    byMonth: maybe(months),
    byMonthDay: maybe(monthDays),
  }),
  fc.record({
    freq: fc.constant("MONTHLY" as const),
    interval,
    count,
    byMonth: maybe(months),
    byDay: numberedDays,
  }),
  fc.record({
    freq: fc.constant("MONTHLY" as const),
    interval,
    count,
    byMonth: maybe(months),
    byDay: weekDays,
    bySetPos: signed(5),
  }),
);
const yearly = fc.oneof(
  fc.record({ freq: fc.constant("YEARLY" as const), interval, count, byMonth: maybe(months) }),
  fc.record({
    freq: fc.constant("YEARLY" as const),
    interval,
    count,
    byMonth: months,
    byMonthDay: monthDays,
  }),
  fc.record({
    freq: fc.constant("YEARLY" as const),
    interval,
    count,
    byMonth: months,
    byDay: numberedDays,
  }),
);

export const randomRule: fc.Arbitrary<RuleParts> = fc.oneof(daily, weekly, monthly, yearly);

/** A local start in whole minutes, counted as if it were UTC. */
export const randomStart = (fromYear: number, toYear: number): fc.Arbitrary<number> =>
  fc
    .integer({
      min: Date.UTC(fromYear, 0, 1) / 60_000,
      max: Date.UTC(toYear, 11, 31) / 60_000,
    })
    .map((minutes) => minutes * 60_000);

/** Zones whose clocks change in different ways: by an hour, by half an hour, at midnight, twice a year around Ramadan, over the date line, never. */
export const zoneNames = [
  "America/Los_Angeles",
  "Europe/Amsterdam",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "Asia/Beirut",
  "Africa/Casablanca",
  "Europe/Dublin",
  "Antarctica/Troll",
  "Pacific/Apia",
  "Asia/Kolkata",
  "UTC",
];
