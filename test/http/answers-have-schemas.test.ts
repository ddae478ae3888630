/** Every JSON answer of every route, held against what `/openapi.json` says of it: a member that is not described fails. */
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildApp } from "../../src/http/app.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { randomHistory } from "../histories/random-history.ts";
import type { AuditedApp } from "./app/audited-app.ts";
import { auditedApp } from "./app/audited-app.ts";
import type { Described } from "./app/described-app.ts";
import { describedBy } from "./app/described-app.ts";
import { anEvent, memoryLedger } from "./app/memory-ledger.ts";
import { realApp } from "./app/real-app.ts";
import { unexpectedNfzAnswers } from "./app/every-nfz-command.ts";
import { unexpectedNodeAnswers } from "./app/every-node-command.ts";
import { unexpectedSourceAnswers } from "./app/every-source-request.ts";
import { reads } from "./app/every-read.ts";
import { readsOfCluster } from "./app/reads-of-cluster.ts";
import { unexpectedWebhookAnswers } from "./app/every-webhook-answer.ts";
import { unexpectedRolloutAnswers } from "./app/every-rollout-command.ts";
import { smallApp } from "./app/small-app.ts";

const json = (payload: unknown) => ({
  method: "POST" as const,
  headers: { "content-type": "application/json" },
  payload: JSON.stringify(payload),
});

let audited: AuditedApp;
let described: Described;
beforeAll(async () => {
  audited = await auditedApp();
  described = await describedBy(audited.app);
});
afterAll(() => audited.close());

test("every operation has a unique id made of a verb and a noun", () => {
  const operations = Object.values(described.document.paths).flatMap((path) => Object.values(path));
  const ids = operations.map(({ operationId }) => operationId);
  expect(ids).toHaveLength(new Set(ids).size);
  for (const id of ids) {
    expect(id).toMatch(
      /^(announce|append|accept|cancel|compare|complete|correct|declare|end|extend|fail|get|issue|lift|list|override|pause|preview|progress|record|replay|request|restate|resume|retract|review|revoke|rollBack|rotate|shorten|skip|start|stream|submit|supersede|verify)[A-Z]/,
    );
  }
});

test("every object in an answer has all its members described, and no others", () => {
  const open: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { type, additionalProperties } = value as Record<string, unknown>;
    // A map of named things has a schema for each; what senders put into an event is theirs.
    const isMap = typeof additionalProperties === "object";
    if (type === "object" && additionalProperties !== false && !isMap) open.push(path);
    for (const [key, inner] of Object.entries(value)) walk(inner, `${path}/${key}`);
  };
  for (const [path, operations] of Object.entries(described.document.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      walk(responses, `${method} ${path}`);
    }
  }
  walk(described.document.components.schemas, "components");
  expect(open).toEqual([]);
});

