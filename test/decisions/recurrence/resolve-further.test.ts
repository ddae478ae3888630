/** What a timer records of a recurrence after its declaration. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { formatInstant, instantMs } from "../../../projections/time/instant.ts";
import type { ZoneTable } from "../../../projections/time/zone-table.ts";
import { formatLocalTime } from "../../../src/decisions/recurrence/local-time.ts";
import type { DeclaredRecurrence } from "../../../src/decisions/recurrence/recurrence.ts";
import { resolveDeclaration } from "../../../src/decisions/recurrence/resolve-declaration.ts";
import {
  resolveHorizon,
  resolveZoneTable,
} from "../../../src/decisions/recurrence/resolve-further.ts";
import type {
  FurtherResolution,
  ResolvedNfz,
} from "../../../src/decisions/recurrence/resolve-further.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { randomRuns } from "../../random-runs.ts";
import { ruleText } from "./calendar-walk.ts";
import { randomRule, randomStart, zoneNames } from "./random-rules.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const ms = (text: string) => instantMs(`${text}.000Z`);

/** A table of 2027 in which Europe no longer changes its clocks, from 2027 on. */
const withoutChanges: ZoneTable = {
  version: "2027a",
  zone: (name) => {
    const zone = firstZones.zone(name);
    if (zone === null || !name.startsWith("Europe/")) return zone;
    const kept = zone.untilsMs.filter((until) => until < Date.UTC(2027, 0, 1)).length;
    return {
      untilsMs: zone.untilsMs.slice(0, kept),
      offsetsMs: zone.offsetsMs.slice(0, kept + 1),
    };
  },
};

const saturdays: DeclaredRecurrence = {
  rrule: "FREQ=WEEKLY;BYDAY=SA",
  start: "2026-06-06T22:00",
  zone: "Europe/Amsterdam",
  durationMs: 6 * hourMs,
};

function declared(recurrence: DeclaredRecurrence, t: number): ResolvedNfz {
  const made = resolveDeclaration({ recurrence }, t, firstZones);
  if (made.kind === "refused") throw new Error(made.message);
  return {
    recurrence,
    occurrences: made.occurrences.map(({ from, to }) => ({ from, to, named: false })),
    resolvedUntil: made.resolvedUntil,
    recordedWith: [firstZones],
  };
}

/** As the fold of `NfzResolved` does it. */
function folded(nfz: ResolvedNfz, further: FurtherResolution, zones: ZoneTable): ResolvedNfz {
  const after = instantMs(further.after);
  const kept = nfz.occurrences.filter(({ from, named }) => named || from < after);
  const there = new Set(kept.map(({ from }) => from));
  const added = further.occurrences
    .map(({ from, to }) => ({ from: instantMs(from), to: instantMs(to), named: false }))
    .filter(({ from }) => !there.has(from));
  return {
    recurrence: nfz.recurrence,
    occurrences: [...kept, ...added].sort((a, b) => a.from - b.from),
    resolvedUntil: further.resolvedUntil === undefined ? null : instantMs(further.resolvedUntil),
    recordedWith: [...nfz.recordedWith, zones],
  };
}

function changed(nfz: ResolvedNfz, from: string, to: string): ResolvedNfz {
  const occurrences = nfz.occurrences.map((each) =>
    each.from === ms(from) ? { ...each, to: ms(to), named: true } : each,
  );
  return { ...nfz, occurrences };
}

const shown = (occurrences: readonly Interval[]) =>
  occurrences.map(({ from, to }) => `${formatInstant(from)} ${formatInstant(to)}`);

