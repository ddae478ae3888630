/** The glossary in docs/, and that reports for people show every field that it names. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import type { SlaDocument } from "../../projections/document/catalogue.ts";
import { slaCsv } from "../../src/reports/csv/sla-csv.ts";
import { describedSections } from "../../src/reports/fields-by-path.ts";
import { slaDocumentOf } from "../../src/reports/figures.ts";
import { stepsAtOnce } from "../../src/turns.ts";
import { draftReportPage } from "../../src/reports/html/report-page.ts";
import { glossaryText } from "../../src/reports/text/glossary.ts";
import { reportText } from "../../src/reports/text/report-text.ts";
import { run } from "../cli/run.ts";
import { memoryLedger } from "../http/app/memory-ledger.ts";
import { history } from "../http/app/small-app.ts";

test("docs/glossary.md matches the catalogue (npm run glossary writes it)", () => {
  const page = readFileSync(new URL("../../docs/glossary.md", import.meta.url), "utf8");
  expect(page).toBe(glossaryText());
});

test("fleetledger glossary prints the glossary, also as JSON for programs", async () => {
  expect((await run("glossary")).out).toBe(glossaryText());
  const { sections } = JSON.parse((await run("glossary", "--format", "json")).out);
  expect(sections).toEqual(describedSections());
});

/** Paths of the values of a document, as the glossary writes them; keys of maps are not told from members. */
function* pathsOf(value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const each of value) yield* pathsOf(each, typeof each === "object" ? `${path}[]` : path);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, each] of Object.entries(value)) yield* pathsOf(each, `${path}.${name}`);
  } else yield path;
}

describe("a report", () => {
  let document: SlaDocument;
  beforeAll(async () => {
    const ledger = memoryLedger();
    await ledger.submit(history);
    document = slaDocumentOf(ledger.view("alpha"), { period: "2026", zone: "UTC" });
  });

  const described = describedSections().flatMap(({ fields }) => fields);

  test("has no value that is missing from the glossary", () => {
    const known = described.map(
      ({ path }) =>
        new RegExp(`^${path.replaceAll(/[.[\]]/g, "\\$&").replaceAll(/\{[^}]*\}/g, "[^.]+")}$`),
    );
    const paths = Object.entries(document).flatMap(([name, value]) => [...pathsOf(value, name)]);
    const unknown = paths.filter((path) => !known.some((each) => each.test(path)));
    expect(paths.length).toBeGreaterThan(100);
    expect(unknown).toEqual([]);
  });

  test("shows every figure in text and on the page under its title", () => {
    const text = reportText(document, { listLimit: Infinity });
    const page = stepsAtOnce(draftReportPage(document)).replaceAll("&#39;", "'");
    for (const section of describedSections()) {
      if (section.name === null) continue;
      for (const { path, title } of section.fields) {
        // Members of lists are columns; targets and verdicts stand beside their figures.
        const isColumn = /[[{]/.test(path);
        const isBeside = /\.(target|targetMs|met|metRestricted|note)$/.test(path);
        const isGroup = /\.(burnRates|nodeOutages|segments|checkpointAdvice)$/.test(path);
        if (isColumn || isBeside || isGroup || isEmpty(valueAt(path))) continue;
        expect(text, path).toContain(title);
        expect(page, path).toContain(title);
      }
    }
  });

  test("has every value in CSV, with its unit", () => {
    const rows: string[][] = parse(slaCsv(document));
    expect(rows).toContainEqual([
      "nis",
      "",
      "downNodeMs",
      String(document.nis.downNodeMs),
      "node-ms",
    ]);
    expect(rows).toContainEqual([
      "jobUptime",
      "",
      "attribution.software.lostNodeMs",
      expect.any(String),
      "node-ms",
    ]);
    const paths = Object.entries(document).flatMap(([name, value]) => [...pathsOf(value, name)]);
    expect(rows.length).toBeGreaterThanOrEqual(new Set(paths).size);
  });

  /** A list or a map of nothing: it may be left out. */
  const isEmpty = (value: unknown): boolean => [...pathsOf(value, "")].length === 0;

  function valueAt(path: string): unknown {
    let value: unknown = document;
    for (const part of path.split(".")) value = (value as Record<string, unknown>)[part];
    return value;
  }
});