describe("answers fit their schemas in the OpenAPI document:", () => {
  test.each(reads)("GET %s", async (url) => {
    expect((await described.ask(url)).status).toBe(200);
    const refused = await described.ask(`${url}${url.includes("?") ? "&" : "?"}asOf=x`);
    expect(refused.status).toBe(url === "/livez" || url === "/readyz" ? 200 : 400);
  });

  test("to every read of an empty ledger", async () => {
    const real = await realApp({ events: [] });
    const empty = await describedBy(real.app);
    for (const url of reads) expect((await empty.ask(url)).status, url).not.toBe(500);
    await real.close();
  });

  test("to every kind of write: one event, a list, NDJSON, corrections, a clock", async () => {
    const { ask } = described;
    const event = anEvent({ occurredAt: "2026-03-10T00:00:00Z" });
    expect((await ask("/v1/events", json(event))).status).toBe(201);
    expect((await ask("/v1/events", json(event))).status).toBe(200);
    expect((await ask("/v1/events", json({ ...event, data: {} }))).status).toBe(400);
    const { id: _id, ...unnamed } = anEvent();
    const keyed = {
      ...json(unnamed),
      headers: { "content-type": "application/json", "idempotency-key": "k" },
    };
    expect((await ask("/v1/events", keyed)).status).toBe(201);
    expect((await ask("/v1/events", json([anEvent(), anEvent()]))).status).toBe(201);
    expect((await ask("/v1/events", json([event, event]))).status).toBe(200);
    expect((await ask("/v1/events", json([anEvent(), { ...event, data: {} }]))).status).toBe(207);
    const lines = [anEvent(), event, { ...anEvent(), type: "Nothing" }].map((each) =>
      JSON.stringify(each),
    );
    const headers = { "content-type": "application/x-ndjson", accept: "application/json" };
    const imported = await ask("/v1/events", {
      method: "POST",
      headers,
      payload: lines.join("\n"),
    });
    expect(imported.body).toMatchObject({ appended: 1, duplicates: 1, refused: 1 });
    const misfit = anEvent({
      type: "NodeReturned",
      data: { cluster: "alpha", node: "n1", faultIds: ["none"] },
    });
    expect((await ask("/v1/events", json(misfit))).body).toMatchObject({
      findings: [{ kind: "return-ends-nothing" }],
    });
    const said = { actor: "Ann", reason: "a slip", id: "00000000-0000-4000-8000-00000000c0de" };
    const address = `/v1/events/${String(event["id"])}`;
    const corrected = { ...said, occurredAt: "2026-03-11T00:00:00Z" };
    expect((await ask(`${address}/corrections`, json(corrected))).status).toBe(201);
    expect((await ask(`${address}/corrections`, json(corrected))).status).toBe(200);
    const { id: _said, ...again } = said;
    expect(
      (
        await ask(
          `${address}/retraction`,
          json({ ...again, id: "00000000-0000-4000-8000-00000000d0de" }),
        )
      ).status,
    ).toBe(201);
    expect(
      (
        await ask(
          `${address}/retraction`,
          json({ ...again, id: "00000000-0000-4000-8000-00000000d0de" }),
        )
      ).status,
    ).toBe(200);
    expect((await ask(`${address}/retraction`, json(again))).body).toMatchObject({
      note: expect.any(String),
    });
    expect((await ask(`${address}/retraction`, json({}))).status).toBe(400);
    expect((await ask(`${address}/corrections`, json({}))).status).toBe(400);
    await audited.settled();
    expect((await ask(address)).body).toMatchObject({ standing: { retracted: true } });
    expect((await ask("/v1/clock", json(said))).status).toBe(400);
  });

  test("to an accepted clock", async () => {
    audited.advance(-3_600_000);
    const headers = { "content-type": "application/json", "idempotency-key": "clock" };
    const order = { ...json({ actor: "Ann", reason: "it was put back" }), headers };
    expect((await described.ask("/v1/clock", order)).status).toBe(201);
    expect((await described.ask("/v1/clock", order)).status).toBe(200);
    expect((await described.ask("/readyz")).body).toMatchObject({ clock: { aheadMs: 3_600_000 } });
    audited.advance(3_600_000);
  });

  test("to keys that are issued, rotated, revoked and listed", async () => {
    const real = await realApp();
    const { ask } = await describedBy(real.app, described.seen);
    const issued = await ask("/v1/access", json({ name: "ann", roles: ["admin"] }));
    expect(issued.status).toBe(201);
    const { key, secret } = issued.body as { readonly key: string; readonly secret: string };
    const asAnn = (payload: object) => ({
      ...json(payload),
      headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
    });
    expect((await ask("/readyz")).body).toEqual({ status: "ready", state: "ready" });
    expect((await ask("/v1/access")).status).toBe(401);
    expect((await ask("/v1/access", asAnn({ name: "ann", roles: ["admin"] }))).status).toBe(409);
    const rotated = await ask(`/v1/access/${key}/rotate`, asAnn({}));
    expect(rotated.status).toBe(201);
    expect((await ask(`/v1/access/${key}/rotate`, asAnn({ overlapMs: -1 }))).status).toBe(400);
    const { key: second } = rotated.body as { readonly key: string };
    expect((await ask(`/v1/access/${second}/revoke`, asAnn({}))).status).toBe(201);
    expect((await ask(`/v1/access/${second}/revoke`, asAnn({}))).status).toBe(200);
    expect((await ask("/v1/access/0000000000/revoke", asAnn({}))).status).toBe(404);
    const headers = { authorization: `Bearer ${secret}` };
    expect((await ask("/v1/access", { headers })).status).toBe(200);
    await real.close();
  });

  test("to reports that are issued, listed, read and restated", async () => {
    const { ask } = described;
    const order = {
      cluster: "alpha",
      period: "2026-03",
      report: "march",
      actor: "Ann",
      reason: "due",
    };
    expect((await ask("/v1/reports", json(order))).status).toBe(201);
    expect((await ask("/v1/reports", json(order))).status).toBe(200);
    expect((await ask("/v1/reports", json({ ...order, period: "2025" }))).status).toBe(409);
    const late = anEvent({
      type: "NodeFailed",
      occurredAt: "2026-03-25T00:00:00Z",
      data: { cluster: "alpha", node: "n1", faultId: "late", category: "human" },
    });
    await ask("/v1/events", json(late));
    await audited.settled();
    expect((await ask("/v1/reports?limit=1")).status).toBe(200);
    expect((await ask("/v1/reports/march")).status).toBe(200);
    const { body } = await ask("/v1/reports/march/restated");
    expect(body).toMatchObject({ differences: expect.arrayContaining([expect.anything()]) });
    expect((await ask("/v1/reports/none")).status).toBe(404);
    expect((await ask("/v1/reports/none/restated")).status).toBe(404);
    expect((await ask("/v1/audit/diff?from=3&period=2026-03")).status).toBe(200);
  });

  const settled = () => audited.settled();
  test.each([
    ["commands on rollouts", () => unexpectedRolloutAnswers(described.ask)],
    ["commands on no-fly zones", () => unexpectedNfzAnswers(described.ask, settled)],
    ["scale, maintenance and admission", () => unexpectedNodeAnswers(described.ask, settled)],
    ["payloads of sources and CloudEvents", () => unexpectedSourceAnswers(described.seen)],
  ])("to %s: carried out, repeated, refused", async (_what, unexpected) => {
    expect(await unexpected()).toEqual([]);
  });

  test("to an unknown address, a wrong method, or a position past the head", async () => {
    const { ask } = described;
    for (const [url, status] of [
      ["/nothing", 404],
      ["/v1/clusters/nowhere/summary", 404],
      ["/v1/audit/checkpoint?size=x", 400],
      ["/v1/stream?after=x", 400],
      ["/v1/nodes/alpha/none", 404],
      ["/v1/jobs/alpha/none", 404],
      ["/v1/rollouts/none", 404],
      ["/v1/events?asOf=9999", 422],
      ["/v1/sla?cluster=alpha&period=2030", 422],
      ["/v1/sla?cluster=alpha&format=xml", 400],
    ] as const) {
      expect((await ask(url)).status, url).toBe(status);
    }
    expect((await ask("/v1/clusters", { method: "DELETE" })).status).toBe(405);
    for (const url of ["/livez", "/readyz", "/metrics", "/v1/audit/key"]) {
      expect((await ask(url, { headers: { host: "elsewhere.example" } })).status, url).toBe(421);
    }
    expect((await ask("/v1/clusters", { headers: { host: "elsewhere.example" } })).status).toBe(
      421,
    );
    const headers = { "content-type": "application/json", "content-encoding": "br" };
    expect((await ask("/v1/events", { ...json({}), headers })).status).toBe(415);
    expect((await ask("/metrics")).status).toBe(200);
    expect((await ask("/v1/audit/key")).status).toBe(200);
    expect((await ask("/v1/audit/checkpoint")).status).toBe(200);
  });

  test("of a ledger that is not ready", async () => {
    const ledger = memoryLedger();
    const status = () => ({ ...ledger.status(), state: "catching-up" as const, progress: 0.5 });
    const behind: Ledger = { ...ledger, status };
    const app = await buildApp({ ledger: behind, logger: pino({ level: "silent" }) });
    const { ask } = await describedBy(app, described.seen);
    expect((await ask("/readyz")).status).toBe(503);
    await app.close();
  });

  test("of a store that fails", async () => {
    const { app, ledger } = await smallApp();
    const { ask } = await describedBy(app);
    ledger.failNextSubmit(new Error("gone"));
    expect((await ask("/v1/events", json(anEvent()))).status).toBe(500);
    await app.close();
  });
});