describe("when the horizon comes near", () => {
  const nfz = declared(saturdays, ms("2026-06-01T12:00:00"));
  const until = ms("2027-07-11T20:00:00");

  test("nothing is recorded while 180 days are left", () => {
    expect(resolveHorizon(nfz, until - 180 * dayMs, firstZones)).toBeNull();
  });

  test("the occurrences of the next 400 days are recorded, after the old horizon", () => {
    const t = until - 180 * dayMs + 1;
    const further = resolveHorizon(nfz, t, firstZones);
    expect(further).toMatchObject({
      after: "2027-07-11T20:00:00.000Z",
      resolvedUntil: formatInstant(t + 400 * dayMs),
      tzdata: firstZones.version,
    });
    expect(further?.occurrences[0]).toEqual({
      from: "2027-07-17T20:00:00.000Z",
      to: "2027-07-18T02:00:00.000Z",
    });
    expect(further?.occurrences.at(-1)?.from).toBe("2028-02-12T21:00:00.000Z");
    expect(further?.occurrences).toHaveLength(31);
  });

  test("a ledger that stood still past the horizon records what is not over", () => {
    const t = ms("2028-01-01T22:00:00");
    const further = resolveHorizon(nfz, t, firstZones);
    expect(further?.after).toBe("2027-07-11T20:00:00.000Z");
    expect(further?.occurrences[0]?.from).toBe("2028-01-01T21:00:00.000Z");
  });

  test("a rule that ends before the new horizon has none", () => {
    const ending = declared(
      { ...saturdays, rrule: "FREQ=WEEKLY;COUNT=60" },
      ms("2026-06-01T12:00:00"),
    );
    const further = resolveHorizon(ending, until - 100 * dayMs, firstZones);
    expect(further).not.toHaveProperty("resolvedUntil");
    expect(further?.occurrences).toHaveLength(2);
    if (further === null) throw new Error("unreachable");
    const after = folded(ending, further, firstZones);
    expect(after.occurrences).toHaveLength(60);
    expect(resolveHorizon(after, until, firstZones)).toBeNull();
  });

  test("an event may list nothing: the horizon moves on all the same", () => {
    const biennial = declared(
      { ...saturdays, rrule: "FREQ=YEARLY;INTERVAL=4" },
      ms("2026-06-01T12:00:00"),
    );
    const t = until - 179 * dayMs;
    expect(resolveHorizon(biennial, t, firstZones)).toEqual({
      after: "2027-07-11T20:00:00.000Z",
      resolvedUntil: formatInstant(t + 400 * dayMs),
      occurrences: [],
      tzdata: firstZones.version,
    });
  });

  test("a skipped occurrence does not come back", () => {
    const skipped = changed(nfz, "2027-07-10T20:00:00", "2027-07-10T20:00:00");
    const further = resolveHorizon(skipped, until - 100 * dayMs, firstZones);
    expect(further?.occurrences.map(({ from }) => from)).not.toContain("2027-07-10T20:00:00.000Z");
  });

  test("what the declaration excepts stays out", () => {
    const except = ["2027-07-10T22:00"];
    const without = declared({ ...saturdays, except }, ms("2026-06-01T12:00:00"));
    const further = resolveHorizon(without, ms("2027-06-01T00:00:00"), firstZones);
    expect(further?.occurrences.map(({ from }) => from)).not.toContain("2027-07-10T20:00:00.000Z");
  });

  test("a recurrence that is corrected to a rule which the ledger does not decide about is left alone", () => {
    const hourly = { ...nfz, recurrence: { ...saturdays, rrule: "FREQ=HOURLY" } };
    expect(resolveHorizon(hourly, until, firstZones)).toBeNull();
    expect(resolveZoneTable(hourly, until, withoutChanges)).toBeNull();
  });
});

