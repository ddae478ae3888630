import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditedApp } from "../../http/app/audited-app.ts";
import { auditedApp } from "../../http/app/audited-app.ts";
import { history, smallApp } from "../../http/app/small-app.ts";
import { panelOf, textOf } from "../page-text.ts";

const fault = String(history[3]?.["id"]);
let ledger: AuditedApp;

const page = async (url: string) => (await ledger.get(url, { accept: "text/html" })).text;
const panel = async (url: string, id: string) => textOf(panelOf(await page(url), id));

beforeAll(async () => {
  ledger = await auditedApp();
  const issue = (period: string, report: string) =>
    ledger.post("/v1/reports", {
      cluster: "alpha",
      period,
      report,
      actor: "Ann <Lee>",
      reason: "monthly",
    });
  await issue("2026-02", "february");
  await issue("2026-03", "march");
  await ledger.settled();
  await ledger.post(`/v1/events/${fault}/corrections`, {
    actor: "Bo",
    reason: "the log says so",
    occurredAt: "2026-03-02T06:00:00Z",
  });
  await ledger.settled();
});
afterAll(() => ledger.close());

describe("the page of reports", () => {
  test("lists what was issued, the latest first, and whether its figures differ now", async () => {
    const text = await panel("/reports", "issued");
    expect(text).toMatch(
      /alpha March 2026 12:00 Ann &lt;Lee&gt; 13 [0-9a-f]{12}… figures differ print alpha February 2026 12:00 Ann &lt;Lee&gt; 12 [0-9a-f]{12}… says the same print/,
    );
  });

  test("says first how many of them would say something else now", async () => {
    expect(await panel("/reports", "headline")).toContain(
      "2 reports issued; 1 would say something else now.",
    );
    expect(await panel("/reports?asOf=14", "headline")).toContain(
      "2 reports issued; each says the same at this position.",
    );
  });

  test("knows at an earlier position only what was issued by then, and what it said then", async () => {
    const text = await panel("/reports?asOf=14", "issued");
    expect(text).toMatch(/March 2026 .* says the same .* February 2026 .* says the same/);
    expect(await panel("/reports?asOf=13", "issued")).not.toContain("March");
    expect(await panel("/reports?asOf=12", "issued")).toContain("No report has been issued.");
  });

  test("drafts the report of the last full month, or of any cluster and period", async () => {
    const text = await panel("/reports", "draft");
    expect(text).toContain("Draft: alpha, March 2026");
    // n1 was down for 6 h since the correction, and n2 from the 20th.
    expect(text).toContain("Mean time to repair met 6 h at most 2 d");
    expect(await panel("/reports?cluster=alpha&period=2026-02", "draft")).toContain(
      "Draft: alpha, February 2026",
    );
    const html = await page("/reports?cluster=alpha&period=2026-02");
    expect(html).toContain('href="/v1/sla?cluster=alpha&amp;period=2026-02&amp;format=html"');
  });

  test("says why there is no draft of a period, and keeps the form", async () => {
    const html = await page("/reports?cluster=alpha&period=2027-01");
    expect(html).toContain('data-problem="period-refused"');
    expect(textOf(panelOf(html, "draft"))).toContain("No report for this period.");
    expect(panelOf(html, "draft-form")).toContain('value="2027-01"');
  });

  test("says how a report is issued without scripts, and that none is issued of the past", async () => {
    expect(panelOf(await page("/reports"), "draft-form")).toContain("curl http");
    expect(await panel("/reports?asOf=12", "draft-form")).toContain("A report is issued as of now");
  });

  test("of an empty ledger says what is missing", async () => {
    const { app } = await smallApp();
    const text = textOf((await app.inject("/reports")).body);
    expect(text).toContain("No cluster is known yet");
    expect(text).toContain("No report has been issued.");
    await app.close();
  });
});

describe("the page of an issued report", () => {
  test("says what was issued, by whom, why and with which hash", async () => {
    const text = await panel("/reports/march", "headline");
    expect(text).toContain("alpha, March 2026");
    expect(text).toContain("by Ann &lt;Lee&gt; : monthly");
    const { json } = await ledger.get("/v1/reports?after=13");
    const [report] = json["reports"] as { sha256: string }[];
    expect(text).toContain(report?.sha256);
  });

  test("shows first what differs, with its difference, and names the events that made it", async () => {
    const html = await page("/reports/march");
    const text = textOf(panelOf(html, "differences"));
    expect(text).toMatch(/MTTR of closed faults mttr\. ?meanMs 12 h 6 h −6 h #15/);
    expect(html.indexOf('data-fragment="differences"')).toBeLessThan(
      html.indexOf('data-fragment="beside"'),
    );
    expect(textOf(panelOf(html, "causes"))).toMatch(
      /15 12:00:00 n1 a fact was corrected 12:00:00 Bo/,
    );
    expect(await panel("/reports/march", "beside")).toMatch(
      /Mean time to repair met 12 h met 6 h −6 h/,
    );
  });

  test("says first whether it would say something else, and has a unit to each difference", async () => {
    expect(await panel("/reports/march", "headline")).toMatch(
      /It would say something else now: \d+ figures differ, by 1 event\./,
    );
    expect(await panel("/reports/february", "headline")).toContain("It would say the same now");
    expect(await panel("/reports/march", "differences")).toMatch(
      /nis\. ?raw [\d.]+ % [\d.]+ % \+[\d.]+ pt/,
    );
  });

  test("shows each difference as the interface gives it", async () => {
    const html = panelOf(await page("/reports/march"), "differences");
    const { json } = await ledger.get("/v1/reports/march/restated");
    const given = json["differences"] as Record<string, unknown>[];
    const shown = [
      ...html.matchAll(/data-figure="differences\.(\d+)\.(before|after)"\s+data-raw="([^"]*)"/g),
    ];
    expect(shown.length).toBeGreaterThan(20);
    for (const [, index, side, raw] of shown)
      expect(raw).toBe(String(given[Number(index)]?.[String(side)]));
  });

  test("that says the same says so", async () => {
    expect(await panel("/reports/february", "differences")).toContain(
      "every figure is as it was issued",
    );
  });

  test("is not found before it was issued, and by no other name", async () => {
    expect((await ledger.get("/reports/march?asOf=13")).status).toBe(404);
    expect((await ledger.get("/reports/april")).status).toBe(404);
  });
});