test.each([1, 2, 3, 4, 5, 6])(
  "answers about random history %i, with everything that facts can do, are described completely",
  async (seed) => {
    const { app, ledger } = await smallApp();
    const { ask } = await describedBy(app);
    const events = randomHistory(seed).map(({ recordedAt: _recordedAt, ...event }) => event);
    await ledger.submit(events);
    const { body } = await ask("/v1/clusters");
    const { clusters } = body as { clusters: { cluster: string }[] };
    const urls = clusters.flatMap(({ cluster }) => readsOfCluster(ledger.view(cluster)));
    for (const { id } of events) urls.push(`/v1/events/${id}`);
    for (const url of urls) expect((await ask(url)).status, url).not.toBe(500);
    await app.close();
  },
);

test("answers about webhooks fit their schemas", async () =>
  expect(await unexpectedWebhookAnswers(described.seen)).toEqual([]));

test("every operation was answered with each of its successes and with a refusal", () => {
  const missing: string[] = [];
  for (const [path, operations] of Object.entries(described.document.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      for (const status of Object.keys(responses)) {
        if (!described.seen.has(`${method} ${path} ${status}`)) {
          missing.push(`${method} ${path} ${status}`);
        }
      }
    }
  }
  // A stream ends only with its client: test/http/events/live.test.ts reads it.
  expect(missing).toEqual(["get /v1/stream 200"]);
});
