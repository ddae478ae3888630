import { describe, expect, test } from "vitest";
import {
  affordableDocuments,
  attributeDifferences,
} from "../../src/reports/restated/attribution.ts";
import { differences, differencesInTurns } from "../../src/reports/restated/difference.ts";
import { maxAttributedDocuments } from "../../src/limits/reports.ts";
import type { Json } from "../../src/reports/restated/document-figures.ts";

describe("the differences between two documents", () => {
  const before: Json = {
    asOf: { sequence: 5 },
    nis: { raw: 0.9, note: null },
    mttr: { open: [{ faultId: "f1", node: "n1", since: "a", ageMs: 5 }], byCause: {} },
  };

  test("name each figure by its path, with both values", () => {
    const after: Json = {
      asOf: { sequence: 9 },
      nis: { raw: 0.8, note: null },
      mttr: { open: [], byCause: { hardware: { closed: 1 } } },
    };
    expect(differences(before, after)).toEqual([
      { figure: "nis.raw", before: 0.9, after: 0.8 },
      { figure: "mttr.byCause.hardware.closed", before: undefined, after: 1 },
      {
        figure: "mttr.open[f1,n1]",
        before: { faultId: "f1", node: "n1", since: "a", ageMs: 5 },
        after: undefined,
      },
    ]);
  });

  test("match list members by what identifies them, whatever their index", () => {
    const one: Json = {
      jobs: [
        { job: "a", ms: 1 },
        { job: "b", ms: 2 },
      ],
    };
    const two: Json = {
      jobs: [
        { job: "b", ms: 3 },
        { job: "a", ms: 1 },
      ],
    };
    expect(differences(one, two)).toEqual([{ figure: "jobs[b].ms", before: 2, after: 3 }]);
  });

  test("are empty for documents that differ only in their position", () => {
    expect(differences(before, { ...before, asOf: { sequence: 77 } })).toEqual([]);
  });
});

describe("the events behind a difference", () => {
  /** A ledger in which event 3 raises a, 5 raises b, 6 takes the rise of b back, 8 raises a and c. */
  const documentAt = (sequence: number): Json => ({
    a: (sequence >= 3 ? 1 : 0) + (sequence >= 8 ? 1 : 0),
    b: sequence === 5 ? 1 : 0,
    c: sequence >= 8 ? 1 : 0,
  });

  test("are those at which the figure changed", async () => {
    const found = await attributeDifferences(documentAt, 1, [2, 3, 4, 5, 6, 7, 8, 9]);
    expect(found.differences).toEqual([
      { figure: "a", before: 0, after: 2, sequences: [3, 8], ranges: [] },
      { figure: "c", before: 0, after: 1, sequences: [8], ranges: [] },
    ]);
    expect(found.complete).toBe(true);
  });

  test("include those that removed a list member and brought it back changed", async () => {
    const outage = { faultId: "f1", node: "n1", ms: 5 };
    const withoutAndBack = (sequence: number): Json => {
      if (sequence < 2) return { outages: [outage] };
      return { outages: sequence < 3 ? [] : [{ ...outage, ms: 9 }] };
    };
    const found = await attributeDifferences(withoutAndBack, 1, [2, 3]);
    expect(found.differences).toEqual([
      { figure: "outages[f1,n1].ms", before: 5, after: 9, sequences: [2, 3], ranges: [] },
    ]);
  });

  test("include, for a new list member, all that changed it since", async () => {
    const jobAt = (sequence: number): Json =>
      sequence < 2 ? { jobs: [] } : { jobs: [{ job: "a", crashes: sequence < 4 ? 0 : 1 }] };
    const found = await attributeDifferences(jobAt, 1, [2, 3, 4]);
    expect(found.differences).toEqual([
      {
        figure: "jobs[a]",
        before: undefined,
        after: { job: "a", crashes: 1 },
        sequences: [2, 4],
        ranges: [],
      },
    ]);
  });

  test("are empty if nothing changed or nothing was appended", async () => {
    expect((await attributeDifferences(documentAt, 8, [9, 10])).differences).toEqual([]);
    expect((await attributeDifferences(documentAt, 8, [])).differences).toEqual([]);
  });

  test("are given as ranges once the work has reached its limit", async () => {
    const candidates = [2, 3, 4, 5, 6, 7, 8, 9];
    const found = await attributeDifferences(documentAt, 1, candidates, { maxDocuments: 3 });
    expect(found.complete).toBe(false);
    expect(found.documents).toBe(3);
    expect(found.differences).toEqual([
      {
        figure: "a",
        before: 0,
        after: 2,
        sequences: [],
        ranges: [{ after: 1, upTo: 9 }],
      },
      { figure: "c", before: 0, after: 1, sequences: [], ranges: [{ after: 5, upTo: 9 }] },
    ]);
  });

  test("are found for each id of the evidence", () => {
    const before: Json = { evidence: { faults: ["a", "b"] } };
    const after: Json = { evidence: { faults: ["b", "c"] } };
    expect(differences(before, after)).toEqual([
      { figure: "evidence.faults[c]", before: undefined, after: "c" },
      { figure: "evidence.faults[a]", before: "a", after: undefined },
    ]);
  });

  test("are found with few documents if few of many events matter", async () => {
    let asked = 0;
    const candidates = Array.from({ length: 1_000 }, (_, i) => i + 2);
    const counted = (sequence: number): Json => {
      asked++;
      return { a: sequence >= 700 ? 1 : 0 };
    };
    const found = await attributeDifferences(counted, 1, candidates);
    expect(found.differences).toEqual([
      { figure: "a", before: 0, after: 1, sequences: [700], ranges: [] },
    ]);
    expect(found.documents).toBe(asked);
    expect(asked).toBeLessThan(25);
  });
});

test("documents with a hundred thousand faults are compared in turns, with the same result", async () => {
  const document = (ms: number) => ({
    faults: Array.from({ length: 100_000 }, (_, i) => ({ faultId: `f${i}`, ms: i % 999 ? 1 : ms })),
  });
  let turns = 0;
  const other = setInterval(() => turns++, 0);
  const found = await differencesInTurns(document(1), document(2));
  clearInterval(other);
  expect(found).toEqual(differences(document(1), document(2)));
  expect(turns).toBeGreaterThan(1);
});

test("the larger the documents, the fewer are computed to explain a difference, but never less than both ends", () => {
  expect(affordableDocuments(1_000)).toBeGreaterThan(maxAttributedDocuments);
  expect(affordableDocuments(100_000)).toBe(10);
  expect(affordableDocuments(10_000_000)).toBe(2);
});
