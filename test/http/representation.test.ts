import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditedApp } from "./app/audited-app.ts";
import { auditedApp } from "./app/audited-app.ts";

let ledger: AuditedApp;

beforeAll(async () => {
  ledger = await auditedApp();
  const body = { cluster: "alpha", period: "2026-03", report: "annex-3" };
  await ledger.post("/v1/reports", body);
});
afterAll(() => ledger.close());

const urls = [
  "/v1/sla?cluster=alpha&period=2026-03",
  "/v1/reports/annex-3",
  "/v1/reports/annex-3/restated",
];
const browser =
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

/** Whether the Accept header decides, and not only how the answer is encoded. */
const variesByAccept = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) => {
  const { vary } = headers;
  return typeof vary === "string" && vary.split(", ").includes("Accept");
};

const types = { json: "application/json", csv: "text/csv", html: "text/html" } as const;
type Format = keyof typeof types;

const wishes: readonly (readonly [accept: string | undefined, form: Format])[] = [
  [undefined, "json"],
  ["", "json"],
  ["*/*", "json"],
  ["application/json", "json"],
  ["application/*", "json"],
  ["application/json, text/csv", "json"],
  ["text/csv, application/json", "json"],
  ["text/csv, */*;q=0.1", "csv"],
  ["TEXT/CSV;charset=utf-8", "csv"],
  ["text/csv;q=0.5, application/json;q=0.4", "csv"],
  ["text/*, application/json;q=0.5", "csv"],
  ["text/*, text/csv;q=0", "html"],
  [browser, "html"],
  ["text/html", "html"],
  ["application/pdf, */*;q=0.1", "json"],
  ["nonsense", "json"],
];

describe.each(urls)("GET %s", (url) => {
  test.each(wishes)("with Accept: %s comes as %s", async (accept, form) => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const answer = await ledger.get(url, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toMatch(new RegExp(`^${types[form]}`));
    expect(variesByAccept(answer)).toBe(true);
    // One form is the same bytes, however it was asked for.
    const sign = url.includes("?") ? "&" : "?";
    expect(answer.text).toBe((await ledger.get(`${url}${sign}format=${form}`)).text);
  });

  test.each(["json", "csv", "html"] as const)("format=%s wins over Accept", async (form) => {
    const sign = url.includes("?") ? "&" : "?";
    for (const accept of ["image/png", browser, "text/csv"]) {
      const answer = await ledger.get(`${url}${sign}format=${form}`, { accept });
      expect(answer.headers["content-type"]).toMatch(new RegExp(`^${types[form]}`));
      expect(variesByAccept(answer)).toBe(false);
    }
  });

  test.each(["image/png", "application/pdf, text/plain", "*/*;q=0", "application/json;q=0"])(
    "offers nothing for Accept: %s, and says what it offers",
    async (accept) => {
      const answer = await ledger.get(url, { accept });
      expect([answer.status, answer.json["code"]]).toEqual([406, "not-acceptable"]);
      expect(variesByAccept(answer)).toBe(true);
      expect(answer.json["detail"]).toContain("application/json, text/csv, text/html");
    },
  );

  test("has its own ETag for each format", async () => {
    const tags = new Set<unknown>();
    for (const accept of Object.values(types)) {
      const { etag } = (await ledger.get(url, { accept })).headers;
      expect(etag).toBeTypeOf("string");
      tags.add(etag);
    }
    expect(tags.size).toBe(3);
  });

  test("documents its formats", async () => {
    const { json } = await ledger.get("/openapi.json");
    const path = url.split("?", 1)[0]?.replace("annex-3", "{report}") ?? "";
    const paths = json["paths"] as Record<string, { get: Documented }>;
    const { responses, parameters } = paths[path]?.get ?? { responses: {}, parameters: [] };
    expect(Object.keys(responses["200"]?.content ?? {})).toEqual(Object.values(types));
    const format = parameters.find(({ name }) => name === "format");
    expect(format?.schema.enum).toEqual(["json", "csv", "html"]);
  });
});

interface Documented {
  readonly responses: Record<string, { readonly content?: object }>;
  readonly parameters: readonly { name: string; schema: { enum?: readonly string[] } }[];
}
