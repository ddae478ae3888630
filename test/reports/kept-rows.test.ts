/** Rows that the list had before keep their texts; all others are written. */
import { describe, expect, test } from "vitest";
import type { Fields, RowsField } from "../../projections/document/entry/field.ts";
import { writtenRecord } from "../../projections/document/write.ts";
import { rowTexts } from "../../src/reports/kept-rows.ts";
import { stepsAtOnce } from "../../src/turns.ts";
import { randomSource } from "../histories/random-source.ts";
import { randomRuns } from "../random-runs.ts";

const described = { title: "", meaning: "" };

const row = {
  node: { kind: "name", ...described },
  maintenanceId: { kind: "name", optional: true, ...described },
  from: { kind: "instant", ...described },
  to: { kind: "instant", nullable: true, ...described },
  eventIds: { kind: "list", of: "eventId", ...described },
  spans: {
    kind: "rows",
    optional: true,
    row: { from: { kind: "instant", ...described } },
    ...described,
  },
} as const satisfies Fields;

const field: RowsField = { kind: "rows", row, ...described };

const noSpans: readonly object[] = [{ from: 0 }];

function rowOf(n: number, more: object = {}): object {
  const eventIds = [`begin-${n}`, `end-${n}`];
  const own = { node: `n${n % 7}`, maintenanceId: null, from: n * 1_000, to: null };
  return { ...own, eventIds, spans: noSpans, ...more };
}

function rowsOf(count: number, first = 0): object[] {
  return Array.from({ length: count }, (_, i) => rowOf(first + i));
}

/** Which of the rows are written though the list had these before; the others must be the very rows before. */
function writtenOf(rows: readonly object[], before: readonly object[]): number[] {
  const marked = { rows: before, texts: before.map((_, place) => `kept ${place}`) };
  const { texts } = stepsAtOnce(rowTexts(field, rows, marked));
  expect(texts).toHaveLength(rows.length);
  return texts.flatMap((text, i) => {
    const json = plainText(rows[i]);
    if (text === json) return [i];
    const place = Number(/^kept (\d+)$/.exec(text)?.[1]);
    expect(plainText(before[place])).toBe(json);
    return [];
  });
}

function plainText(figure: object | undefined): string {
  return JSON.stringify(writtenRecord(row, figure ?? {}));
}

/** Equal rows, none of them identical to one of these. */
function copied(rows: readonly object[]): object[] {
  return rows.map((each) => ({
    ...each,
    eventIds: [...(each as { eventIds: string[] }).eventIds],
  }));
}

describe("of a list with equal rows", () => {
  const before = rowsOf(1_000);

  test("none is written again, whatever a figure computed besides its fields", () => {
    const rows = copied(before).map((each, i) => ({ ...each, besides: i }));
    expect(writtenOf(rows, before)).toEqual([]);
  });

  test("those are written that were changed", () => {
    const rows = copied(before);
    for (const place of [0, 400, 401, 999]) rows[place] = { ...rows[place], to: 7 };
    expect(writtenOf(rows, before)).toEqual([0, 400, 401, 999]);
  });

  test("those are written that were added, here and there", () => {
    const rows = copied(before);
    rows.splice(700, 0, ...rowsOf(5, 2_000));
    rows.splice(300, 0, rowOf(3_000));
    expect(writtenOf(rows, before)).toEqual([300, 701, 702, 703, 704, 705]);
  });

  test("none is written where others were removed, here and there", () => {
    const rows = copied(before);
    rows.splice(700, 6);
    rows.splice(0, 3);
    expect(writtenOf(rows, before)).toEqual([]);
  });

  test("at most twice as many are written as were changed, added or removed at once", () => {
    const changed = copied(before);
    for (let i = 100; i < 400; i++) changed[i] = { ...changed[i], to: 7 };
    expect(writtenOf(changed, before)).toHaveLength(300);
    const added = copied(before);
    added.splice(100, 0, ...rowsOf(100, 2_000));
    expect(writtenOf(added, before).length).toBeLessThan(200);
    const removed = copied(before);
    removed.splice(100, 300);
    expect(writtenOf(removed, before).length).toBeLessThan(20);
  });
});

test.each<object>([
  { node: "other" },
  { maintenanceId: "m" },
  { from: 1 },
  { to: 1 },
  { eventIds: ["begin-5"] },
  { eventIds: ["begin-5", "end-6"] },
  { eventIds: ["begin-5", "end-5", "end-6"] },
  { spans: [{ from: 1 }] },
  { spans: null },
])("a row that differs by %j is written", (more) => {
  expect(writtenOf([rowOf(5, more)], [rowOf(5)])).toEqual([0]);
  expect(writtenOf([rowOf(5)], [rowOf(5, more)])).toEqual([0]);
});

test("the texts are those of each row written alone, however lists go on", () => {
  const random = randomSource(1);
  for (let run = 0; run < randomRuns(100); run++) {
    let rows = rowsOf(random.between(0, 60));
    let before = stepsAtOnce(rowTexts(field, rows));
    for (let step = 0; step < 10; step++) {
      rows = copied(rows);
      const count = random.pick([0, 1, 2, 30]);
      const added = rowsOf(count, random.between(0, 200));
      rows.splice(random.between(0, rows.length), random.pick([0, 1, 2, 30]), ...added);
      const place = random.between(0, rows.length);
      if (place < rows.length) rows[place] = { ...rows[place], to: step };
      before = stepsAtOnce(rowTexts(field, rows, before));
      expect(before.texts).toEqual(rows.map(plainText));
      expect(before.rows).toEqual(rows);
    }
  }
});

test("a list in which every row is another is compared a few times for each, not with all", () => {
  let read = 0;
  const count = 4_000;
  const before = rowsOf(count).map((each) => ({
    ...each,
    get node() {
      read++;
      return "before";
    },
  }));
  expect(writtenOf(rowsOf(count), before)).toHaveLength(count);
  expect(read).toBeLessThan(30 * count);
});

test("pauses after every few hundred rows", () => {
  const steps = rowTexts(field, rowsOf(5_000));
  let pauses = 0;
  while (steps.next().done !== true) pauses++;
  expect(pauses).toBeGreaterThan(20);
});
