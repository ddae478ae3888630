/** Which answers as of a position a client may keep for ever, and which not. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditedApp } from "../app/audited-app.ts";
import { auditedApp } from "../app/audited-app.ts";
import { reads } from "../app/every-read.ts";

const forEver = "private, max-age=31536000, immutable";

/** Reads whose answer may change although they are as of a position, each with its reason. */
const changing: readonly (readonly [address: RegExp, why: string])[] = [
  [/^\/v1\/audit\/(checkpoint|proof|consistency)/, "is signed with the key of now"],
];

/** Reads that take no position. */
const isWithoutPosition = (url: string) =>
  /^\/(livez|readyz)$|^\/v1\/(access|sources|webhooks)\b/.test(url);

let ledger: AuditedApp;
beforeAll(async () => {
  ledger = await auditedApp();
});
afterAll(() => ledger.close());

const asOf = (url: string, position = "asOf=12") =>
  `${url}${url.includes("?") ? "&" : "?"}${position}`;
const kept = async (url: string, headers = {}) =>
  (await ledger.get(url, headers)).headers["cache-control"];

describe("an answer", () => {
  test.each([...reads.filter((url) => !isWithoutPosition(url)), "/v1/audit/checkpoint"])(
    "to %s as of a sequence may be kept for ever, unless there is a reason why not",
    async (url) => {
      expect((await ledger.get(asOf(url))).status).toBe(200);
      const isChanging = changing.some(([address]) => address.test(url));
      expect(await kept(asOf(url))).toBe(isChanging ? "no-cache" : forEver);
    },
  );

  test.each(reads)("to %s without a position is asked for again", async (url) => {
    expect(await kept(url)).toBe("no-cache");
  });

  test("as of a sequence stays so as CSV, as a page of /v1, compressed, and where nothing has changed", async () => {
    const url = "/v1/nodes?cluster=alpha&asOf=12";
    expect(await kept(`${url}&format=csv`)).toBe(forEver);
    expect(await kept(`${url}&format=html`)).toBe(forEver);
    expect(await kept(url, { "accept-encoding": "gzip" })).toBe(forEver);
    const { etag } = (await ledger.get(url)).headers;
    const again = await ledger.get(url, { "if-none-match": String(etag) });
    expect([again.status, again.headers["cache-control"]]).toEqual([304, forEver]);
  });

  test.each(["identity", "gzip"])(
    "that the client has is confirmed with the headers that it came with (%s)",
    async (encoding) => {
      for (const url of reads.filter(
        (each) => each.startsWith("/v1/") && !isWithoutPosition(each),
      )) {
        const first = await ledger.get(asOf(url), { "accept-encoding": encoding });
        const tag = String(first.headers["etag"]);
        const asked = { "accept-encoding": encoding, "if-none-match": tag };
        const again = await ledger.get(asOf(url), asked);
        expect([url, again.status]).toEqual([url, 304]);
        for (const name of ["etag", "vary", "cache-control"])
          expect([url, name, again.headers[name]]).toEqual([url, name, first.headers[name]]);
      }
    },
  );

  test("as of a recorded time is asked for again", async () => {
    ledger.advance(3_600_000);
    expect(await kept(asOf("/v1/nis", "asOfTime=2026-04-15T12:30:00Z"))).toBe("no-cache");
  });

  test("that refuses is never kept for ever", async () => {
    for (const url of ["/v1/nodes/alpha/none?asOf=12", "/v1/nis?asOf=999", "/v1/nis?asOf=x"])
      expect([url, await kept(url)]).toEqual([url, "no-store"]);
  });

  test.each(["/", "/openapi.json"])("of the page %s changes with the program", async (url) => {
    expect(await kept(url === "/" ? asOf(url) : url)).toBe("no-cache");
  });
});
