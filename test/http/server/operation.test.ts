import type { StoreStatus } from "../../../src/store/port.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pino } from "pino";
import { LedgerError } from "../../../src/errors.ts";
import { anEvent } from "../app/memory-ledger.ts";
import type { SmallApp } from "../app/small-app.ts";
import { appWithHistory, smallApp } from "../app/small-app.ts";

describe("with an API key set", () => {
  const apiKey = "k-1234567890";
  let small: SmallApp;
  const log: string[] = [];
  beforeAll(async () => {
    small = await appWithHistory({
      apiKey,
      logger: pino({ level: "trace" }, { write: (line) => log.push(line) }),
    });
  });
  afterAll(() => small.app.close());

  const ask = (url: string, headers: Record<string, string> = {}) =>
    small.app.inject({ url, headers });

  it.each(["/", "/v1/clusters", "/metrics", "/openapi.json", "/docs/", "/v1/stream", "/nothing"])(
    "%s needs the key",
    async (url) => {
      for (const headers of [
        {},
        { authorization: "Bearer wrong" },
        { "x-api-key": `${apiKey}x` },
        { authorization: `Basic ${Buffer.from("nothing").toString("base64")}` },
        { authorization: apiKey },
      ]) {
        const answer = await ask(url, headers);
        expect([answer.statusCode, answer.json().code]).toEqual([401, "unauthorized"]);
        expect(answer.headers["www-authenticate"]).toEqual([
          'Basic realm="fleetledger"',
          'Bearer realm="fleetledger"',
        ]);
      }
    },
  );

  it("only whether the process is alive, and its state, are answered without a key", async () => {
    const alive = await ask("/livez");
    expect([alive.statusCode, alive.json()]).toEqual([200, { status: "ok" }]);
    const ready = await ask("/readyz");
    expect([ready.statusCode, ready.json()]).toEqual([200, { status: "ready", state: "ready" }]);
    const whole = await ask("/readyz", { "x-api-key": apiKey });
    expect(whole.json()).toMatchObject({ status: "ready", sequence: expect.any(Number) });
  });

  it("accepts the key as bearer token, in its own header, or as a password", async () => {
    const basic = Buffer.from(`anyone:${apiKey}`).toString("base64");
    for (const headers of [
      { authorization: `Bearer ${apiKey}` },
      { authorization: `bearer  ${apiKey}` },
      { "x-api-key": apiKey },
      { authorization: `Basic ${basic}` },
    ]) {
      expect((await ask("/v1/clusters", headers)).statusCode).toBe(200);
    }
  });

  it("never writes the key to the log", async () => {
    await ask("/v1/clusters", { authorization: `Bearer ${apiKey}` });
    await ask("/v1/clusters", { "x-api-key": apiKey });
    expect(log.length).toBeGreaterThan(0);
    expect(log.join("")).not.toContain(apiKey);
  });
});

describe("request ids", () => {
  it("are the client's if they are well-formed, and are in every answer", async () => {
    const log: string[] = [];
    const { app } = await smallApp({ logger: pino({}, { write: (line) => log.push(line) }) });
    const given = await app.inject({ url: "/livez", headers: { "x-request-id": "trace.1:a-b" } });
    expect(given.headers["x-request-id"]).toBe("trace.1:a-b");
    const lines = log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({ reqId: "trace.1:a-b", path: "/livez", status: 200 }),
    );
    for (const bad of ["a b", "x".repeat(200), '"}\\n', ""]) {
      const answer = await app.inject({ url: "/livez", headers: { "x-request-id": bad } });
      expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    }
    await app.close();
  });
});

