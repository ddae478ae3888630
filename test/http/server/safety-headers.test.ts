import { get } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SmallApp } from "../app/small-app.ts";
import { appWithHistory } from "../app/small-app.ts";

let small: SmallApp;
let url = "";
beforeAll(async () => {
  small = await appWithHistory();
  url = await small.app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => small.app.close());

const safe = {
  "Content-Security-Policy":
    "default-src 'self';img-src 'self' data: blob:;font-src 'self';script-src 'self';style-src 'self';object-src 'none';base-uri 'self';form-action 'self';frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Origin-Agent-Cluster": "?1",
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-DNS-Prefetch-Control": "off",
  "X-Download-Options": "noopen",
  "X-Frame-Options": "SAMEORIGIN",
  "X-Permitted-Cross-Domain-Policies": "none",
  "X-XSS-Protection": "0",
};

describe("the headers that tell browsers what pages may do", () => {
  it.each(["/livez", "/v1/clusters", "/nothing-here", "/v1/sla?period=never"])(
    "are those of helmet on %s, spelled as helmet spells them",
    async (path) => {
      const { names, headers } = await answered(path);
      for (const [name, value] of Object.entries(safe)) {
        expect(names).toContain(name);
        expect(headers[name.toLowerCase()]).toBe(value);
      }
      expect(names).not.toContain("Strict-Transport-Security");
    },
  );
});

async function answered(
  path: string,
): Promise<{ names: readonly string[]; headers: IncomingHttpHeaders }> {
  return await new Promise((resolve, reject) => {
    get(`${url}${path}`, (answer) => {
      answer.resume();
      const names = answer.rawHeaders.filter((_, i) => i % 2 === 0);
      answer.on("end", () => resolve({ names, headers: answer.headers }));
    }).on("error", reject);
  });
}
