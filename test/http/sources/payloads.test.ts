/** `POST /v1/sources/{name}`: answers as the senders of the field understand them. */
import { describe, expect, test } from "vitest";
import { LedgerError } from "../../../src/errors.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { eventsOf } from "../../sources/payloads/deliveries.ts";
import { alert, group, sourcesApp } from "./sources-app.ts";

const none = {
  duplicates: 0,
  absorbed: 0,
  ignored: 0,
  truncated: 0,
  lastSequence: null,
  refused: [],
  notes: [],
};

describe("a payload of a source", () => {
  test("is answered with what became of it, and the same again appends nothing", async () => {
    await using it = await sourcesApp();
    const first = await it.post("/v1/sources/am", group(alert("n1"), alert("n2")));
    expect([first.status, first.body]).toEqual([
      200,
      { observations: 2, appended: 2, ...none, lastSequence: 2 },
    ]);
    expect(first.headers["fleetledger-sequence"]).toBe("2");
    const again = await it.post("/v1/sources/am", group(alert("n1"), alert("n2")));
    expect(again.body).toEqual({ observations: 2, appended: 0, ...none, absorbed: 2 });
    expect(await it.told()).toEqual(["NodeFailed n1", "NodeFailed n2"]);
  });

  test("that is refused in part is taken in part, and names what was refused", async () => {
    await using it = await sourcesApp();
    const { status, body } = await it.post(
      "/v1/sources/am",
      group(alert("n1"), alert("n2", { startsAt: "yesterday" })),
    );
    expect([status, body]).toMatchObject([
      200,
      { appended: 1, refused: [{ path: "/alerts/1", code: "invalid-event" }] },
    ]);
  });

  test("that is refused in part appends nothing with ?strict=1, and is answered 422", async () => {
    await using it = await sourcesApp();
    const { status, body } = await it.post(
      "/v1/sources/am?strict=1",
      group(alert("n1"), alert("n2", { startsAt: "yesterday" })),
    );
    expect([status, body]).toMatchObject([
      422,
      { code: "payload-refused", errors: [{ path: "/alerts/1" }] },
    ]);
    expect(await it.told()).toEqual([]);
  });

  test("says in its events that the source stated them", async () => {
    await using it = await sourcesApp();
    await it.post("/v1/sources/am", group(alert("n1")));
    const { events } = (await it.ask("/v1/events")).json<{ events: object[] }>();
    expect(events).toMatchObject([{ source: "alertmanager:am", correlationId: "g" }]);
  });

  test("that leaves alerts out is counted and logged as a warning", async () => {
    await using it = await sourcesApp();
    const { body } = await it.post("/v1/sources/am", { ...group(), truncatedAlerts: 7 });
    expect(body).toMatchObject({ truncated: 7 });
    expect(it.log.filter((line) => line.includes('"truncated":7'))).toHaveLength(1);
  });

  test.for([
    ["/v1/sources/none", group(), {}, 404, "not-found"],
    ["/v1/sources/am", [], {}, 400, "invalid-request"],
    ["/v1/sources/am", "{", {}, 400, "malformed-json"],
    ["/v1/sources/am", "a|b", { "content-type": "text/plain" }, 415, "unsupported-media-type"],
    ["/v1/sources/slurm", group(), {}, 415, "unsupported-media-type"],
    ["/v1/sources/am?exportedAt=now", group(), {}, 400, "invalid-request"],
    ["/v1/sources/am", `"${"x".repeat(17 * 1024 * 1024)}"`, {}, 413, "too-large"],
  ] as const)("to %s is refused: case %#", async ([url, payload, headers, status, code]) => {
    await using it = await sourcesApp();
    const answer = await it.post(url, payload, headers);
    expect([answer.status, answer.body]).toMatchObject([status, { code }]);
  });

  test.for(["store-unavailable", "wrong-expected-revision", "read-only", "clock-jumped"] as const)(
    "that cannot be taken now, with %s, is answered 503 with Retry-After",
    async (code) => {
      const away = (ledger: Ledger): Ledger =>
        new Proxy(ledger, {
          get(target, name) {
            if (name === "submitDecided")
              return async () => [
                { status: "refused", id: null, error: new LedgerError(code, "away") },
              ];
            const value: unknown = Reflect.get(target, name, target);
            return typeof value === "function" ? value.bind(target) : value;
          },
        });
      await using it = await sourcesApp(undefined, { decorate: away });
      const { status, headers } = await it.post("/v1/sources/am", group(alert("n1")));
      expect([status, headers["retry-after"]]).toEqual([503, "1"]);
    },
  );

  test("as a table of Slurm counts as written when ?exportedAt says", async () => {
    await using it = await sourcesApp();
    const table = (end: string) =>
      `Cluster|NodeName|TimeStart|TimeEnd|State|Reason\nalpha|n1|2026-04-14T10:00:00|${end}|DOWN|x`;
    const send = async (end: string, at: string) =>
      await it.post(`/v1/sources/slurm?exportedAt=${at}`, table(end), {
        "content-type": "text/plain",
      });
    await send("2026-04-14T11:00:00", "2026-04-14T12:00:00Z");
    expect((await send("Unknown", "2026-04-14T10:30:00Z")).body).toMatchObject({ appended: 0 });
    expect((await send("Unknown", "2026-04-14T13:00:00Z")).body).toMatchObject({ appended: 1 });
  });

  test("counts as written now at the latest, so that the files after it count", async () => {
    await using it = await sourcesApp();
    const send = async (end: string, at: string) => {
      const table = `Cluster|NodeName|TimeStart|TimeEnd|State|Reason\nalpha|n1|2026-04-14T10:00:00|${end}|DOWN|x`;
      const url = `/v1/sources/slurm?exportedAt=${at}`;
      return (await it.post(url, table, { "content-type": "text/plain" })).body;
    };
    expect(await send("2026-04-14T11:00:00", "2099-01-01T00:00:00Z")).toMatchObject({
      appended: 2,
    });
    it.advance(60_000);
    expect(await send("Unknown", "2026-04-15T12:01:00Z")).toMatchObject({ appended: 1 });
    const last = (await eventsOf(it.ledger)).at(-1);
    expect(last).toMatchObject({ type: "FactRetracted" });
  });

  test("of many senders at once is settled in few turns of the ledger, each once", async () => {
    let turns = 0;
    const counting = (ledger: Ledger): Ledger =>
      new Proxy(ledger, {
        get(target, name) {
          if (name === "submitDecided") turns++;
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    await using it = await sourcesApp(undefined, { decorate: counting });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => it.post("/v1/sources/am", group(alert(`n${i % 100}`)))),
    );
    const bodies = answers.map(({ body }) => body as { appended: number; absorbed: number });
    expect(bodies.reduce((sum, { appended }) => sum + appended, 0)).toBe(100);
    expect(bodies.reduce((sum, { absorbed }) => sum + absorbed, 0)).toBe(100);
    expect(await it.told()).toHaveLength(100);
    expect(turns).toBeLessThan(60);
  });
});

describe("what came of a source", () => {
  test("is listed: last seen, payloads and refusals, the latest first, and no more than some", async () => {
    await using it = await sourcesApp();
    await it.post("/v1/sources/am", group(alert("n1")));
    it.advance(1_000);
    await it.post("/v1/sources/am", []);
    for (let i = 0; i < 25; i++)
      await it.post("/v1/sources/am", group(alert("n2", { startsAt: `day ${i}` })));
    const { sources } = (await it.ask("/v1/sources")).json<{
      sources: { name: string; payloads: object[]; refusals: object[] }[];
    }>();
    const [am] = sources;
    expect(am).toMatchObject({ name: "am", lastSeen: "2026-04-15T12:00:01.000Z", silent: false });
    expect([am?.payloads.length, am?.refusals.length]).toEqual([20, 20]);
    expect(sources[1]).toMatchObject({ name: "k8s", lastSeen: null, payloads: [] });
  });

  test("with a heartbeat alone is that it was seen", async () => {
    await using it = await sourcesApp();
    expect((await it.post("/v1/sources/am/heartbeat", "")).status).toBe(204);
    expect((await it.post("/v1/sources/none/heartbeat", "")).status).toBe(404);
    const { sources } = (await it.ask("/v1/sources")).json<{ sources: object[] }>();
    expect(sources[0]).toMatchObject({ lastSeen: "2026-04-15T12:00:00.000Z", payloads: [] });
  });

  test("is counted in the metrics by source and outcome", async () => {
    await using it = await sourcesApp();
    await it.post("/v1/sources/am", group(alert("n1"), alert("n2", { startsAt: "" })));
    const { body } = await it.ask("/metrics");
    expect(body).toContain(
      'fleetledger_source_observations_total{source="am",outcome="appended"} 1',
    );
    expect(body).toContain(
      'fleetledger_source_observations_total{source="am",outcome="refused"} 1',
    );
    expect(body).toContain(
      'fleetledger_source_last_seen_timestamp_seconds{source="am"} 1776254400',
    );
    expect(body).not.toContain('last_seen_timestamp_seconds{source="k8s"}');
  });
});
