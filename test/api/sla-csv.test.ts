/** The SLA document as CSV. */
import { expect, test } from "vitest";
import { slaCsv } from "../../src/api/sla-csv.ts";
import type { SlaDocument } from "../../projections/sla-document.ts";

test("items of a list are told from each other by all that names them", () => {
  const exclusions = [
    { kind: "maintenance", node: "n1", maintenanceId: "m", ms: 1, eventIds: ["a", "b"] },
    { kind: "maintenance", node: "n2", maintenanceId: "m", ms: 2, eventIds: ["c"] },
    { kind: "unknown", node: "n1", ms: 3, eventIds: [] },
    { kind: "unknown", node: "n1", ms: 4, eventIds: [] },
  ];
  const document = { nis: { raw: null, exclusions } } as unknown as SlaDocument;
  const rows = slaCsv(document).split("\r\n");
  expect(rows[0]).toBe("section,item,figure,value");
  expect(rows).toContain("nis,,raw,");
  expect(rows.filter((row) => /exclusions\.ms/.test(row))).toEqual([
    'nis,"maintenance,m,n1",exclusions.ms,1',
    'nis,"maintenance,m,n2",exclusions.ms,2',
    'nis,"unknown,n1",exclusions.ms,3',
    'nis,"unknown,n1#2",exclusions.ms,4',
  ]);
  expect(rows).toContain('nis,"maintenance,m,n1",exclusions.eventIds,a b');
});
