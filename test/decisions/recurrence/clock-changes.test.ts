/** Local times around changes of the clocks, worked out by hand from the rules of the zones. */
import { describe, expect, test } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import { resolveDeclaration } from "../../../src/decisions/recurrence/resolve-declaration.ts";
import { firstZones } from "../../../src/zones/zones.ts";

const hourMs = 3_600_000;
const declaredAt = Date.UTC(2027, 0, 1);

/** The second occurrence of a rule of two days, the first of which begins on the day before. */
function occurrence(zone: string, local: string, durationMs = hourMs) {
  const before = new Date(Date.parse(`${local}Z`) - 24 * hourMs).toISOString().slice(0, 19);
  const recurrence = { rrule: "FREQ=DAILY;COUNT=2", start: before, zone, durationMs };
  const made = resolveDeclaration({ recurrence }, declaredAt, firstZones);
  if (made.kind === "refused") throw new Error(made.message);
  const [, second] = made.occurrences;
  if (second === undefined) throw new Error("no second occurrence");
  return {
    from: formatInstant(second.from).slice(0, 19),
    local: second.local?.from,
    note: second.note,
    to: second.local?.to,
  };
}

describe("a local time around a change of the clocks", () => {
  test.each([
    // Los Angeles: 14 March, 02:00 to 03:00; 7 November, 02:00 to 01:00.
    ["America/Los_Angeles", "2027-03-14T01:59", "2027-03-14T09:59:00", "01:59:00-08:00", null],
    ["America/Los_Angeles", "2027-03-14T02:00", "2027-03-14T10:00:00", "03:00:00-07:00", "gap"],
    ["America/Los_Angeles", "2027-03-14T02:30", "2027-03-14T10:30:00", "03:30:00-07:00", "gap"],
    ["America/Los_Angeles", "2027-03-14T03:00", "2027-03-14T10:00:00", "03:00:00-07:00", null],
    ["America/Los_Angeles", "2027-11-07T00:59", "2027-11-07T07:59:00", "00:59:00-07:00", null],
    ["America/Los_Angeles", "2027-11-07T01:00", "2027-11-07T08:00:00", "01:00:00-07:00", "overlap"],
    ["America/Los_Angeles", "2027-11-07T01:30", "2027-11-07T08:30:00", "01:30:00-07:00", "overlap"],
    ["America/Los_Angeles", "2027-11-07T02:00", "2027-11-07T10:00:00", "02:00:00-08:00", null],
    // Amsterdam: 28 March, 02:00 to 03:00; 31 October, 03:00 to 02:00.
    ["Europe/Amsterdam", "2027-03-28T02:59:59", "2027-03-28T01:59:59", "03:59:59+02:00", "gap"],
    ["Europe/Amsterdam", "2027-03-28T03:00", "2027-03-28T01:00:00", "03:00:00+02:00", null],
    ["Europe/Amsterdam", "2027-10-31T02:00", "2027-10-31T00:00:00", "02:00:00+02:00", "overlap"],
    ["Europe/Amsterdam", "2027-10-31T02:59", "2027-10-31T00:59:00", "02:59:00+02:00", "overlap"],
    ["Europe/Amsterdam", "2027-10-31T03:00", "2027-10-31T02:00:00", "03:00:00+01:00", null],
    // Lord Howe, by half an hour: 4 April, 02:00 to 01:30; 3 October, 02:00 to 02:30.
    ["Australia/Lord_Howe", "2027-04-04T01:29", "2027-04-03T14:29:00", "01:29:00+11:00", null],
    ["Australia/Lord_Howe", "2027-04-04T01:30", "2027-04-03T14:30:00", "01:30:00+11:00", "overlap"],
    ["Australia/Lord_Howe", "2027-04-04T02:00", "2027-04-03T15:30:00", "02:00:00+10:30", null],
    ["Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:45:00", "02:45:00+11:00", "gap"],
    ["Australia/Lord_Howe", "2027-10-03T02:30", "2027-10-02T15:30:00", "02:30:00+11:00", null],
    // Cairo: midnight of 30 April is skipped; 28 October has 23:00 to 24:00 twice.
    ["Africa/Cairo", "2027-04-30T00:00", "2027-04-29T22:00:00", "01:00:00+03:00", "gap"],
    ["Africa/Cairo", "2027-04-30T01:00", "2027-04-29T22:00:00", "01:00:00+03:00", null],
    ["Africa/Cairo", "2027-10-28T23:30", "2027-10-28T20:30:00", "23:30:00+03:00", "overlap"],
    ["Africa/Cairo", "2027-10-29T00:00", "2027-10-28T22:00:00", "00:00:00+02:00", null],
    // Beirut: midnight of 28 March is skipped; 30 October has 23:00 to 24:00 twice.
    ["Asia/Beirut", "2027-03-28T00:00", "2027-03-27T22:00:00", "01:00:00+03:00", "gap"],
    ["Asia/Beirut", "2027-03-28T00:59", "2027-03-27T22:59:00", "01:59:00+03:00", "gap"],
    ["Asia/Beirut", "2027-10-30T23:00", "2027-10-30T20:00:00", "23:00:00+03:00", "overlap"],
    ["Asia/Beirut", "2027-10-31T00:00", "2027-10-30T22:00:00", "00:00:00+02:00", null],
    // Kolkata never changes.
    ["Asia/Kolkata", "2027-03-28T02:30", "2027-03-27T21:00:00", "02:30:00+05:30", null],
    ["Asia/Kolkata", "2027-10-31T02:30", "2027-10-30T21:00:00", "02:30:00+05:30", null],
  ])("%s %s begins at %sZ, when clocks show %s; note: %s", (zone, local, from, clocks, note) => {
    const made = occurrence(zone, local);
    expect(made.from).toBe(from);
    expect(made.local?.slice(11)).toBe(clocks);
    expect(made.note).toBe(note);
  });

  test.each([
    ["America/Los_Angeles", "2027-03-13T12:00", "2027-03-14T13:00:00-07:00"],
    ["America/Los_Angeles", "2027-11-06T12:00", "2027-11-07T11:00:00-08:00"],
    ["Australia/Lord_Howe", "2027-10-02T12:00", "2027-10-03T12:30:00+11:00"],
    ["Africa/Cairo", "2027-04-29T00:00", "2027-04-30T01:00:00+03:00"],
    ["Asia/Beirut", "2027-10-30T00:00", "2027-10-30T23:00:00+02:00"],
    ["Asia/Kolkata", "2027-03-27T12:00", "2027-03-28T12:00:00+05:30"],
  ])("24 hours from %s %s are elapsed hours: they end at %s", (zone, local, to) => {
    expect(occurrence(zone, local, 24 * hourMs).to).toBe(to);
  });

  test("days that begin at a midnight which is skipped touch or overlap and leave no hole", () => {
    const recurrence = {
      rrule: "FREQ=DAILY;COUNT=4",
      start: "2027-04-28T00:00",
      zone: "Africa/Cairo",
      durationMs: 24 * hourMs,
    };
    const made = resolveDeclaration({ recurrence }, declaredAt, firstZones);
    if (made.kind === "refused") throw new Error(made.message);
    const shown = made.occurrences.map(({ local }) => `${local?.from} to ${local?.to}`);
    expect(shown).toEqual([
      "2027-04-28T00:00:00+02:00 to 2027-04-29T00:00:00+02:00",
      "2027-04-29T00:00:00+02:00 to 2027-04-30T01:00:00+03:00",
      "2027-04-30T01:00:00+03:00 to 2027-05-01T01:00:00+03:00",
      "2027-05-01T00:00:00+03:00 to 2027-05-02T00:00:00+03:00",
    ]);
  });

  test("is refused as the start of a rule where it is skipped, and taken where it happens twice", () => {
    const because = (zone: string, start: string) => {
      const recurrence = { rrule: "FREQ=DAILY", start, zone, durationMs: hourMs };
      const made = resolveDeclaration({ recurrence }, declaredAt, firstZones);
      return made.kind === "refused" ? made.because : formatInstant(made.occurrences[0]?.from ?? 0);
    };
    expect(because("Africa/Cairo", "2027-04-30T00:00")).toBe("local-time-skipped");
    expect(because("Asia/Beirut", "2027-03-28T00:30")).toBe("local-time-skipped");
    expect(because("Australia/Lord_Howe", "2027-10-03T02:15")).toBe("local-time-skipped");
    expect(because("America/Los_Angeles", "2027-11-07T01:30")).toBe("2027-11-07T08:30:00.000Z");
  });
});
