import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventTypes } from "../../../src/events/catalogue.ts";
import { soakRuns } from "../../random-runs.ts";
import type { RealApp } from "../app/real-app.ts";
import { realApp } from "../app/real-app.ts";
import { history } from "../app/small-app.ts";

let real: RealApp;
beforeAll(async () => {
  real = await realApp();
});
afterAll(() => real.close());

type Answer = Awaited<ReturnType<RealApp["app"]["inject"]>>;

/** Whatever came in: an answer of the ledger's, or a problem document that says what was wrong where. */
function expectSane(answer: Answer, what: unknown): void {
  const told = JSON.stringify([what, answer.statusCode, answer.body.slice(0, 500)]);
  expect(answer.statusCode, told).toBeLessThan(500);
  if (answer.statusCode < 400) return;
  expect(answer.headers["content-type"], told).toBe("application/problem+json; charset=utf-8");
  const problem = answer.json() as Record<string, unknown>;
  expect(problem, told).toMatchObject({
    type: `/problems/${String(problem["code"])}`,
    status: answer.statusCode,
    instance: `urn:request:${String(answer.headers["x-request-id"])}`,
  });
  const hasPlace = (problem["errors"] as unknown[]).length > 0;
  expect(answer.statusCode !== 400 || hasPlace, told).toBe(true);
}

const trickyKeys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "id",
  "type",
  "data",
  "eventId",
  "nodes",
  "",
];
const trickyTexts = [
  "2026-02-30T00:00:00Z",
  "9999-12-31T23:59:60Z",
  "2026-03-01T00:00:00+99:99",
  "gpu[1-99999999999]",
  "gpu[[1]",
  "\u0000",
  "\ud800",
  "🤖",
  "Europe/Berlin",
  "start",
  "alpha",
  "x".repeat(300),
];
const anyText = fc.oneof(
  fc.constantFrom(...trickyTexts),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    anyText,
    fc.double(),
    fc.integer(),
    fc.constantFrom(null, true, false, -1, 2 ** 53, 1e308, 0.5),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...trickyKeys), anyText), tie("value"), { maxKeys: 4 }),
  ),
})).value;

