import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditedApp } from "../http/app/audited-app.ts";
import { auditedApp } from "../http/app/audited-app.ts";
import { history } from "../http/app/small-app.ts";

const fault = String(history[3]?.["id"]);
let ledger: AuditedApp;

/** The text that a reader sees, roughly. */
const textOf = (page: string) =>
  page
    .replaceAll("\u00a0", " ")
    .replaceAll(/<(script|style|title)[^>]*>[^]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");

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
  await ledger.ledger.waitFor(sequence, 5_000);
});
afterAll(() => ledger.close());

describe("a fact's page", () => {
  test("shows what each step changed in the fact, and which event it names", async () => {
    const text = textOf(await page(`/events/${fault}`));
    const { json } = await ledger.get(`/v1/events/${fault}`);
    const first = String(json["sequence"]);
    expect(text).toContain(`FactCorrected of ${first}`);
    expect(text).toContain("occurredAt 2026-03-02T00:00:00.000Z → 2026-03-02T06:00:00.000Z");
    expect(text).toContain("FactRetracted of 14");
    expect(text).toContain("occurredAt 2026-03-02T06:00:00.000Z → 2026-03-02T00:00:00.000Z");
    expect(text).toMatch(/FactRetracted of 16 .* restored occurredAt/);
    expect(text).toMatch(/category hardware → network component gpu → taken away/);
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
      .map(([, link]) => String(link))
      .filter((link) => link !== `/events/${fault}`);
    expect(back.length).toBeGreaterThan(3);
    for (const link of back) {
      expect(link).toMatch(/[?;]asOf=15$/);
      expect((await ledger.get(link.replaceAll("&amp;", "&"))).status, link).toBe(200);
    }
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
