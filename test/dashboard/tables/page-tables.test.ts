/** Whatever a page shows as a table can be taken along as CSV, at the address of the page. */
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTables } from "../../../src/dashboard/tables/read-tables.ts";
import type { SmallApp } from "../../http/app/small-app.ts";
import { jobAddress, panelOf, trainingApp } from "../jobs/training-history.ts";

describe("a table of a page", () => {
  let small: SmallApp;
  beforeAll(async () => {
    small = await trainingApp();
  });
  afterAll(() => small.app.close());
  const linkIn = async (address: string, id: string) => {
    const { body } = await small.app.inject(address);
    const [, href = ""] = /href="([^"]*\btable=[^"]*)"/.exec(panelOf(body, id)) ?? [];
    return href.replaceAll("&amp;", "&");
  };

  it("has a link to its rows as CSV, with the exact values of its figures and their units", async () => {
    const answer = await small.app.inject(await linkIn(jobAddress, "checkpoints"));
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([
      200,
      "text/csv; charset=utf-8",
    ]);
    expect(answer.headers["content-disposition"]).toBe('attachment; filename="checkpoints.csv"');
    expect(parse(answer.body, { columns: true })).toEqual([
      {
        Checkpoint: "c2",
        Complete: "2026-03-10T04:00:00.000Z",
        "Took (ms)": "360000",
        "Since the one before": "2 h",
      },
      expect.objectContaining({ Checkpoint: "c1", "Took (ms)": "360000" }),
    ]);
  });

  it("keeps the position of its page", async () => {
    const href = await linkIn(`${jobAddress}?asOf=5`, "checkpoints");
    expect(href).toContain("asOf=5");
    const { body } = await small.app.inject(href);
    expect(parse(body, { columns: true })).toHaveLength(1);
  });

  it("is not found where the page has none of that name", async () => {
    for (const name of ["nothing", "checkpoints.2", "strip.9"]) {
      const answer = await small.app.inject(`${jobAddress}?table=${name}`);
      expect([name, answer.statusCode]).toEqual([name, 404]);
    }
    expect((await small.app.inject(`${jobAddress}?table=../x`)).statusCode).toBe(400);
  });

  it("is not linked where the panel links to CSV of every row already", async () => {
    expect(await linkIn(jobAddress, "interruptions")).toBe("");
  });
});

describe("tables read from a panel", () => {
  const table = (rows: string) =>
    `<table><caption>C</caption><thead><tr><th>A</th><th>B</th></tr></thead><tbody>${rows}</tbody></table>`;
  const figure = (raw: string, shown: string) => `<data data-raw="${raw}">${shown}</data>`;

  it("give a column its words where one cell says more than a figure", () => {
    const [read] = readTables(
      table(
        `<tr><th>a &amp; b</th><td>${figure("1", "1")}</td></tr><tr><th>c</th><td>${figure("2", "2")} before ${figure("0", "0")}</td></tr>`,
      ),
    );
    expect(read).toEqual({
      title: "C",
      columns: ["A", "B"],
      rows: [
        { A: "a & b", B: "1" },
        { A: "c", B: "2 before 0" },
      ],
    });
  });

  it("give ratios where percentages are shown, and leave out columns of bars", () => {
    const percent = `${figure("0.94909", "94.909")}<span class="unit">%</span>`;
    const bar = "<svg><title>half</title></svg>";
    const [read] = readTables(table(`<tr><td>${bar}</td><td>${percent}</td></tr>`));
    expect(read?.columns).toEqual(["B (ratio)"]);
    expect(read?.rows).toEqual([{ "B (ratio)": "0.94909" }]);
  });
});
