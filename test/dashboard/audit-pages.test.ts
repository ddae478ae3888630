import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditedApp } from "../http/app/audited-app.ts";
import { auditedApp } from "../http/app/audited-app.ts";
import { history } from "../http/app/small-app.ts";
import { panelOf, textOf } from "./page-text.ts";

const fault = String(history[3]?.["id"]);
let ledger: AuditedApp;

const page = async (url: string) => (await ledger.get(url, { accept: "text/html" })).text;

async function correct(id: string, body: object, what = "corrections"): Promise<string> {
  const said = { actor: "Ann <Lee>", reason: `"so" & so`, ...body };
  const { status, json } = await ledger.post(`/v1/events/${id}/${what}`, said);
  expect(status).toBe(201);
  return String(json["id"]);
}

beforeAll(async () => {
  ledger = await auditedApp();
  await ledger.post("/v1/reports", { cluster: "alpha", period: "2026-03", report: "march" });
  const later = await correct(fault, { occurredAt: "2026-03-02T06:00:00Z" });
  await correct(later, {}, "retraction");
  const gone = await correct(fault, {}, "retraction");
  await correct(gone, {}, "retraction");
  await correct(fault, {
    data: { cluster: "alpha", node: "n1", faultId: "f1", category: "network" },
  });
  const { sequence } = await ledger.ledger.store.head();
  await ledger.ledger.waitFor(sequence, 600_000);
});
afterAll(() => ledger.close());

describe("a fact's page", () => {
  test("begins with what happened in words, when, and that it was amended", async () => {
    const head = textOf(panelOf(await page(`/events/${fault}`), "event"));
    expect(head).toContain("n1 failed: hardware, gpu");
    expect(head).toContain("5 amendments");
    expect(head).toContain("It occurred 2 Mar 00:00:00 and was recorded 12:00:00");
    expect(head).toContain("told 44 d 12 h late");
  });

  test("shows what was stated beside what stands, and marks what was amended", async () => {
    const html = await page(`/events/${fault}`);
    expect(textOf(panelOf(html, "stated"))).toContain("category hardware");
    const stands = textOf(panelOf(html, "standing"));
    expect(stands).toContain("category network amended");
    expect(stands).toContain("component taken away");
  });

  test("shows what each step changed in the fact, and which event it names", async () => {
    const text = textOf(panelOf(await page(`/events/${fault}`), "history"));
    const { json } = await ledger.get(`/v1/events/${fault}`);
    const first = String(json["sequence"]);
    expect(text).toContain(`FactCorrected of ${first}`);
    expect(text).toContain("occurredAt 2 Mar 2026 00:00:00 now 2 Mar 2026 06:00:00");
    expect(text).toContain("FactRetracted of 14");
    expect(text).toContain("occurredAt 2 Mar 2026 06:00:00 now 2 Mar 2026 00:00:00");
    expect(text).toMatch(/FactRetracted of 16 .* restored occurredAt/);
    expect(text).toMatch(/category hardware now network component gpu taken away/);
  });

  test("says what the ledger decided, and up to where it had seen facts", async () => {
    const { status } = await ledger.post("/v1/rollouts", {
      rollout: "r9",
      cluster: "alpha",
      updates: [{ component: "nic", version: "3" }],
      impact: { kind: "impactless" },
      urgency: "routine",
      actor: "Ann",
      reason: "a new version",
    });
    expect(status).toBe(201);
    await ledger.settled();
    const { json } = await ledger.get("/v1/events?stream=rollout-r9");
    const [event] = json["events"] as {
      id: string;
      decision: { command: string; sequence: number };
    }[];
    const text = textOf(panelOf(await page(`/events/${event?.id}`), "stated"));
    expect(text).toContain(`command ${event?.decision.command}`);
    expect(text).toContain(`facts up to #${event?.decision.sequence}`);
    expect(text).toMatch(/request SHA-256 [0-9a-f]{64}/);
  });

  test("tells how to correct and to retract it, but not an event that the ledger wrote", async () => {
    const html = await page(`/events/${fault}`);
    const amend = textOf(panelOf(html, "amend"));
    expect(amend).toContain(`/v1/events/${fault}/corrections`);
    expect(amend).toContain(`npx fleetledger retract ${fault} --actor YOU --reason WHY`);
    const { json } = await ledger.get("/v1/reports");
    const [report] = json["reports"] as { eventId: string }[];
    const own = textOf(panelOf(await page(`/events/${report?.eventId}`), "amend"));
    expect(own).toContain("cannot be corrected or retracted");
    expect(own).not.toContain("curl");
  });

  test("shows what people wrote as text, never as markup", async () => {
    const html = await page(`/events/${fault}`);
    expect(html).toContain("Ann &lt;Lee&gt;: &quot;so&quot; &amp; so");
    expect(html).not.toContain("<Lee>");
  });

  test("that looks back links to pages that look back to the same position", async () => {
    const html = await page(`/events/${fault}?asOf=15`);
    const links = [...html.matchAll(/href="(\/(?:v1\/)?(?:events|audit)[^"]*)"/g)];
    const back = links
      .map(([, link]) => String(link).replaceAll("&amp;", "&"))
      .filter((link) => link !== `/events/${fault}`);
    expect(back.length).toBeGreaterThan(3);
    for (const link of back) {
      expect(link).toMatch(/[?&]asOf=15(&|$)/);
      expect((await ledger.get(link)).status, link).toBe(200);
    }
  });

  test("of an event that is not there at the position is not found", async () => {
    expect((await ledger.get(`/events/${fault}?asOf=2`)).status).toBe(404);
    expect((await ledger.get("/events/nothing")).status).toBe(404);
  });
});

