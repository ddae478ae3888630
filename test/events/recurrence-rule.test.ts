import { describe, expect, test } from "vitest";
import { parseRecurrenceRule } from "../../src/events/fields/recurrence-rule.ts";

describe("a recurrence rule", () => {
  test("is parsed into its parts", () => {
    expect(
      parseRecurrenceRule(
        "FREQ=MONTHLY;INTERVAL=2;UNTIL=20261231T235959Z;BYDAY=-1FR,MO;BYMONTH=1,12;WKST=MO",
      ),
    ).toEqual({
      frequency: "MONTHLY",
      interval: 2,
      count: null,
      until: "20261231T235959Z",
      weekStart: "MO",
      byDay: [
        { number: -1, day: "FR" },
        { number: null, day: "MO" },
      ],
      numbers: new Map([["BYMONTH", [1, 12]]]),
    });
  });

  test.each([
    "FREQ=DAILY",
    "freq=weekly;byday=sa",
    "BYDAY=SA,SU;FREQ=WEEKLY",
    "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-1;COUNT=10",
    "FREQ=HOURLY;BYHOUR=0,12;BYMINUTE=30",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1",
    "FREQ=DAILY;UNTIL=20261231",
    "FREQ=DAILY;UNTIL=20261231T000000",
    "FREQ=YEARLY;BYWEEKNO=-53,1;BYYEARDAY=366",
    "FREQ=HOURLY;BYYEARDAY=1",
    "FREQ=DAILY;BYMONTHDAY=1",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "FREQ=DAILY;BYHOUR=1,2;BYSETPOS=1",
  ])("may be %s", (rule) => {
    expect(parseRecurrenceRule(rule)).toBeTypeOf("object");
  });

  test.each([
    ["", 'has the part ""'],
    ["every Saturday", "which is not NAME=VALUE"],
    ["RRULE:FREQ=DAILY", "RFC 5545 does not define"],
    ["INTERVAL=2", "has no FREQ"],
    ["FREQ=FORTNIGHTLY", "which is not one of SECONDLY"],
    ["FREQ=DAILY;", 'has the part ""'],
    ["FREQ=DAILY;FREQ=WEEKLY", "has FREQ twice"],
    ["FREQ=DAILY;COUNT=2;UNTIL=20261231", "only one of them is allowed"],
    ["FREQ=DAILY;COUNT=0", "not a whole number from 1"],
    ["FREQ=DAILY;INTERVAL=1.5", "not a whole number from 1"],
    ["FREQ=DAILY;UNTIL=20260230", "which is not a date"],
    ["FREQ=DAILY;UNTIL=2026-12-31", "which is not a date"],
    ["FREQ=DAILY;UNTIL=20261231T246060Z", "which is not a date"],
    ["FREQ=WEEKLY;BYDAY=", "not a list of days"],
    ["FREQ=WEEKLY;BYDAY=SAT", "not a list of days"],
    ["FREQ=MONTHLY;BYDAY=0MO", "not a list of days"],
    ["FREQ=YEARLY;BYMONTH=13", "not a list of numbers from 1 to 12"],
    ["FREQ=MONTHLY;BYMONTHDAY=0", "not a list of numbers from -31 to 31"],
    ["FREQ=DAILY;BYFOO=1", "RFC 5545 does not define"],
    ["FREQ=DAILY;WKST=XX", "which is not one of SU"],
    ["FREQ=A=B", "which is not NAME=VALUE"],
    ["FREQ=WEEKLY;BYDAY=1MO", "a number in BYDAY, which is not allowed with FREQ=WEEKLY"],
    ["BYDAY=MO,-1FR;FREQ=DAILY", "a number in BYDAY, which is not allowed with FREQ=DAILY"],
    ["FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "a number in BYDAY, which is not allowed with BYWEEKNO"],
    ["FREQ=DAILY;BYWEEKNO=1", "BYWEEKNO, which is not allowed with FREQ=DAILY"],
    ["FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO, which is not allowed with FREQ=MONTHLY"],
    ["FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY, which is not allowed with FREQ=DAILY"],
    ["FREQ=WEEKLY;BYYEARDAY=1", "BYYEARDAY, which is not allowed with FREQ=WEEKLY"],
    ["FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY, which is not allowed with FREQ=MONTHLY"],
    ["FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY, which is not allowed with FREQ=WEEKLY"],
    ["FREQ=DAILY;BYSETPOS=1", "BYSETPOS, which needs another part"],
  ])("is refused if it is %j, with the reason", (rule, why) => {
    expect(parseRecurrenceRule(rule)).toContain(why);
  });
});