describe("when the ledger adopts another zone table", () => {
  const t = ms("2027-02-01T00:00:00");
  const nfz = declared(saturdays, ms("2026-06-01T12:00:00"));

  test("nothing is recorded if it changes none of the occurrences ahead", () => {
    expect(resolveZoneTable(nfz, t, firstZones)).toBeNull();
    const inIndia = declared({ ...saturdays, zone: "Asia/Kolkata" }, ms("2026-06-01T12:00:00"));
    expect(resolveZoneTable(inIndia, t, withoutChanges)).toBeNull();
    const overInWinter = declared(
      { ...saturdays, rrule: "FREQ=WEEKLY;UNTIL=20270320T230000Z" },
      ms("2026-06-01T12:00:00"),
    );
    expect(resolveZoneTable(overInWinter, t, withoutChanges)).toBeNull();
  });

  test("the occurrences ahead are those of the new table, with the same horizon", () => {
    const further = resolveZoneTable(nfz, t, withoutChanges);
    expect(further).toMatchObject({
      after: "2027-02-01T00:00:00.000Z",
      resolvedUntil: "2027-07-11T20:00:00.000Z",
      tzdata: "2027a",
    });
    if (further === null) throw new Error("unreachable");
    const after = folded(nfz, further, withoutChanges);
    const summer = after.occurrences.filter(({ from }) => from > ms("2027-04-01T00:00:00"));
    expect(new Set(summer.map(({ from }) => formatInstant(from).slice(11)))).toEqual(
      new Set(["21:00:00.000Z"]),
    );
    expect(after.occurrences).toHaveLength(58);
    expect(resolveZoneTable(after, t + dayMs, withoutChanges)).toBeNull();
  });

  test("an occurrence that an extension named stays as it is, and its day is not listed twice", () => {
    const extended = changed(nfz, "2027-05-01T20:00:00", "2027-05-03T00:00:00");
    const further = resolveZoneTable(extended, t, withoutChanges);
    if (further === null) throw new Error("unreachable");
    const onThatDay = folded(extended, further, withoutChanges).occurrences.filter(
      ({ from }) => Math.abs(from - ms("2027-05-01T20:00:00")) < 2 * dayMs,
    );
    expect(shown(onThatDay)).toEqual(["2027-05-01T20:00:00.000Z 2027-05-03T00:00:00.000Z"]);
  });

  test("a skipped occurrence does not come back an hour later", () => {
    const skipped = changed(nfz, "2027-05-01T20:00:00", "2027-05-01T20:00:00");
    const further = resolveZoneTable(skipped, t, withoutChanges);
    expect(further?.occurrences.map(({ from }) => from)).not.toContain("2027-05-01T21:00:00.000Z");
    expect(further?.occurrences.map(({ from }) => from)).toContain("2027-05-08T21:00:00.000Z");
  });

  test("one that is running goes on as it began, and is not listed again", () => {
    const during = ms("2027-05-01T20:30:00");
    const further = resolveZoneTable(nfz, during, withoutChanges);
    expect(further?.occurrences[0]?.from).toBe("2027-05-08T21:00:00.000Z");
  });

  test("a rule that has ended within its horizon is resolved to its own end", () => {
    const counted = declared(
      { ...saturdays, rrule: "FREQ=WEEKLY;COUNT=50" },
      ms("2026-06-01T12:00:00"),
    );
    const further = resolveZoneTable(counted, t, withoutChanges);
    expect(further).not.toHaveProperty("resolvedUntil");
    expect(further?.occurrences).toHaveLength(15);
    expect(further?.occurrences.at(-1)?.from).toBe("2027-05-15T21:00:00.000Z");
  });

  test("occurrences keep the day that they stand for, whichever table recorded them", () => {
    const t1 = ms("2027-03-01T00:00:00");
    const first = resolveZoneTable(nfz, t, withoutChanges);
    if (first === null) throw new Error("unreachable");
    const moved = changed(
      folded(nfz, first, withoutChanges),
      "2027-05-01T21:00:00",
      "2027-05-01T21:00:00",
    );
    const back = resolveZoneTable(moved, t1, { ...firstZones, version: "2027b" });
    expect(back?.occurrences.map(({ from }) => from)).not.toContain("2027-05-01T20:00:00.000Z");
    expect(back?.occurrences.map(({ from }) => from)).toContain("2027-05-08T20:00:00.000Z");
  });
});

test("a horizon that moves in steps records what one long expansion makes", () => {
  let resolved = 0;
  fc.assert(
    fc.property(
      randomRule,
      randomStart(2024, 2026),
      fc.constantFrom(...zoneNames),
      fc.array(fc.integer({ min: 230, max: 390 }), { minLength: 1, maxLength: 5 }),
      (rule, start, zone, days) => {
        const recurrence = {
          rrule: ruleText(rule),
          start: formatLocalTime(start),
          zone,
          durationMs: hourMs,
        };
        let t = start - dayMs;
        const made = resolveDeclaration({ recurrence }, t, firstZones);
        if (made.kind === "refused") return;
        resolved++;
        let nfz = declared(recurrence, t);
        for (const step of days) {
          t += step * dayMs;
          const further = resolveHorizon(nfz, t, firstZones);
          if (further !== null) nfz = folded(nfz, further, firstZones);
        }
        // The same recurrence, declared anew again and again.
        const end = nfz.resolvedUntil ?? t + 400 * dayMs;
        const all = [];
        for (let from = start; from < end; from += 390 * dayMs) {
          const part = resolveDeclaration({ recurrence }, from - dayMs, firstZones);
          if (part.kind === "resolved") all.push(...part.occurrences);
        }
        const expected = [...new Set(all.map(({ from }) => from))]
          .filter((from) => from < end)
          .sort((a, b) => a - b);
        expect(nfz.occurrences.map(({ from }) => from)).toEqual(expected);
      },
    ),
    { numRuns: randomRuns(150) },
  );
  expect(resolved).toBeGreaterThan(10);
});
