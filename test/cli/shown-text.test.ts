import { writeFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { restatedCsv } from "../../src/reports/csv/restated-csv.ts";
import { field } from "../../src/reports/csv/csv-cells.ts";
import { html } from "../../src/reports/html/html.ts";
import { shownJson, shownText, withoutLogins } from "../../src/shown-text.ts";
import { run, temporaryFolder } from "./run.ts";

let folder = temporaryFolder();
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const store = (): string => `sqlite:${folder.path("ledger.sqlite")}`;

async function take(...events: object[]): Promise<{ code: number; said: string; out: string }> {
  const file = folder.path("events.ndjson");
  writeFileSync(file, events.map((event) => JSON.stringify(event)).join("\n"));
  return await run("import", "events", file, "--store", store());
}

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const commissioned = (node: string): object => ({
  id: id(1),
  type: "NodeCommissioned",
  occurredAt: "2026-03-01T00:00:00Z",
  data: { cluster: "c", node },
});
const failed = (node: string, faultId: string): object => ({
  id: id(2),
  type: "NodeFailed",
  occurredAt: "2026-03-02T00:00:00Z",
  data: { cluster: "c", node, faultId, category: "hardware" },
});

/** Clears the screen, forges a line, and turns the rest round. */
const hostile = "f\u001b[2J\u009b31m\nverified: no findings\u202egnp.exe\u2028\u2066";
const shown = "f\\u{1b}[2J\\u{9b}31m\\nverified: no findings\\u{202e}gnp.exe\\u{2028}\\u{2066}";
const moving = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("a sender's text with control characters, line breaks and direction marks", () => {
  test("is shown escaped and in one line in reports and in the list of events", async () => {
    await take(commissioned("n"), failed("n", hostile));
    const report = await run("report", "--store", store(), "--cluster", "c", "--period", "2026-03");
    const events = await run("events", "--store", store(), "--format", "text");
    expect(report.out).toContain(shown);
    expect(events.out).toContain("\\u{202e}gnp.exe\\u{2028}\\u{2066}");
    for (const { out } of [report, events]) {
      expect(out).not.toMatch(moving);
      expect(out.split("\n").filter((line) => line.startsWith("verified"))).toEqual([]);
    }
  });

  test("is shown escaped when an import says why it is refused", async () => {
    const { said } = await take({ ...commissioned("n"), type: hostile });
    expect(said).toContain(shown);
    expect(said.trimEnd().split("\n")).toHaveLength(1);
    expect(said).not.toMatch(moving);
  });

  test("is shown escaped on pages, except for line breaks, and is escaped in the log", () => {
    expect(html`<td>${hostile}</td>`.html).not.toMatch(moving);
    expect(html`<td>${"a\nb"}</td>`.html).toBe("<td>a\nb</td>");
    const line = `${JSON.stringify({ msg: hostile })}\n`;
    expect(shownJson(line)).not.toMatch(moving);
    expect(JSON.parse(shownJson(line))).toEqual({ msg: hostile });
  });

  test("is shown unchanged where scripts need joiners, and in names in any script", () => {
    const persian =
      "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 Gr\u00f6\u00dfe \u{1f468}\u200d\u{1f469}";
    expect(shownText(persian)).toBe(persian);
  });
});

test("a password in an address appears in no message, whichever option it was given to", async () => {
  const address = "http://me:hunter2@host/x";
  for (const args of [
    ["serve", `--seal-too=${address}`],
    [address],
    ["report", "--store", address],
  ]) {
    const { said, code } = await run(...args, "--cluster", "c");
    expect(said).not.toContain("hunter2");
    expect(code).toBe(2);
  }
  expect(withoutLogins(`at ${address}: no, user@example.com`)).toBe(
    "at http://…@host/x: no, user@example.com",
  );
});

function parsed(csv: string, delimiter = ","): string[][] {
  return parse(csv, { delimiter, relax_quotes: true, relax_column_count: true });
}

describe("a cell of a CSV file", () => {
  test.each([
    "=1+1",
    '=HYPERLINK("http://127.0.0.1/","open")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "  =1",
    "\u00a0=1",
    "\u3000=1",
    "\ufeff=1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tplain",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM",
    "\ufe661",
    "a;=1+1",
    "a;\uff1d1",
    "a\n=1+1",
    "a\t-1+1;",
  ])("that a spreadsheet would run as a formula, such as %j, is made text", (text) => {
    for (const delimiter of [",", ";", "\t"]) {
      const line = `x${delimiter}${field(text)}\r\n`;
      const [row = []] = parsed(line, delimiter);
      for (const cell of row.join("\n").split(/[;\t\r\n]/)) {
        expect(cell.replace(/^[\s\p{Cf}]+/u, "").normalize("NFKC")).not.toMatch(/^[=+\-@]/);
      }
    }
    expect(field(text)).not.toMatch(/^"?[\t\r\n]/);
  });

  test.each(["-1", "0.949953", "-0.5", "1e-7", "a-b", "f=1", "n1", "2026-03-01T00:00:00.000Z", ""])(
    "that is a number or plain text, such as %j, stays unchanged",
    (text) => expect(field(text)).toBe(text),
  );

  test("is written like this in reports and restated reports, also if names are joined", async () => {
    const formula = '=HYPERLINK("http://127.0.0.1/","open")';
    await take(commissioned("=1+1"), failed("=1+1", formula));
    const args = ["--store", store(), "--cluster", "c", "--period", "2026-03", "--format", "csv"];
    const { out } = await run("report", ...args);
    expect(out).toContain("HYPERLINK");
    const difference = { figure: "@x", change: "changed" as const, before: "=1", after: -1 };
    const causes = { eventIds: [], sequences: [], ranges: [], byLedgerTime: false };
    for (const csv of [out, restatedCsv([{ ...difference, ...causes }], null)]) {
      const cells = parsed(csv).flat();
      const formulas = cells.filter((cell) => /^[=+@]|^-(?!\d+$)/.test(cell));
      expect(formulas).toEqual([]);
    }
  });
});
