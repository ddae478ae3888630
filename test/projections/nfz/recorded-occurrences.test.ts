/** Every occurrence that facts ever recorded of a no-fly zone, and how often each was changed. */
import { expect, test } from "vitest";
import { foldEntity } from "../../../projections/facts/entity-kind.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import { nfzKind } from "../../../projections/nfz/kind.ts";
import { recordedOccurrences } from "../../../projections/nfz/recorded-occurrences.ts";

const day = (n: number, hour = 0) => Date.UTC(2026, 3, n, hour);
const text = (ms: number) => new Date(ms).toISOString();
const occurrence = (n: number, hours: number) => ({ from: text(day(n)), to: text(day(n, hours)) });

/** Facts of one NFZ, an hour after one another on the first day; each is recorded a minute later. */
function recorded(...stated: (readonly [string, object])[]) {
  const facts = stated.map(([type, data], i) => ({
    type,
    id: `00000000-0000-4000-8000-00000000000${i}`,
    sequence: i + 1,
    since: i + 1,
    occurredAt: day(1, i),
    recordedAt: day(1, i) + 60_000,
    amendedBy: [],
    data: { nfz: "z", cluster: "c", ...data },
  })) as unknown as Fact[];
  return recordedOccurrences(foldEntity(nfzKind, "z", facts)).map(
    ({ from, to, changes, lastRecordedAt, isDropped }) => ({
      day: new Date(from).getUTCDate(),
      hours: (to - from) / 3_600_000,
      changes,
      by: new Date(lastRecordedAt).getUTCHours(),
      isDropped,
    }),
  );
}

const declared = [
  "NfzDeclared",
  { inFlight: "pause", occurrences: [occurrence(5, 6), occurrence(6, 6), occurrence(7, 6)] },
] as const;

test("an occurrence that nothing has changed is as declared", () => {
  expect(recorded(declared)).toEqual(
    [5, 6, 7].map((each) => ({ day: each, hours: 6, changes: 0, by: 0, isDropped: false })),
  );
});

test("a change counts only for the occurrence that it names, even if it changes nothing", () => {
  const extended = ["NfzExtended", { occurrence: text(day(6)), to: text(day(6, 9)) }] as const;
  expect(recorded(declared, extended, extended)).toMatchObject([
    { changes: 0, by: 0 },
    { hours: 9, changes: 2, by: 2 },
    { changes: 0, by: 0 },
  ]);
});

test("a dropped occurrence keeps its last end, and is no longer dropped when it is recorded again", () => {
  const dropped = [
    "NfzResolved",
    { after: text(day(6)), occurrences: [], tzdata: "2026f" },
  ] as const;
  expect(recorded(declared, dropped)).toMatchObject([
    { day: 5, changes: 0, isDropped: false },
    { day: 6, hours: 6, changes: 1, by: 1, isDropped: true },
    { day: 7, changes: 1, isDropped: true },
  ]);
  const again = [
    "NfzResolved",
    { after: text(day(6)), occurrences: [occurrence(7, 6), occurrence(8, 6)], tzdata: "2026f" },
  ] as const;
  expect(recorded(declared, dropped, again)).toMatchObject([
    { day: 5, changes: 0 },
    { day: 6, changes: 1, isDropped: true },
    { day: 7, changes: 2, by: 2, isDropped: false },
    { day: 8, changes: 0, by: 2, isDropped: false },
  ]);
});

test("recording an occurrence again without a difference is not a change", () => {
  const same = [
    "NfzResolved",
    { after: text(day(6)), occurrences: [occurrence(6, 6), occurrence(7, 6)], tzdata: "2027a" },
  ] as const;
  expect(recorded(declared, same).map(({ changes }) => changes)).toEqual([0, 0, 0]);
});

test("cancelling drops future occurrences", () => {
  expect(recorded(declared, ["NfzCancelled", {}]).map(({ isDropped }) => isDropped)).toEqual([
    true,
    true,
    true,
  ]);
});
