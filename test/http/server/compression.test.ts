import { gunzipSync } from "node:zlib";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takesGzip, varyingBy } from "../../../src/http/encoding/content-encoding.ts";
import { LedgerError } from "../../../src/errors.ts";
import { leastCompressedBytes } from "../../../src/limits/requests.ts";
import { anEvent } from "../app/memory-ledger.ts";
import type { SmallApp } from "../app/small-app.ts";
import { appWithHistory } from "../app/small-app.ts";

let small: SmallApp;
beforeAll(async () => {
  small = await appWithHistory();
});
afterAll(() => small.app.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  small.app.inject({ url, headers });
const zipped = { "accept-encoding": "gzip, deflate, br" };
const sla = "/v1/sla?cluster=alpha&period=2026-03";

describe("an answer of more than a kilobyte", () => {
  it.each([
    [sla, "application/json"],
    [`${sla}&format=csv`, "text/csv"],
    ["/", "text/html"],
    ["/assets/overview.css", "text/css"],
    ["/openapi.json", "application/json"],
    ["/docs/static/swagger-ui-bundle.js", "application/javascript"],
  ])("at %s is sent compressed, with exactly the same bytes inside", async (url, type) => {
    const plain = await get(url);
    const compressed = await get(url, zipped);
    expect(compressed.headers["content-type"]).toContain(type);
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(compressed.headers["content-encoding"]).toBe("gzip");
    const inflated = gunzipSync(compressed.rawPayload);
    expect(inflated.equals(plain.rawPayload)).toBe(true);
    expect(compressed.rawPayload.length).toBeLessThan(inflated.length / 1.5);
    for (const { headers } of [plain, compressed]) expect(headers.vary).toMatch(/accept-encoding/i);
  });

  it("is sent uncompressed to a client that does not accept gzip, as is a small one", async () => {
    for (const encoding of ["", "br", "gzip;q=0", "identity"]) {
      const { headers } = await get(sla, { "accept-encoding": encoding });
      expect(headers["content-encoding"]).toBeUndefined();
    }
    const little = await get("/livez", zipped);
    expect(little.rawPayload.length).toBeLessThan(leastCompressedBytes);
    expect(little.headers["content-encoding"]).toBeUndefined();
  });

  it("also varies by Accept if that decides its format", async () => {
    const { headers } = await get(sla, zipped);
    expect(headers.vary).toBe("Accept, Accept-Encoding");
  });

  it("has the same headers for HEAD as for GET", async () => {
    const { statusCode, headers, rawPayload } = await small.app.inject({
      method: "HEAD",
      url: sla,
      headers: zipped,
    });
    expect([statusCode, headers["content-encoding"], rawPayload.length]).toEqual([200, "gzip", 0]);
  });
});

describe("the entity tag of an answer", () => {
  it("is strong if uncompressed and weak if compressed, and both are recognized later", async () => {
    const [plain, compressed] = [await get(sla), await get(sla, zipped)];
    const tag = String(plain.headers.etag);
    expect(tag).toMatch(/^"/);
    expect(compressed.headers.etag).toBe(`W/${tag}`);
    for (const known of [tag, `W/${tag}`]) {
      for (const [headers, same] of [
        [{}, tag],
        [zipped, `W/${tag}`],
      ] as const) {
        const again = await get(sla, { ...headers, "if-none-match": known });
        expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, "", same]);
        expect(again.headers["content-encoding"]).toBeUndefined();
        expect(again.headers.vary).toContain("Accept-Encoding");
      }
    }
  });
});

describe("a streamed answer", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, () => `${JSON.stringify(anEvent())}\n`).join("");

  it("is compressed line by line, so that each line can be read when it is written", async () => {
    await small.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = small.app.server.address() as AddressInfo;
    const headers = { "content-type": "application/x-ndjson", ...zipped };
    const sent = request({ port, method: "POST", path: "/v1/events", headers });
    sent.write(lines(1));
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    expect(answer.headers["content-encoding"]).toBe("gzip");
    const parts: Buffer[] = [];
    answer.on("data", (part: Buffer) => parts.push(part));
    // What has come so far is no whole gzip, and is readable all the same.
    const sofar = () =>
      parts.length === 0 ? "" : gunzipSync(Buffer.concat(parts), { finishFlush: 2 }).toString();
    await expect.poll(sofar).toContain('"line":1');
    sent.end(lines(1));
    await once(answer, "end");
    expect(sofar().trim().split("\n")).toHaveLength(3);
  });

  it("that fails before its first line becomes an uncompressed problem document", async () => {
    small.ledger.failNextSubmit(new LedgerError("store-unavailable", "the disk is gone"));
    const answer = await small.app.inject({
      method: "POST",
      url: "/v1/events",
      headers: { "content-type": "application/x-ndjson", ...zipped },
      payload: lines(1),
    });
    expect([answer.statusCode, answer.json().code]).toEqual([503, "store-unavailable"]);
    expect(answer.headers["content-encoding"]).toBeUndefined();
  });
});

describe("server-sent events", () => {
  it("are never compressed", async () => {
    await using running = await appWithHistory().then(({ app }) =>
      Object.assign(app, { [Symbol.asyncDispose]: () => app.close() }),
    );
    await running.listen({ host: "127.0.0.1", port: 0 });
    const { port } = running.server.address() as AddressInfo;
    const asked = request({ port, path: "/v1/stream?after=0", headers: zipped }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    expect(answer.headers["content-encoding"]).toBeUndefined();
    const [first] = (await once(answer, "data")) as [Buffer];
    expect(first.toString()).toContain("event: position");
    asked.destroy();
  });
});

describe("Accept-Encoding", () => {
  it.each([
    ["gzip", true],
    ["GZIP;q=0.5", true],
    ["x-gzip", true],
    ["*", true],
    ["gzip;q=0, *", false],
    ["*;q=0", false],
    ["identity", false],
    ["gzip; q=0.000", false],
    [undefined, false],
  ])("%j accepts gzip: %j", (header, takes) => {
    expect(takesGzip(header)).toBe(takes);
  });

  it.each([
    [undefined, "Accept-Encoding"],
    ["Accept", "Accept, Accept-Encoding"],
    ["accept-encoding, x", "accept-encoding, x"],
    ["*", "*"],
  ])("is added to the Vary header %j, which becomes %j", (before, after) => {
    expect(varyingBy(before, "Accept-Encoding")).toBe(after);
  });
});
