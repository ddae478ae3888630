/** The outage log of two Los Alamos clusters gives the figures that an independent program computed from it. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { SourceOf } from "../../../src/sources/config/sources-file.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { PlainLedger } from "./plain-ledger.ts";

const folder = fileURLToPath(new URL("../../../../shared/data/lanl/", import.meta.url));
const log = `${folder}outages-systems-18-20.csv`;
const mapFile = new URL("../../../examples/lanl.map.json", import.meta.url);
const isThere = existsSync(log);
if (!isThere) {
  console.warn("skipped: the Los Alamos log: there is no ../shared/data/lanl beside the project");
}

interface ExpectedYear {
  readonly windowSeconds: number;
  readonly memberNodeSeconds: number;
  readonly downNodeSeconds: number;
  readonly nisPercent: number;
  readonly faultsOpened: number;
  readonly faultsClosed: number;
  readonly mttrSeconds: number;
  readonly mttrSecondsByCause: Record<string, { readonly n: number; readonly mean: number }>;
}

const categoryOf: Record<string, string> = {
  Facilities: "facility",
  Hardware: "hardware",
  "Human Error": "human",
  Network: "network",
  Undetermined: "unknown",
  Software: "software",
};

function importLog(ledger: PlainLedger, system: string) {
  const map = JSON.parse(readFileSync(mapFile, "utf8")) as object;
  const {
    sources: [source],
  } = readSources({ sources: [{ kind: "csv", ...map, where: { System: system } }] });
  return ledger.take(source as SourceOf<"csv">, readFileSync(log, "utf8"));
}

const seconds = (ms: number | null) => (ms === null ? null : Number((ms / 1_000).toFixed(3)));

describe.skipIf(!isThere)("the outage log of Los Alamos", () => {
  const ledger = new PlainLedger();
  const summary = isThere ? importLog(ledger, "18") : null;

  test("loses no row of system 18, and covers each of its 1,024 nodes", () => {
    expect(summary).toMatchObject({ observations: 3_997, refused: [], duplicates: 0 });
    expect(summary?.appended).toBe(1 + 2 * 1_024 + 2 * 3_997);
  });

  test.for(["2002", "2003", "2004"])(
    "gives a report of %s with the figures computed elsewhere",
    (year) => {
      const text = readFileSync(`${folder}expected-system-18.json`, "utf8");
      const expected: ExpectedYear = JSON.parse(text)["18"][year];
      const report = ledger.report("lanl-18", year, "America/Denver");
      const { nis, mttr, period } = report;
      expect({
        windowSeconds: (Date.parse(period.to) - Date.parse(period.from)) / 1_000,
        memberNodeSeconds: nis.memberNodeMs / 1_000,
        downNodeSeconds: nis.downNodeMs / 1_000,
        nisPercent: Number((100 * (nis.raw ?? 0)).toFixed(6)),
        faultsOpened: mttr.faultsOpened,
        faultsClosed: mttr.faultsClosed,
        mttrSeconds: seconds(mttr.meanMs),
        mttrSecondsByCause: mttr.byCause,
      }).toEqual({
        ...expected,
        mttrSecondsByCause: Object.fromEntries(
          Object.entries(expected.mttrSecondsByCause).map(([cause, { n, mean }]) => [
            categoryOf[cause],
            { closed: n, meanMs: Math.round(mean * 1_000) },
          ]),
        ),
      });
      expect(report.dataQuality.findings).toEqual({});
    },
  );

  test("adds nothing when imported again", () => {
    const before = ledger.events.length;
    const again = importLog(ledger, "18");
    expect(again).toMatchObject({ appended: 0, duplicates: 1 + 2 * 1_024, absorbed: 3_997 });
    expect(ledger.events).toHaveLength(before);
  });

  test("keeps the row numbers of its file, whatever the filter", () => {
    const other = new PlainLedger();
    expect(importLog(other, "20")).toMatchObject({ observations: 2_478, refused: [] });
    const numbers = other.events.flatMap(({ data }) => ("faultId" in data ? [data.faultId] : []));
    expect(numbers[0]).toMatch(/^lanl:row-3998@/);
    const report = other.report("lanl-20", "2003", "America/Denver");
    expect(report.nis.memberNodeMs).toBe(512 * 31_536_000_000);
    expect(report.mttr.faultsClosed).toBeGreaterThan(100);
  });
});
