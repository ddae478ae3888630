/** A page leads to pages: a reader who follows a link never lands in raw JSON. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditedApp } from "../http/app/audited-app.ts";
import type { AuditedApp } from "../http/app/audited-app.ts";
import { history } from "../http/app/small-app.ts";

let ledger: AuditedApp;

beforeAll(async () => {
  ledger = await auditedApp();
  await ledger.post("/v1/reports", { cluster: "alpha", period: "2026-03", report: "march" });
  await ledger.settled();
});

afterAll(async () => {
  await ledger.close();
});

const asBrowsersAsk = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

test.each([
  ["", history.length + 1],
  ["of a look back", history.length],
])(
  "every link %s, on any page, leads to a page or a text unless it is a download",
  async (_, asOf) => {
    const isPast = asOf === history.length;
    const first = isPast ? `/?asOf=${asOf}` : "/";
    const toVisit = [first, ...(isPast ? [] : ["/v1/reports/march", "/v1/reports/march/restated"])];
    const seen = new Set<string>();
    for (let url = toVisit.pop(); url !== undefined; url = toVisit.pop()) {
      if (seen.has(url)) continue;
      seen.add(url);
      const answer = await ledger.get(url, asBrowsersAsk);
      const type = String(answer.headers["content-type"]);
      expect([url, answer.status, type]).toEqual([url, 200, expect.stringMatching(/^text\//)]);
      if (!type.startsWith("text/html") || url.startsWith("/docs")) continue;
      for (const [, attributes = ""] of answer.text.matchAll(/<a\s([^>]*)>/g)) {
        const link = /href="(\/[^"#]*)"/.exec(attributes)?.[1]?.replaceAll("&amp;", "&");
        if (link === undefined || /\bdownload\b/.test(attributes)) continue;
        // The way back to the newest, from a look back.
        if (isPast && !link.includes("asOf=")) continue;
        toVisit.push(link);
      }
    }
    for (const kind of [
      "/clusters/alpha?",
      "/clusters/alpha/nodes/",
      "/clusters/alpha/jobs",
      "/faults?",
      "/events/",
    ]) {
      expect(
        [...seen].some((url) => url.startsWith(kind)),
        kind,
      ).toBe(true);
    }
  },
);
