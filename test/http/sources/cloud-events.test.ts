/** `POST /v1/cloudevents`, its handshake, and events that are read back as CloudEvents. */
import { describe, expect, test } from "vitest";
import { sourcesApp } from "./sources-app.ts";

const event = (id: string, more: object = {}) => ({
  specversion: "1.0",
  id,
  source: "/monitor",
  type: "io.fleetledger.NodeCommissioned",
  time: "2026-04-01T00:00:00Z",
  data: { cluster: "alpha", node: `n-${id}` },
  ...more,
});
const health = (id: string, nodeName: string) =>
  event(id, {
    type: "com.nvidia.nvsentinel.health.v1",
    data: {
      metadata: { cluster: "alpha" },
      healthEvent: {
        version: "1",
        agent: "gpu",
        componentClass: "GPU",
        checkName: "GpuXidError",
        isFatal: true,
        isHealthy: false,
        generatedTimestamp: "2026-04-15T10:00:00Z",
        nodeName,
      },
    },
  });
const structured = { "content-type": "Application/CloudEvents+JSON; charset=utf-8" };
const batch = { "content-type": "application/cloudevents-batch+json" };
const address = "/v1/cloudevents";

describe("one CloudEvent", () => {
  test("is answered 201, as a duplicate 200, with where it is read", async () => {
    await using it = await sourcesApp();
    const first = await it.post(address, event("a"), structured);
    expect([first.status, first.body]).toMatchObject([201, { status: "appended", sequence: 1 }]);
    const again = await it.post(address, event("a"), structured);
    expect([again.status, again.body]).toMatchObject([200, { status: "duplicate", sequence: 1 }]);
    expect((await it.ask(String(first.headers["location"]))).statusCode).toBe(200);
  });

  test("in binary mode has its attributes in headers", async () => {
    await using it = await sourcesApp();
    const headers = {
      "ce-specversion": "1.0",
      "ce-id": "b",
      "ce-source": "/monitor",
      "ce-type": "io.fleetledger.NodeCommissioned",
      "ce-time": "2026-04-01T00:00:00Z",
    };
    const { status } = await it.post(address, { cluster: "alpha", node: "n" }, headers);
    expect([status, await it.told()]).toEqual([201, ["NodeCommissioned n"]]);
    // Whose data are of no stated type are JSON.
    const untyped = Buffer.from(JSON.stringify({ cluster: "alpha", node: "m" }));
    const asked = { method: "POST" as const, url: address, payload: untyped };
    const other = { ...headers, "ce-id": "c" };
    expect((await it.ask({ ...asked, headers: other })).statusCode).toBe(201);
    expect(await it.told()).toEqual(["NodeCommissioned n", "NodeCommissioned m"]);
  });

  test.for([
    [event("c", { type: "com.example.other" }), structured, 400, "unknown-event-type"],
    [event("c", { time: undefined }), structured, 400, "invalid-event"],
    [event("c", { specversion: "0.3" }), structured, 400, "invalid-event"],
    [event("c"), {}, 415, "unsupported-media-type"],
    [event("c", { data: { cluster: "alpha", node: "other" } }), structured, 409, "id-conflict"],
    [event("d"), batch, 400, "invalid-request"],
  ] as const)("that is none is a problem: case %#", async ([body, headers, status, code]) => {
    await using it = await sourcesApp();
    await it.post(address, event("c"), structured);
    const answer = await it.post(address, body, headers);
    expect([answer.status, answer.body]).toMatchObject([status, { code }]);
  });

  test("of NVSentinel goes to the source that takes it", async () => {
    await using it = await sourcesApp();
    const { status, body, headers } = await it.post(address, health("h", "n1"), structured);
    expect([status, body]).toMatchObject([200, { observations: 1, appended: 1, lastSequence: 1 }]);
    expect(headers["fleetledger-sequence"]).toBe("1");
    const { sources } = (await it.ask("/v1/sources")).json<{ sources: object[] }>();
    expect(sources[3]).toMatchObject({ name: "nvs", payloads: [{ appended: 1 }] });
  });
});

describe("a batch of CloudEvents", () => {
  test("is answered 201, 200 where all are duplicates, and 207 where one is refused", async () => {
    await using it = await sourcesApp();
    const some = [event("a"), event("b")];
    const first = await it.post(address, some, batch);
    expect([first.status, first.body]).toMatchObject([201, { appended: 2, lastSequence: 2 }]);
    expect((await it.post(address, some, batch)).status).toBe(200);
    const mixed = await it.post(address, [event("c"), event("d", { time: null })], batch);
    expect([mixed.status, mixed.body]).toMatchObject([
      207,
      {
        appended: 1,
        refused: 1,
        results: [
          { status: "appended" },
          { status: "refused", httpStatus: 400, error: { code: "invalid-event" } },
        ],
      },
    ]);
  });

  test("says how far to read for all that it told, also through a source", async () => {
    await using it = await sourcesApp();
    const some = [health("h1", "n1"), event("a"), health("h2", "n2")];
    const { status, body, headers } = await it.post(address, some, batch);
    expect([status, body]).toMatchObject([201, { appended: 3, lastSequence: 3 }]);
    expect(headers["fleetledger-sequence"]).toBe("3");
    // Nothing new has no place.
    const again = await it.post(address, [health("h3", "n1")], batch);
    expect([again.status, again.body]).toMatchObject([200, { appended: 0, lastSequence: null }]);
  });

  test("may not be longer than allowed", async () => {
    await using it = await sourcesApp();
    const many = Array.from({ length: 1_001 }, (_, i) => event(String(i)));
    expect((await it.post(address, many, batch)).status).toBe(413);
  });
});

describe("the handshake", () => {
  const ask = (origin: Record<string, string>) => ({
    method: "OPTIONS" as const,
    url: address,
    headers: origin,
  });
  test("allows an origin that the configuration names, and no other", async () => {
    await using it = await sourcesApp();
    const yes = await it.ask(ask({ "webhook-request-origin": "eventgrid.azure.net" }));
    expect([
      yes.statusCode,
      yes.headers["webhook-allowed-origin"],
      yes.headers["webhook-allowed-rate"],
    ]).toEqual([200, "eventgrid.azure.net", "6000"]);
    const no = await it.ask(ask({ "webhook-request-origin": "evil.example" }));
    expect([no.statusCode, no.headers["webhook-allowed-origin"]]).toEqual([403, undefined]);
    expect((await it.ask(ask({}))).headers["allow"]).toBe("OPTIONS, POST");
  });
});

describe("events as CloudEvents", () => {
  test("are a page in the form in which the ledger takes them", async () => {
    await using it = await sourcesApp();
    await it.post(address, [event("a"), event("b")], batch);
    const answer = await it.ask({
      url: "/v1/events?limit=1",
      headers: { accept: "application/cloudevents-batch+json" },
    });
    expect(answer.headers["content-type"]).toBe("application/cloudevents-batch+json");
    expect(answer.json()).toMatchObject([
      {
        specversion: "1.0",
        type: "io.fleetledger.NodeCommissioned",
        source: "fleetledger",
        sequence: "1",
        time: "2026-04-01T00:00:00.000Z",
        data: { cluster: "alpha", node: "n-a" },
      },
    ]);
    expect(answer.headers["link"]).toContain("after=1");
    await using other = await sourcesApp();
    expect((await other.post(address, answer.body, batch)).status).toBe(201);
  });
});
