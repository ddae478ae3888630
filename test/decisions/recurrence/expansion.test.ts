/** Random rules: the expansion against a walk through the calendar, and what must be true of any expansion. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instantOfLocal, offsetMsAt } from "../../../projections/time/zone-table.ts";
import { expansionOf } from "../../../src/decisions/recurrence/expansion.ts";
import type { Expansion } from "../../../src/decisions/recurrence/expansion.ts";
import { formatLocalTime } from "../../../src/decisions/recurrence/local-time.ts";
import { readRecurrence } from "../../../src/decisions/recurrence/recurrence.ts";
import { isLedgerError } from "../../../src/errors.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { randomRuns } from "../../random-runs.ts";
import { localStartsByWalking, ruleText } from "./calendar-walk.ts";
import { randomRule, randomStart, zoneNames } from "./random-rules.ts";

const dayMs = 86_400_000;

function expand(rrule: string, startMs: number, zone = "UTC"): Expansion {
  const start = formatLocalTime(startMs);
  const read = readRecurrence({ rrule, start, zone, durationMs: 60_000 }, firstZones);
  if (isLedgerError(read)) throw read;
  return expansionOf(read);
}

describe("the expansion of a rule", () => {
  test("makes the starts that a walk through the calendar finds, day by day", () => {
    fc.assert(
      fc.property(
        randomRule,
        randomStart(1995, 2035),
        fc.integer({ min: 0, max: 1_000 }),
        fc.integer({ min: 1, max: 1_500 }),
        (rule, start, skippedDays, days) => {
          const from = start + skippedDays * dayMs;
          const to = from + days * dayMs;
          const walked = localStartsByWalking(rule, start, to - 1).filter((ms) => ms >= from);
          const expanded = expand(ruleText(rule), start).within(from, to);
          expect(expanded.map((each) => each.from)).toEqual(walked);
        },
      ),
      { numRuns: randomRuns(400) },
    );
  });

  test("over two adjoining windows is the expansion over both of them together", () => {
    fc.assert(
      fc.property(
        randomRule,
        randomStart(1995, 2035),
        fc.constantFrom(...zoneNames),
        fc.tuple(fc.nat(90_000_000), fc.nat(90_000_000), fc.nat(90_000_000)),
        (rule, start, zone, seconds) => {
          const [a, b, c] = seconds
            .map((each) => start + each * 1_000)
            .sort((left, right) => left - right);
          if (a === undefined || b === undefined || c === undefined) throw new Error("unreachable");
          const expansion = expand(ruleText(rule), start, zone);
          expect([...expansion.within(a, b), ...expansion.within(b, c)]).toEqual(
            expansion.within(a, c),
          );
        },
      ),
      { numRuns: randomRuns(200) },
    );
  });

  test("begins each occurrence when the zone's clocks show the rule's time, unless they skip it", () => {
    fc.assert(
      fc.property(
        randomRule,
        randomStart(1995, 2035),
        fc.constantFrom(...zoneNames),
        (rule, start, name) => {
          const zone = firstZones.zone(name);
          if (zone === null) throw new Error(`no zone ${name}`);
          const starts = expand(ruleText(rule), start, name).within(start, start + 800 * dayMs);
          for (const { from, localMs, note } of starts) {
            const shown = from + offsetMsAt(zone, from);
            expect(Math.sign(shown - localMs)).toBe(note === "gap" ? 1 : 0);
            // The first of two: the clocks do not show the time in the day before.
            for (let earlier = from - dayMs + 60_000; earlier < from; earlier += 30 * 60_000)
              expect(earlier + offsetMsAt(zone, earlier)).not.toBe(localMs);
          }
          const froms = starts.map(({ from }) => from);
          expect(froms).toEqual([...new Set(froms)].sort((a, b) => a - b));
        },
      ),
      { numRuns: randomRuns(100) },
    );
  });

  test("holds UNTIL, which is included, against the start in UTC", () => {
    fc.assert(
      fc.property(
        randomRule.filter(({ count }) => count === undefined),
        randomStart(2020, 2030),
        fc.constantFrom(...zoneNames),
        fc.nat(700),
        (rule, start, zone, index) => {
          const all = expand(ruleText(rule), start, zone).within(
            start - dayMs,
            start + 800 * dayMs,
          );
          const last = all[Math.min(index, all.length - 1)];
          if (last === undefined) return;
          const until = new Date(Math.floor(last.from / 1_000) * 1_000)
            .toISOString()
            .replace(/\.000|[-:]/g, "");
          const ended = expand(`${ruleText(rule)};UNTIL=${until}`, start, zone);
          expect(ended.within(start - dayMs, start + 800 * dayMs)).toEqual(
            all.filter(({ from }) => from <= last.from),
          );
          expect(ended.hasStartFrom(last.from)).toBe(true);
          expect(ended.hasStartFrom(last.from + 1)).toBe(false);
        },
      ),
      { numRuns: randomRuns(200) },
    );
  });

  test("has a start from an instant on exactly if COUNT or the walk leaves one", () => {
    const checked = fc.check(
      fc.property(
        randomRule.map((rule) => ({ ...rule, interval: Math.min(rule.interval, 4) })),
        fc.integer({ min: 1, max: 40 }),
        randomStart(2000, 2030),
        fc.nat(6_000),
        (rule, count, start, days) => {
          const counted = { ...rule, count };
          const walked = localStartsByWalking(counted, start, start + 12_000 * dayMs);
          const instant = start + days * dayMs;
          const isEnded = walked.length === count && (walked.at(-1) ?? Infinity) < instant;
          fc.pre(walked.length > 0);
          return expand(ruleText(counted), start).hasStartFrom(instant) === !isEnded;
        },
      ),
      { numRuns: randomRuns(200) },
    );
    expect(fc.defaultReportMessage(checked)).toBeUndefined();
  });
});

describe("work is bounded: within 100 ms of the processor's time there is an answer to", () => {
  /** Time of the processor, not of the clock, and the quickest of several tries: other work on the machine does not decide. */
  function quickestMs(work: () => void): number {
    let quickest = Infinity;
    for (let i = 0; i < 5; i++) {
      const begin = process.threadCpuUsage();
      work();
      const { user, system } = process.threadCpuUsage(begin);
      quickest = Math.min(quickest, (user + system) / 1_000);
    }
    return quickest;
  }

  const now = Date.UTC(2026, 10, 29);
  test.each([
    ["a date that does not exist", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", "2026-01-31T03:00"],
    [
      "no date in February",
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,31;COUNT=1000",
      "2026-01-31T03:00",
    ],
    [
      "a fifth of four days",
      "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5;BYMONTH=2;COUNT=9",
      "2026-01-31T03:00",
    ],
    ["weekdays that an interval skips", "FREQ=DAILY;INTERVAL=7;BYDAY=MO", "2026-01-31T03:00"],
    ["months that an interval skips", "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3", "2026-01-31T03:00"],
    [
      "the same with a far UNTIL",
      "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3;UNTIL=99991231T235959Z",
      "2026-01-31T03:00",
    ],
    ["a far end", "FREQ=YEARLY;INTERVAL=366;UNTIL=99991231T235959Z", "1996-02-29T03:00"],
    ["a far COUNT", "FREQ=YEARLY;INTERVAL=366;COUNT=1000", "2026-01-31T03:00"],
    ["a start long ago", "FREQ=DAILY", "1900-01-01T03:00"],
    ["a start long ago, counted", "FREQ=DAILY;BYMONTH=2;BYDAY=MO;COUNT=1000", "1900-02-05T03:00"],
    ["leap days, counted", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=1000", "1904-02-29T03:00"],
    ["the last years", "FREQ=DAILY;COUNT=1000", "9990-12-31T03:00"],
  ])("%s: %s from %s", (_, rrule, start) => {
    const ms = quickestMs(() => {
      const startMs = Date.parse(`${start}Z`);
      const expansion = expand(rrule, startMs, "Europe/Amsterdam");
      const horizon = Math.max(now, startMs) + 400 * dayMs;
      expansion.localStartsAmong([startMs], Infinity);
      expansion.within(now - 366 * dayMs, horizon);
      expansion.hasStartFrom(horizon);
    });
    expect(ms).toBeLessThan(100);
  });

  test("random rules that start in any year: none reaches the library's own limits", () => {
    const checked = fc.check(
      fc.property(randomRule, randomStart(1900, 9_990), (rule, start) => {
        const rrule = ruleText(rule);
        const expansion = expand(rrule, start);
        const horizon = Math.max(now, start) + 400 * dayMs;
        expansion.localStartsAmong([start, start + dayMs], horizon);
        expansion.within(now - 366 * dayMs, horizon);
        expansion.hasStartFrom(horizon);
      }),
      { numRuns: randomRuns(300) },
    );
    expect(fc.defaultReportMessage(checked)).toBeUndefined();
  });
});

describe("local times", () => {
  test("of a whole day that a zone leaves out are those of the next day: one instant, one occurrence", () => {
    // Samoa went from 29 to 31 December 2011.
    const zone = firstZones.zone("Pacific/Apia");
    if (zone === null) throw new Error("no zone");
    const skipped = instantOfLocal(zone, Date.UTC(2011, 11, 30, 10));
    expect(skipped).toEqual({ instant: Date.UTC(2011, 11, 30, 20), note: "gap" });
    const next = instantOfLocal(zone, Date.UTC(2011, 11, 31, 10));
    expect(next).toEqual({ instant: Date.UTC(2011, 11, 30, 20), note: null });
    const start = Date.UTC(2011, 11, 29, 10);
    const starts = expand("FREQ=DAILY;COUNT=4", start, "Pacific/Apia").within(
      start,
      start + 9 * dayMs,
    );
    expect(starts.map(({ from }) => new Date(from).toISOString())).toEqual([
      "2011-12-29T20:00:00.000Z",
      "2011-12-30T20:00:00.000Z",
      "2011-12-31T20:00:00.000Z",
    ]);
  });
});