/** An event of the history with one place changed, left out or added. */
const nearlyAnEvent = fc
  .record({
    base: fc.constantFrom(...history),
    id: fc.uuid(),
    type: fc.option(fc.constantFrom(...eventTypes), { nil: null }),
    place: fc.constantFrom("", "/data"),
    key: fc.oneof(
      fc.constantFrom(...trickyKeys),
      fc.constantFrom("cluster", "node", "occurredAt", "faultId", "cause", "occurrences"),
    ),
    value: anyValue,
    removed: fc.boolean(),
  })
  .map(({ base, id, type, place, key, value, removed }) => {
    const event = structuredClone({ ...base, id, ...(type === null ? {} : { type }) }) as Record<
      string,
      unknown
    >;
    const target = place === "" ? event : (event["data"] as Record<string, unknown>);
    if (removed) Reflect.deleteProperty(target, key);
    else
      Object.defineProperty(target, key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return event;
  });

const anyBody = fc.oneof(
  nearlyAnEvent.map((event) => JSON.stringify(event)),
  fc.array(nearlyAnEvent, { maxLength: 4 }).map((events) => JSON.stringify(events)),
  anyValue.map((value) => JSON.stringify(value) ?? ""),
  fc.json(),
  fc.string({ unit: "binary" }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);
const anyType = fc.constantFrom(
  "application/json",
  "application/json",
  "application/json; charset=utf-8",
  "application/x-ndjson",
  "text/plain",
  "application/cloudevents+json",
  "a/b; c",
);

const parameters = [
  "asOf",
  "asOfTime",
  "minSequence",
  "cluster",
  "period",
  "zone",
  "from",
  "to",
  "at",
  "after",
  "limit",
  "stream",
  "type",
  "state",
  "format",
  "x",
];
const anyParameterValue = fc.oneof(
  fc.constantFrom(
    "alpha",
    "2026-03",
    "2026",
    "0000",
    "9999-12",
    "2026-13",
    "2026-Q5",
    "2026-02-29",
    "0001-01-01",
    "UTC",
    "Mars/Base",
    "0",
    "5",
    "-1",
    "1e9",
    "9007199254740993",
    "NodeFailed",
    "csv",
    "blocked",
    "2026-03-01T00:00:00Z",
    "2026-04-01T00:00:00+02:00",
    "9999-12-31T23:59:59.999Z",
    "2026-03-01T00:00:00Z/2026-03-02T00:00:00Z",
    "/",
    "",
  ),
  anyText,
);
const anyQuery = fc
  .array(fc.tuple(fc.constantFrom(...parameters), anyParameterValue), { maxLength: 4 })
  .map((pairs) =>
    pairs.map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`).join("&"),
  );
const anyPart = fc
  .oneof(fc.constantFrom("alpha", "n1", "train", "__proto__", "..", "%"), anyText)
  .map((text) => encodeURIComponent(text.toWellFormed()));
const anyPath = fc.oneof(
  fc.constantFrom(
    "/",
    "/v1/events",
    "/v1/clusters",
    "/v1/nis",
    "/v1/mttr",
    "/v1/job-uptime",
    "/v1/data-quality",
    "/v1/sla",
    "/v1/rollouts",
    "/v1/rollouts/blocked",
    "/v1/nfz",
    "/livez",
    "/readyz",
    "/metrics",
    "/problems",
  ),
  anyPart.map((part) => `/v1/events/${part}`),
  anyPart.map((part) => `/v1/clusters/${part}/summary`),
  fc.tuple(anyPart, anyPart).map((parts) => `/v1/nodes/${parts.join("/")}`),
  fc.tuple(anyPart, anyPart).map((parts) => `/v1/jobs/${parts.join("/")}`),
  anyPart.map((part) => `/problems/${part}`),
  fc.string({ unit: "grapheme-ascii" }).map((text) => `/${encodeURI(text)}`),
);

describe("arbitrary input", () => {
  it("as the body of a submission is answered without a crash or a 5xx", async () => {
    const passed = fc.assert(
      fc.asyncProperty(anyBody, anyType, async (payload, contentType) => {
        const answer = await real.app.inject({
          method: "POST",
          url: "/v1/events",
          headers: { "content-type": contentType },
          payload,
        });
        expectSane(answer, [contentType, payload]);
        if (contentType !== "application/x-ndjson" || answer.statusCode >= 400) return;
        const last = answer.body.trimEnd().split("\n").at(-1) ?? "";
        expect(JSON.parse(last)).toMatchObject({ summary: { complete: true } });
      }),
      { numRuns: soakRuns(5_000, 1_500) },
    );
    await expect(passed).resolves.toBeUndefined();
    // Some of them were events, or little would have been tried.
    expect(real.ledger.sequence()).toBeGreaterThan(history.length);
  });

  it("as the address and query of a read is answered without a crash or a 5xx", async () => {
    const passed = fc.assert(
      fc.asyncProperty(anyPath, anyQuery, async (path, query) => {
        const url = query === "" ? path : `${path}?${query}`;
        expectSane(await real.app.inject({ url }), url);
      }),
      { numRuns: soakRuns(3_500, 1_000) },
    );
    await expect(passed).resolves.toBeUndefined();
  });

  it("as method, headers and body on any route is answered without a crash or a 5xx", async () => {
    const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    const headerText = fc.string({ unit: "grapheme-ascii", maxLength: 30 });
    const headers = fc.dictionary(
      fc.constantFrom(
        "if-none-match",
        "accept",
        "accept-encoding",
        "last-event-id",
        "x-request-id",
        "prefer",
        "authorization",
        "content-encoding",
        "content-type",
      ),
      headerText,
    );
    const passed = fc.assert(
      fc.asyncProperty(method, anyPath, headers, anyBody, async (verb, url, given, payload) => {
        const withBody = verb === "GET" || verb === "HEAD" ? {} : { payload };
        const answer = await real.app.inject({ method: verb, url, headers: given, ...withBody });
        expect(answer.statusCode).toBeLessThan(500);
        // The answer to HEAD has no body to look at.
        if (verb !== "HEAD") expectSane(answer, [verb, url, given, payload]);
      }),
      { numRuns: soakRuns(1_500, 500) },
    );
    await expect(passed).resolves.toBeUndefined();
  });
});
