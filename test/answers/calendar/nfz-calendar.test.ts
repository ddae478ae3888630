/** The calendar feed, read by a parser that is not the project's. */
import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import { nfzCalendar } from "../../../src/answers/calendar/nfz-calendar.ts";
import type { CalendarOccurrence } from "../../../src/answers/calendar/nfz-calendar.ts";
import { randomRuns } from "../../random-runs.ts";

const ms = (text: string) => Date.parse(text);

const freeze: CalendarOccurrence = {
  nfz: "quarter-end",
  cluster: "alpha",
  from: ms("2026-06-06T20:00:00Z"),
  to: ms("2026-06-07T02:00:00Z"),
  sequence: 0,
  lastRecordedAt: ms("2026-06-01T12:00:00.123Z"),
  cancelled: false,
  scope: null,
  inFlight: "pause",
  reason: "Quarter end",
};

function parsed(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const events = calendar.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
  return { calendar, events };
}

function onlyEvent(changed: Partial<CalendarOccurrence>) {
  const [event] = parsed(nfzCalendar([{ ...freeze, ...changed }])).events;
  if (event === undefined) throw new Error("no event");
  return event;
}

/** A property's value as the feed writes it; `null` if the event has none of the name. */
function property(event: ICAL.Event, name: string): string | null {
  const found = event.component.getFirstProperty(name);
  return found === null ? null : found.toICALString().slice(name.length + 1);
}

describe("the calendar of no-fly zones", () => {
  test("has exactly this text for one occurrence", () => {
    expect(nfzCalendar([freeze]).split("\r\n")).toEqual([
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//fleetledger//No-fly zones//EN",
      "NAME:No-fly zones",
      "X-WR-CALNAME:No-fly zones",
      "BEGIN:VEVENT",
      "UID:quarter-end.alpha.20260606T200000Z@fleetledger",
      "SEQUENCE:0",
      "DTSTAMP:20260601T120000Z",
      "LAST-MODIFIED:20260601T120000Z",
      "DTSTART:20260606T200000Z",
      "DTEND:20260607T020000Z",
      "STATUS:CONFIRMED",
      "TRANSP:TRANSPARENT",
      "SUMMARY:No-fly zone quarter-end in alpha",
      "DESCRIPTION:No rollout or maintenance may start.\\nCluster: alpha\\nWhere: th",
      " e whole cluster\\nRollouts in flight pause.\\nReason: Quarter end",
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ]);
  });

  test("has an event for each occurrence, in UTC and in order of their starts, with no recurrence rule and no time zone", () => {
    const later = { ...freeze, from: freeze.from + 86_400_000, to: freeze.to + 86_400_000 };
    const { calendar, events } = parsed(
      nfzCalendar([later, { ...freeze, cluster: "beta" }, freeze]),
    );
    expect(calendar.getFirstPropertyValue("version")).toBe("2.0");
    expect(calendar.getAllSubcomponents().map(({ name }) => name)).toEqual([
      "vevent",
      "vevent",
      "vevent",
    ]);
    expect(events.map(({ uid }) => uid)).toEqual([
      "quarter-end.alpha.20260606T200000Z@fleetledger",
      "quarter-end.beta.20260606T200000Z@fleetledger",
      "quarter-end.alpha.20260607T200000Z@fleetledger",
    ]);
    for (const event of events) {
      expect(event.startDate.zone.tzid).toBe("UTC");
      expect(event.isRecurring()).toBe(false);
    }
    expect(events[0]?.startDate.toJSDate().getTime()).toBe(freeze.from);
    expect(events[0]?.endDate.toJSDate().getTime()).toBe(freeze.to);
  });

  test("keeps an occurrence's UID when the occurrence changes, and counts the changes", () => {
    const changed = onlyEvent({ to: ms("2026-06-07T04:00:00Z"), sequence: 3 });
    expect(changed.uid).toBe(onlyEvent({}).uid);
    expect(changed.sequence).toBe(3);
    expect(property(changed, "status")).toBe("CONFIRMED");
    expect(property(changed, "dtstamp")).toBe("20260601T120000Z");
    expect(property(changed, "last-modified")).toBe("20260601T120000Z");
  });

  test("keeps dropped and empty occurrences as cancelled events", () => {
    expect(property(onlyEvent({ cancelled: true }), "status")).toBe("CANCELLED");
    const skipped = onlyEvent({ to: freeze.from });
    expect(property(skipped, "status")).toBe("CANCELLED");
    expect(property(skipped, "dtend")).toBeNull();
    expect(skipped.startDate.toJSDate().getTime()).toBe(freeze.from);
  });

  test("shows an occurrence that begins between two seconds from the earlier second on, with a UID of its own", () => {
    const event = onlyEvent({ from: freeze.from + 250, to: freeze.from + 750 });
    expect(event.uid).toBe("quarter-end.alpha.20260606T200000.250Z@fleetledger");
    expect(event.startDate.toJSDate().getTime()).toBe(freeze.from);
    expect(event.endDate.toJSDate().getTime()).toBe(freeze.from + 1_000);
  });

  test("says what the zone covers and what rollouts in flight must do", () => {
    const event = onlyEvent({
      scope: { racks: ["r1", "r2"], skus: ["H100, 80 GB"], nodes: ["gpu[0001-0128]"] },
      inFlight: "rollback",
      reason: null,
    });
    expect(event.summary).toBe(
      "No-fly zone quarter-end in alpha: racks r1, r2; SKU H100, 80 GB; node gpu[0001-0128]",
    );
    expect(event.description.split("\n")).toEqual([
      "No rollout or maintenance may start.",
      "Cluster: alpha",
      "Where: racks r1, r2; SKU H100, 80 GB; node gpu[0001-0128]",
      "Rollouts in flight are rolled back.",
    ]);
  });

  test("shows ten names of a long list and how many more there are", () => {
    const nodes = Array.from({ length: 5_000 }, (_, i) => `node${i}`);
    const { summary } = onlyEvent({ scope: { nodes } });
    expect(summary).toMatch(/: nodes node0, .*node9 and 4990 more$/);
  });

  test("escapes characters that would end a text, and line breaks", () => {
    const feed = nfzCalendar([
      { ...freeze, nfz: 'a;b"c\\d', reason: "one; two, three\r\nfour\\n" },
    ]);
    const unfolded = feed.replaceAll("\r\n ", "").split("\r\n");
    expect(unfolded).toContain('UID:a\\;b"c\\\\d.alpha.20260606T200000Z@fleetledger');
    expect(unfolded.find((line) => line.startsWith("DESCRIPTION:"))).toMatch(
      /\\nReason: one\\; two\\, three\\nfour\\\\n$/,
    );
  });

  test("is an empty calendar if there is no occurrence", () => {
    expect(parsed(nfzCalendar([])).events).toEqual([]);
  });
});

