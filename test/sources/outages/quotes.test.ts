/** A quote that is not closed spoils its own row, and no other. */
import { describe, expect, test } from "vitest";
import { csvRecords } from "../../../src/sources/outages/csv-records.ts";
import { SiteLog } from "./site-log.ts";

const header = "node,from,to,remark";
const row = (node: string, remark: string) => `${node},2026-03-01 00:00,2026-03-01 01:00,${remark}`;

describe("a quote that is not closed", () => {
  test("in a column that the map reads costs that row, and names its column and value", () => {
    const log = new SiteLog();
    const { refused } = log.take(header, row('"n1', "a"), row("n2", "b"), row("n3", "c"));
    expect(refused).toEqual([
      expect.objectContaining({
        path: "/rows/1",
        detail: 'node: "n1 has a quote that is not closed',
      }),
    ]);
    expect(log.figures().closed).toBe(2);
  });

  test("in a column that the map does not read costs no row", () => {
    const log = new SiteLog();
    const remarks = ['"broken', '5" disk', '"over\ntwo ""lines"""', "x"];
    const { refused } = log.take(header, ...remarks.map((each, i) => row(`n${i + 1}`, each)));
    expect([refused, log.figures().closed]).toEqual([[], 4]);
  });

  test("is not closed by chance by one of a later row", () => {
    const text = [header, row("n1", '"a'), row('"n2"', "b"), row("n3", "c")].join("\n");
    const records = [...csvRecords(text, ",")];
    expect(records.map(({ fields }) => fields[0])).toEqual(["node", "n1", "n2", "n3"]);
  });
});