describe("health and metrics", () => {
  it("show how far the views have come", async () => {
    const { app, ledger } = await smallApp();
    expect((await app.inject("/livez")).json()).toEqual({ status: "ok" });
    await ledger.submit([anEvent()]);
    expect((await app.inject("/readyz")).json()).toMatchObject({
      status: "ready",
      sequence: 1,
      lagEvents: 0,
    });
    await app.close();
  });

  it("count events appended, refused and sent again", async () => {
    const { app } = await smallApp();
    const event = anEvent();
    const send = (payload: unknown) =>
      app.inject({ method: "POST", url: "/v1/events", payload: payload as object });
    await send([event, event, {}]);
    await send(event);
    await send({});
    await app.inject({
      method: "POST",
      url: "/v1/events",
      headers: { "content-type": "application/x-ndjson" },
      payload: `${JSON.stringify(anEvent())}\n7\n`,
    });
    const { body, headers } = await app.inject("/metrics");
    expect(headers["content-type"]).toContain("text/plain");
    expect(body).toContain('fleetledger_events_submitted_total{status="appended"} 2');
    expect(body).toContain('fleetledger_events_submitted_total{status="duplicate"} 2');
    expect(body).toContain('fleetledger_events_submitted_total{status="refused"} 3');
    expect(body).toContain("fleetledger_last_sequence 2");
    expect(body).toContain("fleetledger_projection_lag_events 0");
    expect(body).toContain("fleetledger_projection_lag_seconds 0");
    expect(body).toMatch(
      /fleetledger_http_request_seconds_count\{method="POST",route="\/v1\/events",status="207"\} \d/,
    );
    await app.close();
  });

  it("answer 503 while the views are not ready", async () => {
    const { app, ledger } = await smallApp();
    const behind = { ...ledger.status(), state: "catching-up", progress: 0.5 };
    Object.assign(ledger, { status: () => behind });
    const answer = await app.inject("/readyz");
    expect([answer.statusCode, answer.json()]).toMatchObject([
      503,
      { code: "not-ready", progress: 0.5 },
    ]);
    await app.close();
  });

  it("log a refusal during a rebuild at level info and without a stack, because its begin was logged", async () => {
    const log: string[] = [];
    const logger = pino({}, { write: (line) => log.push(line) });
    const { app, ledger } = await smallApp({ logger });
    const error = new LedgerError("rebuilding", "Another program changed the file.");
    Object.assign(ledger, {
      clusters: () => {
        throw error;
      },
    });
    const answer = await app.inject("/v1/clusters");
    expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: "rebuilding" }]);
    expect(answer.headers["retry-after"]).toBe("1");
    const [line = "{}"] = log.filter((each) => each.includes('"code":"rebuilding"'));
    expect(JSON.parse(line)).toMatchObject({ level: 30, code: "rebuilding" });
    expect(line).not.toContain("stack");
    await app.close();
  });

  it("answer 503 with the whole status of a store whose mirror has stopped", async () => {
    const { app, ledger } = await smallApp();
    const store = { mirrorState: "stopped", reconnects: 3, error: "another event" };
    ledger.store.status = () => store as StoreStatus;
    const answer = await app.inject("/readyz");
    expect([answer.statusCode, answer.json()]).toMatchObject([503, { store, seals: null }]);
    await app.close();
  });

  it("show in every answer that the mirror has stopped, and still answer reads", async () => {
    const { app, ledger } = await appWithHistory();
    const urls = ["/v1/sla?cluster=alpha&period=2026-03", "/v1/clusters", "/", "/v1/nothing"];
    for (const url of urls) {
      expect((await app.inject(url)).headers).not.toHaveProperty("fleetledger-mirror");
    }
    const before = await app.inject(urls[0] ?? "");
    const store = { mirrorState: "stopped", error: "another event" };
    ledger.store.status = () => store as StoreStatus;
    for (const url of urls) {
      expect((await app.inject(url)).headers["fleetledger-mirror"]).toBe("stopped");
    }
    const headers = { "if-none-match": String(before.headers["etag"]) };
    const unchanged = await app.inject({ url: urls[0] ?? "", headers });
    expect([unchanged.statusCode, unchanged.headers["fleetledger-mirror"]]).toEqual([
      304,
      "stopped",
    ]);
    await app.close();
  });
});