describe("an overview that looks back", () => {
  test("links to what existed at its position", async () => {
    const html = await page("/?asOf=12");
    const links = [...html.matchAll(/href="(\/(?:v1|events)\/[^"]*)"/g)].map(([, link]) =>
      String(link).replaceAll("&amp;", "&"),
    );
    expect(links.length).toBeGreaterThan(10);
    for (const link of new Set(links)) {
      expect(link).toMatch(/[?&]asOf=12(&|$)/);
      expect((await ledger.get(link)).status, link).toBe(200);
    }
  });
});

describe("a page for printing", () => {
  const urls = ["/v1/reports/march", "/v1/reports/march/restated", "/v1/sla?cluster=alpha"];

  test.each(urls)(
    "%s never shows an undefined value, and loads nothing from other sites",
    async (url) => {
      const html = await page(url);
      expect(html).toContain("<h1>");
      expect(html).not.toMatch(/\b(null|undefined|NaN|Infinity|\[object)/);
      expect(html).not.toMatch(/(src|href|action)="(https?:)?\/\//);
      expect(html).not.toMatch(/ (style|on\w+)="/);
    },
  );

  test.each(urls)(
    "%s links only to pages that exist, in the format that the link names",
    async (url) => {
      const html = await page(url);
      const links = [...html.matchAll(/<a href="(\/[^"]*)">([^<]*)/g)];
      for (const [, address, words] of links) {
        const link = String(address).replaceAll("&amp;", "&");
        const answer = await ledger.get(link, { accept: "text/html" });
        expect(answer.status, link).toBe(200);
        const form = { JSON: "application/json", CSV: "text/csv" }[String(words)] ?? "text/html";
        expect(answer.headers["content-type"], link).toContain(form);
      }
    },
  );

  test("of a report that was not issued says so, and has no line for signatures", async () => {
    const text = textOf(await page("/v1/sla?cluster=alpha&period=2026-03"));
    expect(text).toContain("Draft, not issued");
    expect(text).not.toContain("date, signature");
    expect(textOf(await page("/v1/reports/march"))).toContain("date, signature");
  });

  test("of a restatement shows durations exactly and readably, and links the events", async () => {
    const html = await page("/v1/reports/march/restated");
    expect(textOf(html)).toMatch(/mttr\. byCause\. network\. meanMs — 43,200,000 12 h/);
    expect(html).toMatch(/<a href="\/events\/[0-9a-f-]{36}">18<\/a>/);
  });
});
