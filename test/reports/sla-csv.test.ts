/** The SLA document, and a restated one, as CSV. */
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { restatedCsv } from "../../src/reports/csv/restated-csv.ts";
import { slaCsv } from "../../src/reports/csv/sla-csv.ts";
import type { SlaDocument } from "../../projections/document/sla-document.ts";

test("list items are told apart by all the members that name them", () => {
  const exclusions = [
    { kind: "maintenance", node: "n1", maintenanceId: "m", ms: 1, eventIds: ["a", "b"] },
    { kind: "maintenance", node: "n2", maintenanceId: "m", ms: 2, eventIds: ["c"] },
    { kind: "unknown", node: "n1", ms: 3, eventIds: [] },
    { kind: "unknown", node: "n1", ms: 4, eventIds: [] },
  ];
  const document = { nis: { raw: null, exclusions } } as unknown as SlaDocument;
  const rows = slaCsv(document).split("\r\n");
  expect(rows[0]).toBe("section,item,figure,value,unit");
  expect(rows).toContain("nis,,raw,,ratio");
  expect(rows.filter((row) => /exclusions\.ms/.test(row))).toEqual([
    'nis,"maintenance,m,n1",exclusions.ms,1,ms',
    'nis,"maintenance,m,n2",exclusions.ms,2,ms',
    'nis,"unknown,n1",exclusions.ms,3,ms',
    'nis,"unknown,n1#2",exclusions.ms,4,ms',
  ]);
  expect(rows).toContain('nis,"maintenance,m,n1",exclusions.eventIds,a b,');
});

/** What Excel and LibreOffice take of a cell; they drop the rest without a word. */
const spreadsheetCell = 32_767;
const manyIds = Array.from({ length: 5_000 }, (_, i) => `00000000-0000-4000-8000-${1e11 + i}`);
const rowsOf = (csv: string): string[][] => parse(csv);
const longest = (rows: string[][]) => Math.max(...rows.flat().map((cell) => cell.length));

test("a list longer than a spreadsheet cell continues in further rows of its figure", () => {
  const exclusions = [{ kind: "unknown", node: "n1", ms: 3, eventIds: manyIds }];
  const rows = rowsOf(slaCsv({ nis: { exclusions } } as unknown as SlaDocument));
  expect(longest(rows)).toBeLessThanOrEqual(spreadsheetCell);
  const lists = rows.filter(([, , figure]) => figure === "exclusions.eventIds");
  expect(lists.length).toBeGreaterThan(5);
  expect(lists.map(([section, item]) => [section, item])).toEqual(
    lists.map(() => ["nis", "unknown,n1"]),
  );
  expect(lists.map(([, , , value]) => value).join(" ")).toBe(manyIds.join(" "));
});

test("a text longer than a spreadsheet cell is cut between characters", () => {
  const note = `${"a".repeat(32_766)}${"\u{1f680}".repeat(20_000)}`;
  const rows = rowsOf(slaCsv({ nis: { note } } as unknown as SlaDocument));
  expect(longest(rows)).toBeLessThanOrEqual(spreadsheetCell);
  const parts = rows.slice(1).map(([, , , value]) => value ?? "");
  expect(parts.join("")).toBe(note);
  expect(parts.every((part) => part.isWellFormed())).toBe(true);
});

test("causes of a restated figure that are longer than a cell continue in rows that say so", () => {
  const ranges = Array.from({ length: 4_000 }, (_, i) => ({ after: i * 10, upTo: i * 10 + 5 }));
  const difference = {
    figure: "nis.raw",
    change: "changed" as const,
    before: 0.5,
    after: 0.25,
    eventIds: manyIds,
    sequences: [],
    ranges,
    byLedgerTime: false,
  };
  const [, ...rows] = rowsOf(restatedCsv([difference], null));
  expect(longest(rows)).toBeLessThanOrEqual(spreadsheetCell);
  expect(rows[0]?.slice(0, 4)).toEqual(["nis.raw", "changed", "0.5", "0.25"]);
  for (const row of rows.slice(1))
    expect(row.slice(0, 4)).toEqual(["nis.raw", "continued", "", ""]);
  expect(
    rows
      .map((row) => row[4])
      .join(" ")
      .trim(),
  ).toBe(manyIds.join(" "));
  const told = rows.flatMap((row) => (row[5] === "" ? [] : [row[5]])).join(" ");
  expect(told).toBe(ranges.map(({ after, upTo }) => `${after + 1}-${upTo}`).join(" "));
});

/** Names that are nothing but beginnings of formulas: each "=" gets a mark. */
const formulaNames = Array.from(
  { length: 200 },
  (_, i) => `${String(i).padStart(4, "0")}${";=".repeat(96)}`,
);
const unmarked = (cell: string): string => cell.replaceAll("'", "");

test("a list whose cells get marks against formulas still fits a spreadsheet's cells", () => {
  const blocked = [{ rollout: "r1", nfzIds: formulaNames }];
  const document = { rollouts: { blocked } } as unknown as SlaDocument;
  const [, ...rows] = rowsOf(slaCsv(document));
  expect(longest(rows)).toBeLessThanOrEqual(spreadsheetCell);
  const lists = rows
    .filter(([, , figure]) => figure === "blocked.nfzIds")
    .map((row) => row[3] ?? "");
  expect(unmarked(lists.join(" "))).toBe(formulaNames.join(" "));
  expect(lists.join("")).not.toMatch(/;=/);
});

test("a text whose cells get marks against formulas still fits them, restated or not", () => {
  const note = `-${formulaNames.join(";")}`;
  const value = { nis: { note } } as unknown as SlaDocument;
  const causes = { eventIds: formulaNames, sequences: [], ranges: [], byLedgerTime: false };
  const differences = [
    { figure: "nis.other", change: "changed" as const, before: note, after: null, ...causes },
  ];
  const [, ...plain] = rowsOf(slaCsv(value));
  const [, ...restated] = rowsOf(restatedCsv(differences, value));
  for (const rows of [plain, restated]) expect(longest(rows)).toBeLessThanOrEqual(spreadsheetCell);
  const column = (rows: string[][], figure: string, at: number): string =>
    unmarked(rows.map((row) => (row.includes(figure) ? row[at] : "")).join(""));
  expect(column(plain, "note", 3)).toBe(note);
  expect(column(restated, "nis.other", 2)).toBe(note);
  expect(column(restated, "nis.note", 2)).toBe(note);
});
