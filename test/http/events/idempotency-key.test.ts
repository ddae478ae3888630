import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stableId } from "../../../src/events/fields/stable-id.ts";
import type { RealApp } from "../app/real-app.ts";
import { realApp } from "../app/real-app.ts";
import { history } from "../app/small-app.ts";

let real: RealApp;
beforeEach(async () => {
  real = await realApp();
});
afterEach(() => real.close());

const fact = (node: string) => ({
  type: "NodeCommissioned",
  occurredAt: "2026-04-01T00:00:00Z",
  data: { cluster: "alpha", node },
});
const ownId = "00000000-0000-4000-8000-00000000000b";
const otherId = "00000000-0000-4000-8000-00000000000c";
const keyId = (key: string) => stableId(["idempotency-key", key]);

function post(url: string, key: string | null, payload: unknown, type = "application/json") {
  const headers = { "content-type": type, ...(key === null ? {} : { "idempotency-key": key }) };
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  return real.app.inject({ method: "POST", url, headers, payload: body });
}

const lines = (events: readonly unknown[]) => events.map((each) => JSON.stringify(each)).join("\n");

describe("one event with an Idempotency-Key", () => {
  it("is appended once, and answered as a duplicate with its original position when sent again", async () => {
    const first = await post("/v1/events", "k", fact("x"));
    expect([first.statusCode, first.json().id]).toEqual([201, keyId("k")]);
    const again = await post("/v1/events", "k", fact("x"));
    expect([again.statusCode, again.json()]).toEqual([
      200,
      { ...first.json(), status: "duplicate" },
    ]);
    expect((await post("/v1/events", "other", fact("x"))).statusCode).toBe(201);
  });

  it("is a conflict if sent again with other content", async () => {
    await post("/v1/events", "k", fact("x"));
    const other = await post("/v1/events", "k", fact("y"));
    expect([other.statusCode, other.json().code]).toEqual([409, "id-conflict"]);
  });

  it("leaves the key unused if it is refused", async () => {
    expect((await post("/v1/events", "k", { ...fact("x"), type: "Nothing" })).statusCode).toBe(400);
    expect((await post("/v1/events", "k", fact("x"))).statusCode).toBe(201);
  });

  it("keeps the event's own id", async () => {
    const id = "00000000-0000-4000-8000-00000000000a";
    const answer = (await post("/v1/events", "k", { ...fact("x"), id })).json();
    expect(answer).toMatchObject({
      id,
      note: expect.stringMatching(/Idempotency-Key was not used/),
    });
    expect((await post("/v1/events", null, { ...fact("y"), id: otherId })).json().note).toBe(
      undefined,
    );
    const retracted = { actor: "ann", reason: "a test", id: ownId };
    const retraction = await post(`/v1/events/${id}/retraction`, "k", retracted);
    expect(retraction.json().note).toMatch(/Idempotency-Key was not used/);
  });

  it("is refused if there are two keys", async () => {
    await real.app.listen({ port: 0 });
    const { port } = real.app.server.address() as AddressInfo;
    const payload = JSON.stringify(fact("x"));
    const headers = { "content-type": "application/json", "idempotency-key": ["a", "b"] };
    const sent = request({ port, path: "/v1/events", method: "POST", headers }).end(payload);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    const { errors } = (await json(answer)) as { errors: object[] };
    expect([answer.statusCode, errors]).toEqual([
      400,
      [{ path: "/header/idempotency-key", message: "must be sent once" }],
    ]);
  });

  it("needs a valid key, or an id of its own", async () => {
    for (const key of ["", "x".repeat(257)]) {
      const answer = await post("/v1/events", key, fact("x"));
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([
        400,
        "/header/idempotency-key",
      ]);
    }
    expect((await post("/v1/events", null, fact("x"))).json().errors[0].path).toBe("/id");
  });
});

describe("several events with one Idempotency-Key", () => {
  const events = [fact("x"), { ...fact("y"), id: ownId }, fact("z")];
  const ids = [keyId("k"), ownId, stableId([keyId("k"), "2"])];

  it("are appended once, each with an id made from the key and its index", async () => {
    const first = await post("/v1/events", "k", events);
    expect(first.statusCode).toBe(201);
    expect(first.json().results.map(({ id }: { id: string }) => id)).toEqual(ids);
    const again = await post("/v1/events", "k", events);
    expect([again.statusCode, again.json().duplicates]).toEqual([200, 3]);
  });

  it("get the same ids as NDJSON as in a list", async () => {
    await post("/v1/events", "k", events);
    const again = await post("/v1/events", "k", lines(events), "application/x-ndjson");
    expect(again.body).toContain('"duplicates":3');
  });

  it("get ids by their lines, so that a refused one can be fixed and sent again with the others", async () => {
    const bad = lines([fact("x"), { ...fact("y"), type: "Nothing" }, fact("z")]);
    const first = await post("/v1/events", "k", bad, "application/x-ndjson");
    expect(first.body).toContain('"appended":2,"duplicates":0,"refused":1');
    const mended = lines([fact("x"), fact("y"), fact("z")]);
    const again = await post("/v1/events", "k", mended, "application/x-ndjson");
    expect(again.body).toContain('"appended":1,"duplicates":2,"refused":0');
  });

  it("are answered one by one if the content differs", async () => {
    await post("/v1/events", "k", events);
    const other = await post("/v1/events", "k", [fact("x"), events[1], fact("w")]);
    expect(other.statusCode).toBe(207);
    expect(other.json().results).toMatchObject([
      { status: "duplicate" },
      { status: "duplicate" },
      { status: "refused", httpStatus: 409, error: { code: "id-conflict" } },
    ]);
  });
});

