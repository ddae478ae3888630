import { connect } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorCatalogue } from "../../../src/errors.ts";
import { maxJsonDepth, maxRequestBytes } from "../../../src/limits/requests.ts";
import { anEvent } from "../app/memory-ledger.ts";
import type { SmallApp } from "../app/small-app.ts";
import { appWithHistory } from "../app/small-app.ts";

let small: SmallApp;
beforeAll(async () => {
  small = await appWithHistory();
  await small.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => small.app.close());

const post = (payload: string | Buffer, contentType: string | null = "application/json") =>
  small.app.inject({
    method: "POST",
    url: "/v1/events",
    headers: contentType === null ? {} : { "content-type": contentType },
    payload,
  });

describe("every error is a problem document", () => {
  const nested = "[".repeat(maxJsonDepth + 1) + "]".repeat(maxJsonDepth + 1);
  const event = JSON.stringify(anEvent());
  const bodies: [string, string | Buffer, number, string][] = [
    ["malformed JSON", '{"id": ', 400, "malformed-json"],
    ["no JSON at all", "\u0000\u0001", 400, "malformed-json"],
    ["an empty body", "", 400, "malformed-json"],
    ["bytes that are not UTF-8", Buffer.from([0x22, 0xc3, 0x28, 0x22]), 400, "malformed-json"],
    ["endless nesting", nested, 400, "malformed-json"],
    ["nesting beyond any stack", "[".repeat(1_000_000), 400, "malformed-json"],
    [
      "a __proto__ key",
      event.replace("{", '{"__proto__": {"admin": true},'),
      400,
      "malformed-json",
    ],
    [
      "an escaped __proto__ key in the data",
      event.replace('"data":{', '"data":{"\\u005f_proto__": 1,'),
      400,
      "malformed-json",
    ],
    [
      "a constructor key",
      event.replace("{", '{"constructor": {"prototype": {}},'),
      400,
      "invalid-event",
    ],
    ["a number", "7", 400, "invalid-event"],
    ["null", "null", 400, "invalid-event"],
    ["an unknown type", JSON.stringify(anEvent({ type: "toString" })), 400, "unknown-event-type"],
    ["an unknown field", JSON.stringify(anEvent({ colour: "red" })), 400, "invalid-event"],
    [
      "a type of the ledger's own",
      JSON.stringify(anEvent({ type: "LedgerSealed" })),
      400,
      "unknown-event-type",
    ],
    [
      "a future time",
      JSON.stringify(anEvent({ occurredAt: "2099-01-01T00:00:00Z" })),
      400,
      "invalid-event",
    ],
    [
      "an impossible date",
      JSON.stringify(anEvent({ occurredAt: "2026-02-30T00:00:00Z" })),
      400,
      "invalid-event",
    ],
    [
      "a leap second",
      JSON.stringify(anEvent({ occurredAt: "2016-12-31T23:59:60Z" })),
      400,
      "invalid-event",
    ],
    [
      "a negative count",
      JSON.stringify(anEvent({ data: { cluster: "alpha", node: "n1", gpus: -1 } })),
      400,
      "invalid-event",
    ],
    ["an oversized body", `"${"x".repeat(maxRequestBytes)}"`, 413, "too-large"],
  ];
  it.each(bodies)("for %s", async (_what, payload, status, code) => {
    const answer = await post(payload);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    const problem = answer.json();
    expect([answer.statusCode, problem.code]).toEqual([status, code]);
    expect(problem).toMatchObject({
      type: `/problems/${code}`,
      title: errorCatalogue[code as "internal"].title,
      status,
      instance: `urn:request:${String(answer.headers["x-request-id"])}`,
    });
    expect(problem.errors.length > 0, JSON.stringify(problem)).toBe(status === 400);
  });

  it("for a body without a media type, or with an unknown one", async () => {
    for (const type of [null, "text/plain", "application/x-www-form-urlencoded", "nonsense"]) {
      const answer = await post("x=1", type);
      expect([type, answer.statusCode, answer.json().code]).toEqual([
        type,
        415,
        "unsupported-media-type",
      ]);
    }
  });

  it("for lines where one body is taken", async () => {
    for (const url of ["/v1/nfz", "/v1/rollouts", "/v1/reports"]) {
      const headers = { "content-type": "application/x-ndjson" };
      const answer = await small.app.inject({ method: "POST", url, headers, payload: "{}" });
      expect([url, answer.statusCode, answer.json().code]).toEqual([
        url,
        415,
        "unsupported-media-type",
      ]);
    }
  });

  it("for a missing body", async () => {
    const answer = await small.app.inject({ method: "POST", url: "/v1/events" });
    expect([answer.statusCode, answer.json().errors]).toEqual([
      400,
      [{ path: "/", message: "is missing" }],
    ]);
  });

  it("for an unknown address", async () => {
    const answer = await small.app.inject("/v1/evnts");
    expect([answer.statusCode, answer.json().code]).toEqual([404, "not-found"]);
  });

  it("for a wrong method, with the allowed ones", async () => {
    for (const [method, url, allow] of [
      ["DELETE", "/v1/events/3f0c7a3e-0b1a-4a53-9c8e-0d9f5f2d7c11", "GET, HEAD"],
      ["PUT", "/v1/events", "GET, HEAD, POST"],
      ["POST", "/v1/nodes/alpha/n1?x=1", "GET, HEAD"],
    ] as const) {
      const answer = await small.app.inject({ method, url });
      expect([url, answer.statusCode, answer.headers.allow]).toEqual([url, 405, allow]);
      expect(answer.json().code).toBe("method-not-allowed");
    }
  });

  it("for an address that cannot be decoded", async () => {
    const answer = await small.app.inject("/v1/nodes/alpha/%E0%A4%A");
    expect([answer.statusCode, answer.json().code]).toEqual([400, "invalid-request"]);
  });

  it("for names that no cluster can have", async () => {
    for (const name of ["a%20b", "a%00b", "a:b", "%F0%9F%98%80", "x".repeat(300)]) {
      const answer = await small.app.inject(`/v1/clusters/${name}/summary`);
      expect([name, answer.statusCode, answer.json().errors[0].path]).toEqual([
        name,
        400,
        "/path/cluster",
      ]);
    }
    for (const name of ["__proto__", "constructor", "toString"]) {
      expect((await small.app.inject(`/v1/nodes/alpha/${name}`)).statusCode).toBe(404);
    }
  });

  it("for bytes that are not HTTP", async () => {
    const { port } = small.app.server.address() as { port: number };
    const socket = connect(port, "127.0.0.1");
    socket.write("HELO ledger\r\n\r\n");
    const parts: Buffer[] = [];
    socket.on("data", (part) => parts.push(Buffer.from(part)));
    await once(socket, "close");
    const text = Buffer.concat(parts).toString();
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain("application/problem+json");
    expect(JSON.parse(text.slice(text.indexOf("\r\n\r\n")))).toMatchObject({
      code: "invalid-request",
    });
  });
});

describe("a failure of the ledger itself", () => {
  it("is a 500 that does not show its cause", async () => {
    small.ledger.failNextSubmit(new Error("password=hunter2"));
    const answer = await post(JSON.stringify(anEvent()));
    expect([answer.statusCode, answer.json().code]).toEqual([500, "internal"]);
    expect(answer.body).not.toContain("hunter2");
  });

  it("is a 503 with Retry-After if it will pass", async () => {
    small.ledger.failNextSubmit(new Error("x"));
    small.ledger.failNextSubmit(Object.assign(new Error("busy"), { statusCode: 503 }));
    const answer = await post(JSON.stringify(anEvent()));
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "1"]);
  });
});

describe("the pages about errors", () => {
  it("explain each kind of error", async () => {
    const all = await small.app.inject("/problems");
    for (const code of Object.keys(errorCatalogue)) {
      expect(all.body).toContain(`href="/problems/${code}"`);
      expect((await small.app.inject(`/problems/${code}`)).statusCode).toBe(200);
    }
    expect((await small.app.inject("/problems/toString")).statusCode).toBe(404);
  });
});

it("say for invalid JSON that the text is not well-formed, and why", async () => {
  const problem = (await post('{"id": ')).json();
  expect(problem.detail).toMatch(/^The text is not well-formed JSON: ./);
  expect(problem.errors).toMatchObject([{ path: "" }]);
});
