/** Requests at the edge of HTTP: each is answered with a problem document, never with a bare status. */
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../../../src/http/serve.ts";
import type { RunningServer } from "../app/running-server.ts";
import { memoryLedger } from "../app/memory-ledger.ts";
import { head, problemIn, rawClient } from "../app/raw-client.ts";

let server: RunningServer;
beforeAll(async () => {
  const logger = pino({ level: "silent" });
  server = await serve({ ledger: memoryLedger(), logger, port: 0, stopOnSignals: false });
});
afterAll(() => server.stop());

async function answerTo(request: string): Promise<ReturnType<typeof problemIn>> {
  const client = await rawClient(server.port);
  client.send(request);
  await expect.poll(client.text).toMatch(/\r\n\r\n\{.*\}$/);
  client.leave();
  return problemIn(client.text());
}

describe("a request", () => {
  test("with an unknown expectation is refused with 417", async () => {
    const answer = await answerTo(head("GET", "/v1/clusters", { expect: "x" }));
    expect(answer).toMatchObject({ status: 417, code: "expectation-failed" });
    expect(answer.headers).toContain("application/problem+json");
  });

  test("with two Host headers is refused", async () => {
    const twice = "GET /v1/clusters HTTP/1.1\r\nhost: localhost\r\nHost: localhost\r\n\r\n";
    expect(await answerTo(twice)).toMatchObject({ status: 400, code: "invalid-request" });
  });

  test("without a Host header is refused in HTTP/1.1", async () => {
    const none = "GET /v1/clusters HTTP/1.1\r\naccept: */*\r\n\r\n";
    expect(await answerTo(none)).toMatchObject({ status: 400, code: "invalid-request" });
  });

  test("that expects 100-continue gets 100 Continue", async () => {
    const client = await rawClient(server.port);
    client.send(
      head("POST", "/v1/events", {
        "content-type": "application/json",
        "content-length": "2",
        expect: "100-continue",
      }),
    );
    await expect.poll(client.text).toContain("HTTP/1.1 100 Continue");
    client.send("{}");
    await expect.poll(client.text).toContain("HTTP/1.1 400");
    client.leave();
  });
});