describe("every other write with an Idempotency-Key", () => {
  const stated = { actor: "ann", reason: "it was another node" };
  const corrected = () => `/v1/events/${String(history[3]?.id)}`;
  const report = { cluster: "alpha", period: "2026-03" };

  it.each([
    [
      "a correction",
      () => `${corrected()}/corrections`,
      { ...stated, occurredAt: "2026-03-02T01:00:00Z" },
      { ...stated, occurredAt: "2026-03-02T02:00:00Z" },
    ],
    ["a retraction", () => `${corrected()}/retraction`, stated, { ...stated, reason: "another" }],
    ["a report", () => "/v1/reports", report, { ...report, period: "2026-02" }],
  ])("%s is done once, and is a conflict with other content", async (_what, url, body, other) => {
    const first = await post(url(), "k", body);
    expect(first.statusCode).toBe(201);
    const again = await post(url(), "k", body);
    expect(again.statusCode).toBe(200);
    expect(again.headers.location).toBe(first.headers.location);
    const conflict = await post(url(), "k", other);
    expect([conflict.statusCode, conflict.json().code]).toEqual([409, "id-conflict"]);
  });

  it("makes a command on a rollout, a no-fly zone or nodes, and a result of a co-test, safe to send again", async () => {
    const asks = { actor: "ann", reason: "due" };
    const rollout = {
      ...asks,
      rollout: "keyed",
      cluster: "alpha",
      updates: [{ component: "driver", version: "9" }],
      impact: { kind: "impactless" },
      urgency: "routine",
    };
    const nfz = {
      ...asks,
      nfz: "keyed",
      clusters: ["alpha"],
      inFlight: "pause",
      occurrences: [{ to: "2026-04-20T00:00:00Z" }],
    };
    const coTest = {
      ...asks,
      coTest: "keyed",
      outcome: "passed",
      updates: rollout.updates,
    };
    const scale = { ...asks, cluster: "alpha", nodes: ["n1"] };
    const repeated = { outcome: "repeated" };
    for (const [url, payload, differs] of [
      ["/v1/rollouts", rollout, repeated],
      ["/v1/nfz", nfz, repeated],
      ["/v1/scale-requests", scale, repeated],
      // It is a fact, and answered like one.
      ["/v1/co-tests", coTest, { status: "duplicate" }],
    ] as const) {
      const headers = { "idempotency-key": `key of ${url}` };
      const first = await real.app.inject({ method: "POST", url, headers, payload });
      const again = await real.app.inject({ method: "POST", url, headers, payload });
      expect([first.statusCode, again.statusCode]).toEqual([201, 200]);
      expect(again.json()).toEqual({ ...first.json<object>(), ...differs });
    }
  });

  it("is covered by these tests, on every route that writes", () => {
    const writes = new Set(
      Object.entries(real.app.swagger().paths ?? {}).flatMap(([path, methods]) =>
        Object.keys(methods ?? {})
          .filter((method) => !["get", "head", "options"].includes(method))
          .map((method) => `${method} ${path}`),
      ),
    );
    // All commands take their id at one place (asked-of.ts), which the test before this one asks.
    const isCommand = (write: string) =>
      /^post \/v1\/(rollouts|nfz|scale-requests|maintenance|co-tests)/.test(write);
    expect([...writes].filter(isCommand).length).toBeGreaterThan(15);
    // A replay has one too (test/http/webhooks.test.ts): it appends nothing.
    // The clock's has a test of its own (test/ledger/clock.test.ts): it is refused while there is nothing to accept.
    // What sources tell has ids of its own: test/http/sources/ sends everything twice.
    const isPayload = (write: string) =>
      /^post \/(v1\/(sources\/|cloudevents)|integrations\/)/.test(write);
    const others = [...writes].filter((write) => !isCommand(write) && !isPayload(write));
    // A key is shown once: one that is issued again is refused (test/access/access-routes.test.ts).
    expect(others.sort()).toEqual([
      "post /v1/access",
      "post /v1/access/{key}/revoke",
      "post /v1/access/{key}/rotate",
      "post /v1/clock",
      "post /v1/events",
      "post /v1/events/{id}/corrections",
      "post /v1/events/{id}/retraction",
      "post /v1/reports",
      "post /v1/webhooks/{name}/replay",
    ]);
  });
});
