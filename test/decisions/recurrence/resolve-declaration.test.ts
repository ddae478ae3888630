/** What a declaration is resolved to, and every refusal, at a given instant. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInstant, instantMs } from "../../../projections/time/instant.ts";
import { declaredData } from "../../../src/decisions/recurrence/resolution.ts";
import { resolveDeclaration } from "../../../src/decisions/recurrence/resolve-declaration.ts";
import type { Declaration } from "../../../src/decisions/recurrence/resolve-declaration.ts";
import type { DeclaredRecurrence } from "../../../src/decisions/recurrence/recurrence.ts";
import { formatLocalTime } from "../../../src/decisions/recurrence/local-time.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { randomRuns } from "../../random-runs.ts";
import { ruleText } from "./calendar-walk.ts";
import { randomRule, randomStart, zoneNames } from "./random-rules.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const t = instantMs("2026-06-01T12:00:00.000Z");

function because(declaration: Declaration, at = t): string {
  const made = resolveDeclaration(declaration, at, firstZones);
  return made.kind === "refused" ? made.because : "not refused";
}

function message(declaration: Declaration): string {
  const made = resolveDeclaration(declaration, t, firstZones);
  return made.kind === "refused" ? made.message : "not refused";
}

function recorded(declaration: Declaration, at = t) {
  const made = resolveDeclaration(declaration, at, firstZones);
  if (made.kind === "refused") throw new Error(made.message);
  return made;
}

describe("one-off occurrences", () => {
  const oneOff = (from: string | undefined, to: string) => ({ occurrences: [{ from, to }] });

  test("are recorded as they are given, in their order, without a zone table or a horizon", () => {
    const made = recorded({
      occurrences: [
        { from: "2026-07-02T00:00:00+02:00", to: "2026-07-03T00:00:00+02:00" },
        { from: "2026-06-02T00:00:00Z", to: "2026-06-02T00:00:01Z" },
      ],
    });
    expect(declaredData(made)).toEqual({
      occurrences: [
        { from: "2026-07-01T22:00:00.000Z", to: "2026-07-02T22:00:00.000Z" },
        { from: "2026-06-02T00:00:00.000Z", to: "2026-06-02T00:00:01.000Z" },
      ],
    });
  });

  test("begin at the decision without a from", () => {
    const made = recorded({ occurrences: [{ to: "2026-06-02T00:00:00Z" }] });
    expect(made.occurrences).toMatchObject([
      { from: t, to: instantMs("2026-06-02T00:00:00.000Z") },
    ]);
  });

  test("that have ended are refused, also at the very instant of the end", () => {
    expect(because(oneOff("2026-06-01T11:59:00Z", "2026-06-01T12:00:00.000Z"))).toBe("ended");
    expect(because(oneOff("2026-06-01T11:59:00Z", "2026-06-01T12:00:00.001Z"))).toBe("not refused");
  });

  test("that end at or before their start are refused", () => {
    expect(because(oneOff("2026-06-02T00:00:00Z", "2026-06-02T00:00:00Z"))).toBe("empty");
    expect(because(oneOff("2026-06-03T00:00:00Z", "2026-06-02T00:00:00Z"))).toBe("empty");
  });

  test("that began more than five minutes ago are refused", () => {
    expect(because(oneOff("2026-06-01T11:54:59.999Z", "2026-06-02T00:00:00Z"))).toBe("in-the-past");
    expect(because(oneOff("2026-06-01T11:55:00Z", "2026-06-02T00:00:00Z"))).toBe("not refused");
  });

  test("that last longer than 366 days are refused", () => {
    expect(because(oneOff(undefined, formatInstant(t + 366 * dayMs)))).toBe("not refused");
    expect(because(oneOff(undefined, formatInstant(t + 366 * dayMs + 1)))).toBe("duration");
  });

  test("that share a start are refused, and the message names both", () => {
    const declaration = {
      occurrences: [
        { to: "2026-06-02T00:00:00Z" },
        { from: "2026-06-05T00:00:00Z", to: "2026-06-06T00:00:00Z" },
        { from: "2026-06-01T12:00:00Z", to: "2026-06-03T00:00:00Z" },
      ],
    };
    expect(because(declaration)).toBe("same-start");
    expect(message(declaration)).toMatch(
      /^\/occurrences\/0 and \/occurrences\/2 both begin at 2026-06-01T12:00:00.000Z/,
    );
  });

  test("with several faults are refused for the first in the order ended, empty, in the past, duration, same start", () => {
    const tooLong = { from: "2026-06-02T00:00:00Z", to: "2030-01-01T00:00:00Z" };
    const past = { from: "2026-05-01T00:00:00Z", to: "2026-06-02T00:00:00Z" };
    const empty = { from: "2026-06-02T00:00:00Z", to: "2026-06-02T00:00:00Z" };
    const ended = { from: "2026-06-01T00:00:00Z", to: "2026-06-01T01:00:00Z" };
    const all = [tooLong, tooLong, past, empty, ended];
    expect(because({ occurrences: all })).toBe("ended");
    expect(because({ occurrences: all.slice(0, 4) })).toBe("empty");
    expect(because({ occurrences: all.slice(0, 3) })).toBe("in-the-past");
    expect(because({ occurrences: all.slice(0, 2) })).toBe("duration");
    expect(message({ occurrences: all })).toMatch(/^\/occurrences\/4 ends at/);
  });
});

describe("recurrences", () => {
  const weekly: DeclaredRecurrence = {
    rrule: "FREQ=WEEKLY;BYDAY=SA",
    start: "2026-06-06T22:00",
    zone: "Europe/Amsterdam",
    durationMs: 6 * hourMs,
  };
  const of = (changed: Partial<DeclaredRecurrence>): Declaration => ({
    recurrence: { ...weekly, ...changed },
  });

  test("are recorded up to 400 days after their start, with the version of the zone table", () => {
    const data = declaredData(recorded(of({})));
    expect(data.resolvedUntil).toBe("2027-07-11T20:00:00.000Z");
    expect(data.tzdata).toBe(firstZones.version);
    expect(data.occurrences).toHaveLength(58);
    expect(data.occurrences[0]).toEqual({
      from: "2026-06-06T20:00:00.000Z",
      to: "2026-06-07T02:00:00.000Z",
    });
    expect(data.occurrences.at(-1)).toEqual({
      from: "2027-07-10T20:00:00.000Z",
      to: "2027-07-11T02:00:00.000Z",
    });
  });

  test("that began long ago are recorded from the occurrence that is running, up to 400 days after the decision", () => {
    const made = recorded(
      of({ start: "2020-06-06T22:00" }),
      instantMs("2026-06-07T02:00:00.000Z") - 1,
    );
    expect(made.occurrences[0]?.from).toBe(instantMs("2026-06-06T20:00:00.000Z"));
    expect(made.resolvedUntil).toBe(instantMs("2026-06-07T02:00:00.000Z") - 1 + 400 * dayMs);
    const later = recorded(
      of({ start: "2020-06-06T22:00" }),
      instantMs("2026-06-07T02:00:00.000Z"),
    );
    expect(later.occurrences[0]?.from).toBe(instantMs("2026-06-13T20:00:00.000Z"));
  });

  test("have no horizon if their rule ends before it", () => {
    expect(recorded(of({ rrule: "FREQ=WEEKLY;COUNT=58" })).resolvedUntil).toBeNull();
    expect(recorded(of({ rrule: "FREQ=WEEKLY;COUNT=59" })).resolvedUntil).not.toBeNull();
    const until = (text: string) => recorded(of({ rrule: `FREQ=WEEKLY;UNTIL=${text}` }));
    expect(until("20270717T195959Z").resolvedUntil).toBeNull();
    expect(until("20270717T200000Z").resolvedUntil).not.toBeNull();
    expect(until("99991231T235959Z").resolvedUntil).not.toBeNull();
    // The rule's last occurrence lies before the horizon, whenever UNTIL is.
    const yearly = { rrule: "FREQ=YEARLY;INTERVAL=3;UNTIL=20281231T000000Z" };
    expect(recorded(of(yearly)).resolvedUntil).toBeNull();
  });

  test("say what the clocks of their zone show, and where a local time is skipped or happens twice", () => {
    const { occurrences } = recorded(
      of({ rrule: "FREQ=DAILY", start: "2026-06-06T02:30", durationMs: hourMs }),
    );
    const noted = occurrences.filter(({ note }) => note !== null);
    expect(noted.map(({ note, local, from }) => [note, local, formatInstant(from)])).toEqual([
      [
        "overlap",
        { from: "2026-10-25T02:30:00+02:00", to: "2026-10-25T02:30:00+01:00" },
        "2026-10-25T00:30:00.000Z",
      ],
      [
        "gap",
        { from: "2027-03-28T03:30:00+02:00", to: "2027-03-28T04:30:00+02:00" },
        "2027-03-28T01:30:00.000Z",
      ],
    ]);
  });

  test("leave out what except names, which COUNT counts all the same", () => {
    const made = recorded(
      of({ rrule: "FREQ=WEEKLY;COUNT=3", except: ["2026-06-06T22:00", "2026-06-20T22:00:00"] }),
    );
    expect(made.occurrences.map(({ from }) => formatInstant(from))).toEqual([
      "2026-06-13T20:00:00.000Z",
    ]);
  });

  test.each([
    ["local-time-skipped", { rrule: "FREQ=DAILY", start: "2027-03-28T02:30" }],
    ["start-not-in-rule", { start: "2026-06-07T22:00" }],
    ["start-not-in-rule", { rrule: "FREQ=WEEKLY;UNTIL=20260606T195959Z" }],
    ["not refused", { rrule: "FREQ=WEEKLY;UNTIL=20260606T200000Z" }],
    ["except-names-nothing", { except: ["2026-06-13T22:00", "2026-06-14T22:00"] }],
    ["except-names-nothing", { except: ["2026-06-13T22:01"] }],
    ["except-names-nothing", { rrule: "FREQ=WEEKLY;COUNT=2", except: ["2026-06-20T22:00"] }],
    ["except-names-nothing", { except: ["2026-05-30T22:00"] }],
    ["except-names-nothing", { except: ["2027-07-17T22:00"] }],
    ["not refused", { except: ["2027-07-10T22:00"] }],
    ["not refused", { start: "2026-05-02T22:00", except: ["2026-05-09T22:00"] }],
    ["no-occurrence", { rrule: "FREQ=WEEKLY;COUNT=2", start: "2026-05-02T22:00" }],
    ["no-occurrence", { rrule: "FREQ=WEEKLY;COUNT=1", except: ["2026-06-06T22:00"] }],
    ["no-occurrence", { rrule: "FREQ=YEARLY;INTERVAL=5", start: "2024-06-01T22:00" }],
    ["endless", { durationMs: 7 * dayMs, zone: "UTC" }],
    ["endless", { rrule: "FREQ=DAILY", durationMs: 25 * hourMs }],
    ["not refused", { durationMs: 7 * dayMs - 1, zone: "UTC" }],
    ["not refused", { durationMs: 7 * dayMs, zone: "UTC", except: ["2026-06-20T22:00"] }],
    ["not refused", { rrule: "FREQ=DAILY;COUNT=1000", durationMs: 25 * hourMs }],
    ["not refused", { rrule: "FREQ=YEARLY;INTERVAL=2", durationMs: 366 * dayMs }],
    ["duration", { durationMs: 59_999 }],
    ["not refused", { durationMs: 60_000 }],
    ["duration", { durationMs: 366 * dayMs + 1, rrule: "FREQ=WEEKLY;COUNT=3" }],
    ["duration", { durationMs: 0, start: "2026-06-07T22:00" }],
  ])("%s: %j", (expected, changed) => {
    expect(because(of(changed))).toBe(expected);
  });

  test("that are refused for their start are told one that would do", () => {
    expect(message(of({ start: "2026-06-07T22:00" }))).toMatch(/ Begin with 2026-06-13T22:00$/);
    const skipped = { rrule: "FREQ=DAILY", start: "2027-03-28T02:30" };
    expect(message(of(skipped))).toMatch(/ such as 2027-03-28T03:30$/);
    const never = { rrule: "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30" };
    expect(message(of(never))).toMatch(/the rule makes an occurrence$/);
  });

  test("whose days are joined only across a change of the clocks are not endless", () => {
    // 24 hours a day leave out an hour when the clocks are set back.
    const daily = { rrule: "FREQ=DAILY", start: "2026-06-06T22:00", durationMs: 24 * hourMs };
    expect(because(of(daily))).toBe("not refused");
    expect(because(of({ ...daily, zone: "UTC" }))).toBe("endless");
  });

  test("of invalid form are a bad request", () => {
    expect(() => because(of({ rrule: "FREQ=HOURLY" }))).toThrowError(
      expect.objectContaining({ code: "invalid-request" }),
    );
  });

  test("are whatever the rule: occurrences of the stated length, rising, not over, within the horizon", () => {
    let resolved = 0;
    fc.assert(
      fc.property(
        randomRule,
        randomStart(2020, 2028),
        fc.constantFrom(...zoneNames),
        fc.integer({ min: 60_000, max: 3 * dayMs }),
        fc.array(fc.nat(30), { maxLength: 3 }),
        (rule, start, zone, durationMs, dropped) => {
          const recurrence = {
            rrule: ruleText(rule),
            start: formatLocalTime(start),
            zone,
            durationMs,
          };
          const made = resolveDeclaration({ recurrence }, t, firstZones);
          if (made.kind === "refused") return;
          resolved++;
          const horizon = made.resolvedUntil ?? Infinity;
          let last = -Infinity;
          for (const { from, to } of made.occurrences) {
            expect(to - from).toBe(durationMs);
            expect(from).toBeGreaterThan(last);
            expect(to).toBeGreaterThan(t);
            expect(from).toBeLessThan(horizon);
            last = from;
          }
          // What is left out by name is gone, and nothing else.
          const except = dropped.flatMap((i) => {
            const each = made.occurrences[i];
            return each?.note === null ? [(each.local?.from ?? "").slice(0, 19)] : [];
          });
          const without = resolveDeclaration(
            { recurrence: { ...recurrence, except } },
            t,
            firstZones,
          );
          const left = made.occurrences.filter(
            ({ local, note }) => note !== null || !except.includes(local?.from.slice(0, 19) ?? ""),
          );
          expect(without.kind === "refused" ? [] : without.occurrences).toEqual(left);
        },
      ),
      { numRuns: randomRuns(400) },
    );
    expect(resolved).toBeGreaterThan(20);
  });
});
