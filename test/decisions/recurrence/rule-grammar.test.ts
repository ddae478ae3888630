import { describe, expect, test } from "vitest";
import { parseDecidableRule } from "../../../src/decisions/recurrence/rule-grammar.ts";
import { readRecurrence } from "../../../src/decisions/recurrence/recurrence.ts";
import { isLedgerError } from "../../../src/errors.ts";
import { firstZones } from "../../../src/zones/zones.ts";

describe("a rule that the ledger decides about", () => {
  test.each([
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=366;COUNT=1000",
    "FREQ=DAILY;BYMONTH=12;BYDAY=MO,TU",
    "FREQ=WEEKLY;BYDAY=SA,SU;BYMONTH=1;WKST=SU",
    "FREQ=WEEKLY;UNTIL=20261231T235959Z",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
    "FREQ=MONTHLY;BYMONTHDAY=-31;BYMONTH=1",
    "FREQ=MONTHLY;BYDAY=1MO,-1FR,SU,+5TU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=3,4",
    "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
    "BYDAY=SA;FREQ=WEEKLY",
  ])("may be %s", (text) => {
    expect(parseDecidableRule(text)).toBeTypeOf("object");
  });

  test.each([
    ["freq=daily", 'must be upper case: write "FREQ=DAILY"'],
    ["FREQ=DAILY;byday=MO", "must be upper case"],
    ["FREQ=HOURLY", "has FREQ=HOURLY; use DAILY, WEEKLY, MONTHLY, YEARLY"],
    ["FREQ=SECONDLY", "has FREQ=SECONDLY; use"],
    ["FREQ=DAILY;INTERVAL=0", "has INTERVAL=0"],
    ["FREQ=DAILY;INTERVAL=367", "has INTERVAL=367; use a whole number from 1 to 366"],
    ["FREQ=DAILY;COUNT=0", "has COUNT=0"],
    ["FREQ=DAILY;COUNT=1001", "has COUNT=1001; use a whole number from 1 to 1000, or UNTIL"],
    ["FREQ=DAILY;COUNT=3;UNTIL=20260401T000000Z", "has COUNT and UNTIL; only one of them"],
    ["FREQ=DAILY;UNTIL=20260401", "write an instant in UTC, such as 20261231T235959Z"],
    ["FREQ=DAILY;UNTIL=20260401T000000", "write an instant in UTC"],
    ["FREQ=DAILY;UNTIL=20260230T000000Z", "has UNTIL=20260230T000000Z"],
    ["FREQ=DAILY;UNTIL=20261231T235960Z", "write an instant in UTC"],
    ["FREQ=DAILY;BYMONTH=13", "has BYMONTH=13"],
    ["FREQ=DAILY;BYMONTH=+3", "has a sign in BYMONTH"],
    ["FREQ=DAILY;BYMONTH=-1", "has BYMONTH=-1"],
    ["FREQ=DAILY;BYMONTHDAY=1", "has BYMONTHDAY with FREQ=DAILY; use it with MONTHLY or YEARLY"],
    ["FREQ=WEEKLY;BYMONTHDAY=1", "has BYMONTHDAY, which is not allowed with FREQ=WEEKLY"],
    ["FREQ=MONTHLY;BYMONTHDAY=32", "has BYMONTHDAY=32"],
    ["FREQ=MONTHLY;BYMONTHDAY=0", "has BYMONTHDAY=0"],
    ["FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "has BYMONTHDAY and BYDAY; use one of them"],
    ["FREQ=MONTHLY;BYDAY=6MO", "has a number beyond 5 in BYDAY"],
    ["FREQ=WEEKLY;BYDAY=1MO", "has a number in BYDAY"],
    ["FREQ=DAILY;BYDAY=1MO", "has a number in BYDAY"],
    ["FREQ=YEARLY;BYDAY=MO", "has BYDAY with FREQ=YEARLY; name the months in BYMONTH"],
    ["FREQ=YEARLY;BYMONTHDAY=1", "has BYMONTHDAY with FREQ=YEARLY; name the months in BYMONTH"],
    ["FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,2", "give it one number"],
    ["FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "give it one number, 1 to 5 or -1 to -5"],
    ["FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=1", "use it with FREQ=MONTHLY and BYDAY without numbers"],
    ["FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=1", "use it with FREQ=MONTHLY and BYDAY"],
    ["FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1", "use it with FREQ=MONTHLY and BYDAY"],
    ["FREQ=DAILY;BYHOUR=3", "the time of day is that of start"],
    ["FREQ=YEARLY;BYWEEKNO=20", 'has the part "BYWEEKNO", which is not one of FREQ, INTERVAL'],
    ["FREQ=YEARLY;BYYEARDAY=1", 'has the part "BYYEARDAY"'],
    ["RSCALE=CHINESE;FREQ=YEARLY", 'has the part "RSCALE"'],
    ["FREQ=DAILY;RDATE=20260101T000000Z", "declare a one-off beside it"],
    ["FREQ=DAILY;EXDATE=20260101T000000Z", "name the local starts to leave out in except"],
    ["FREQ=DAILY;X=1", 'has the part "X"'],
    ["FREQ=DAILY;", 'has the part ""'],
    ["FREQ=DAILY;BYDAY=", "has BYDAY="],
    ["FREQ=DAILY;FREQ=WEEKLY", "has FREQ twice"],
    ["INTERVAL=2", "has no FREQ"],
    ["", 'has the part ""'],
    ["FREQ=WEEKLY;WKST=XX", "has WKST=XX"],
    ["FREQ=DAILY ", "has FREQ=DAILY "],
    ["FREQ=DAILY;COUNT=٣", "has COUNT=٣"],
  ])("is refused as %s: it %s", (text, message) => {
    expect(parseDecidableRule(text)).toContain(message);
  });
});

describe("a recurrence of invalid form is refused with a pointer to each invalid value", () => {
  const valid = {
    rrule: "FREQ=DAILY",
    start: "2026-03-07T22:00",
    zone: "Europe/Amsterdam",
    durationMs: 3_600_000,
  };
  const errorsOf = (changed: object) => {
    const read = readRecurrence({ ...valid, ...changed }, firstZones);
    if (!isLedgerError(read)) throw new Error("was not refused");
    return { code: read.code, errors: read.errors };
  };

  test.each([
    "2026-03-07",
    "2026-03-07 22:00",
    "2026-03-07T22:00Z",
    "2026-03-07T22:00+01:00",
    "2026-02-30T22:00",
    "2026-03-07T24:00",
    "2026-03-07T22:00:00.000",
    "20260307T220000",
    "1899-03-07T22:00",
    "",
  ])("start %j", (start) => {
    expect(errorsOf({ start })).toMatchObject({
      code: "invalid-request",
      errors: [
        { path: "/recurrence/start", message: expect.stringMatching(/^must be a local date/) },
      ],
    });
  });

  test("a start whose horizon no four digits can write", () => {
    expect(errorsOf({ start: "9991-01-01T00:00" }).errors).toEqual([
      { path: "/recurrence/start", message: "must not be after 9990" },
    ]);
  });

  test("a zone that is not there, with the one that may have been meant", () => {
    expect(errorsOf({ zone: "Europe/Amsterdm" })).toEqual({
      code: "unknown-zone",
      errors: [
        {
          path: "/recurrence/zone",
          message:
            'must be an IANA time zone, not "Europe/Amsterdm". Did you mean Europe/Amsterdam?',
        },
      ],
    });
  });

  test("several at once", () => {
    const { code, errors } = errorsOf({
      rrule: "FREQ=HOURLY",
      zone: "Mars/Olympus",
      except: ["2026-03-07T22:00", "tomorrow"],
    });
    expect(code).toBe("invalid-request");
    expect(errors.map(({ path }) => path)).toEqual([
      "/recurrence/rrule",
      "/recurrence/except/1",
      "/recurrence/zone",
    ]);
  });
});