describe("hostile texts in the calendar", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.constantFrom(
      "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:x",
      'a;b,c\\d\\n"e":f',
      "\r\r\n\n",
      "\u0000\u0007\u001b[31m\u007f",
      "\u202eevil\u2028\u2029",
      "👩‍👩‍👧‍👦".repeat(40),
      "é".repeat(200),
      " ".repeat(200),
    ),
  );
  const name = fc
    .array(
      fc
        .integer({ min: 0x21, max: 0x7e })
        .filter((code) => !",[]".includes(String.fromCharCode(code))),
      { minLength: 1, maxLength: 256 },
    )
    .map((codes) => String.fromCharCode(...codes));
  const occurrence: fc.Arbitrary<CalendarOccurrence> = fc.record({
    nfz: name,
    cluster: name.map((each) => each.replaceAll(":", "-")),
    from: fc.integer({ min: ms("1970-01-01"), max: ms("9999-01-01") }),
    to: fc.integer({ min: ms("1970-01-01"), max: ms("9999-01-01") }),
    sequence: fc.nat(),
    lastRecordedAt: fc.integer({ min: ms("1970-01-01"), max: ms("9999-01-01") }),
    cancelled: fc.boolean(),
    scope: fc.option(fc.record({ racks: fc.array(text, { maxLength: 3 }), skus: fc.array(text) })),
    inFlight: fc.constantFrom("finish" as const, "pause" as const, "rollback" as const),
    reason: fc.option(text),
  });

  test("never make a line longer than 75 octets, a control character or half a character", () => {
    fc.assert(
      fc.property(fc.array(occurrence, { maxLength: 3 }), (occurrences) => {
        const feed = nfzCalendar(occurrences);
        expect(feed.endsWith("END:VCALENDAR\r\n")).toBe(true);
        expect(feed.isWellFormed()).toBe(true);
        for (const line of feed.slice(0, -2).split("\r\n")) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line.replaceAll("\t", "")).not.toMatch(/\p{Cc}/u);
          expect(line).not.toBe(" ");
        }
      }),
      { numRuns: randomRuns(300) },
    );
  });

  test("are read back unchanged by a parser, and add no event and no property", () => {
    fc.assert(
      fc.property(occurrence, (made) => {
        const event = onlyEvent(made);
        expect(event.uid.startsWith(`${made.nfz}.${made.cluster}.`)).toBe(true);
        expect(event.uid.endsWith("Z@fleetledger")).toBe(true);
        expect(event.sequence).toBe(made.sequence);
        const names = event.component.getAllProperties().map((each) => each.name);
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBe(made.to > made.from ? 10 : 9);
        const isPlain = made.reason !== null && /^[ -~]*$/.test(made.reason);
        const ending = isPlain ? `Reason: ${made.reason}` : "";
        expect(event.description.endsWith(ending)).toBe(true);
      }),
      { numRuns: randomRuns(300) },
    );
  });
});
