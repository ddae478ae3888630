/** Periods that are named in relation to ledger time. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditedApp } from "../http/app/audited-app.ts";
import type { AuditedApp } from "../http/app/audited-app.ts";

let ledger: AuditedApp;

beforeEach(async () => {
  ledger = await auditedApp();
});

afterEach(async () => {
  await ledger.close();
});

/** The period of a document asked for; ledger time is noon of 15 April 2026, UTC. */
async function periodOf(query: string) {
  const { json } = await ledger.get(`/v1/sla?cluster=alpha&${query}`);
  return json["period"] as { label: string; from: string; to: string; complete: boolean };
}

describe("a period relative to ledger time:", () => {
  test("last-month is the calendar month before ledger time, and the document names the month", async () => {
    expect(await periodOf("period=last-month")).toEqual(await periodOf("period=2026-03"));
  });

  test("this-month is the month that contains ledger time, cut at ledger time", async () => {
    const period = await periodOf("period=this-month");
    expect(period).toEqual(await periodOf("period=2026-04"));
    expect(period).toMatchObject({ to: "2026-04-15T12:00:00.000Z", complete: false });
  });

  test("P30D is the last 30 whole days, up to the last midnight of the zone", async () => {
    expect(await periodOf("period=P30D")).toMatchObject({
      label: "2026-03-16T00:00:00.000Z/2026-04-15T00:00:00.000Z",
      complete: true,
    });
    // In Tokyo it is 21:00 of the same day: its midnight was at 15:00 UTC of the day before.
    expect(await periodOf("period=P1D&zone=Asia/Tokyo")).toMatchObject({
      label: "2026-04-13T15:00:00.000Z/2026-04-14T15:00:00.000Z",
    });
    // The clocks of Berlin went forward on 29 March: 30 days are an hour short.
    const { from, to } = await periodOf("period=P30D&zone=Europe/Berlin");
    expect(Date.parse(to) - Date.parse(from)).toBe((30 * 24 - 1) * 3_600_000);
  });

  test("an unfinished one is marked in an issued report, also when the order is sent again", async () => {
    for (const [period, complete] of [
      ["this-month", false],
      ["last-month", true],
      ["P30D", true],
    ] as const) {
      const order = { cluster: "alpha", period, report: period };
      for (let sent = 0; sent < 2; sent++) {
        expect((await ledger.post("/v1/reports", order)).json["complete"], period).toBe(complete);
      }
    }
  });

  test("it is resolved at the position of the read, so that with asOf the answer never changes", async () => {
    const { text } = await ledger.get("/v1/sla?cluster=alpha&period=last-month&asOf=12");
    const named = await ledger.get("/v1/sla?cluster=alpha&period=2026-03&asOf=12");
    expect(text).toBe(named.text);
  });

  test("it is never stored: an issued report has the resulting period, also when the order is sent again", async () => {
    const order = { cluster: "alpha", period: "last-month", report: "march" };
    const first = await ledger.post("/v1/reports", order);
    expect([first.status, first.json["period"]]).toEqual([
      201,
      expect.objectContaining({ label: "2026-03" }),
    ]);
    const again = await ledger.post("/v1/reports", order);
    expect([again.status, again.json["sha256"]]).toEqual([200, first.json["sha256"]]);
    const otherwise = await ledger.post("/v1/reports", { ...order, period: "this-month" });
    expect(otherwise.status).toBe(409);
  });

  test("a form that is nearly right is refused with a suggestion", async () => {
    for (const [period, meant] of [
      ["last-mont", "last-month"],
      ["this_month", "this-month"],
      ["p30d", "P30D"],
      ["P30", "P30D"],
      ["P10000D", "P9999D, the longest of its kind"],
      ["2026Q1", "2026-Q1"],
      ["2026-w9", "2026-W09"],
      ["2026-3", "2026-03"],
    ] as const) {
      const { status, json } = await ledger.get(`/v1/sla?cluster=alpha&period=${period}`);
      expect([status, json["detail"]], period).toEqual([
        400,
        expect.stringContaining(`. Did you mean ${meant}?`),
      ]);
    }
  });

  test("a form that is far from any is refused without a suggestion", async () => {
    for (const period of ["2026-13", "yesterday", "P0D", "2026-Q5"]) {
      const { json } = await ledger.get(`/v1/sla?cluster=alpha&period=${period}`);
      expect(json["detail"], period).not.toContain("Did you mean");
    }
  });

  test("the API description says how many days PnD may have", async () => {
    const { text } = await ledger.get("/openapi.json");
    expect(text).toContain("P1D to P9999D");
  });

  test("zero days or unknown words are refused with a list of all forms", async () => {
    for (const period of ["P0D", "P30", "p30d", "next-month"]) {
      const { status, json } = await ledger.get(`/v1/sla?cluster=alpha&period=${period}`);
      expect([status, json["detail"]], period).toEqual([
        400,
        expect.stringMatching(/last-month, this-month and P30D/),
      ]);
    }
  });
});
