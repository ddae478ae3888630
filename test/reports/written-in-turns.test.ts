/** Documents of any size are written piece by piece, so that other requests get their turns between the pieces. */
import { describe, expect, test } from "vitest";
import type { SlaDocument } from "../../projections/document/sla-document.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import { canonicalInSteps, jsonInSteps } from "../../src/reports/document-text.ts";
import { restatedCsvInSteps } from "../../src/reports/csv/restated-csv.ts";
import { slaCsvInSteps } from "../../src/reports/csv/sla-csv.ts";
import { tableInSteps } from "../../src/reports/html/report-table.ts";
import type { Steps } from "../../src/turns.ts";

const exclusions = Array.from({ length: 5_000 }, (_, i) => ({
  kind: "unknown",
  node: `n${i}`,
  ms: i,
  eventIds: [`e-${i}`],
}));
const document = {
  tzdata: "2026f",
  nis: { raw: null, exclusions },
  asOf: { sequence: 7 },
} as unknown as SlaDocument;

function told<T>(steps: Steps<T>): { readonly made: T; readonly pauses: number } {
  for (let pauses = 0; ; pauses++) {
    const { done, value } = steps.next();
    if (done === true) return { made: value, pauses };
  }
}

describe("a large document", () => {
  test("pauses between its parts as JSON, and gives the text of JSON.stringify", () => {
    const { made, pauses } = told(jsonInSteps(document));
    expect(made).toBe(JSON.stringify(document));
    expect(pauses).toBeGreaterThan(20);
  });

  test("pauses between its parts as canonical JSON, whose hash is recorded", () => {
    const { made, pauses } = told(canonicalInSteps(document));
    expect(made).toBe(canonicalJson(document));
    expect(pauses).toBeGreaterThan(20);
  });

  test("pauses after every few hundred rows as CSV, restated or not", () => {
    expect(told(slaCsvInSteps(document)).pauses).toBeGreaterThan(50);
    expect(told(restatedCsvInSteps([], document)).pauses).toBeGreaterThan(50);
  });

  test("makes only the rows of a table that the page shows, and pauses after each", () => {
    let asked = 0;
    const cells = ({ node }: { readonly node: string }) => {
      asked++;
      return [node];
    };
    const { made, pauses } = told(tableInSteps(["Node"], exclusions, cells));
    expect({ asked, pauses }).toEqual({ asked: 60, pauses: 60 });
    expect(made.html).toContain("4,940 more are in the JSON and CSV forms");
  });
});
