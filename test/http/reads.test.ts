import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SmallApp } from "./app/small-app.ts";
import { appWithHistory, history } from "./app/small-app.ts";

let small: SmallApp;
beforeAll(async () => {
  small = await appWithHistory();
});
afterAll(() => small.app.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  small.app.inject({ url, headers });

const reads = [
  "/v1/events",
  "/v1/clusters",
  "/v1/clusters/alpha/summary?period=2026-03",
  "/v1/nis?period=2026-03",
  "/v1/nis?period=2026-03&rack=r1",
  "/v1/mttr?period=2026-03",
  "/v1/mttr?period=2026-03&sku=x",
  "/v1/job-uptime?from=2026-03-05T00:00:00Z&to=2026-03-07T00:00:00Z",
  "/v1/data-quality",
  "/v1/sla?cluster=alpha&period=2026-03&zone=UTC",
  "/v1/nodes/alpha/n1",
  "/v1/jobs/alpha/train",
  "/v1/rollouts",
  "/v1/rollouts/blocked",
  "/v1/nfz?cluster=alpha",
];

describe.each(reads)("GET %s", (url) => {
  it("answers with the sequence that it used and a strong tag", async () => {
    const answer = await get(url);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.headers["fleetledger-sequence"]).toBe(String(history.length));
    expect(answer.json()).toMatchObject({ asOf: { sequence: history.length } });
    expect(answer.headers.etag).toMatch(/^"[\w-]{43}"$/);
  });

  it("answers 304 without a body to a client that already has the answer", async () => {
    const { etag } = (await get(url)).headers;
    const again = await get(url, { "if-none-match": `"other", W/${String(etag)}` });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe("");
    expect(again.headers.etag).toBe(etag);
    expect((await get(url, { "if-none-match": '"other"' })).statusCode).toBe(200);
  });

  it("refuses a position past the head, with a pointer to the parameter", async () => {
    const sign = url.includes("?") ? "&" : "?";
    const answer = await get(`${url}${sign}asOf=1000`);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: "position-past-head" });
    const wrong = await get(`${url}${sign}asOf=-1&minSequence=x`);
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json().errors.map((fault: { path: string }) => fault.path)).toEqual([
      "/query/asOf",
      "/query/minSequence",
    ]);
  });

  it("names an unknown parameter", async () => {
    const sign = url.includes("?") ? "&" : "?";
    const answer = await get(`${url}${sign}clutser=alpha`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toEqual([{ path: "/query/clutser", message: "is unknown" }]);
  });
});

describe("a read as of an earlier position", () => {
  it("sees only the events up to that position", async () => {
    const answer = await get("/v1/nodes/alpha/n1?asOf=4");
    expect(answer.json()).toMatchObject({ state: "down", faults: [{ outcome: "open", to: null }] });
    expect((await get("/v1/nodes/alpha/n1")).json()).toMatchObject({ state: "in-service" });
    expect((await get("/v1/nodes/alpha/n1?asOf=1")).statusCode).toBe(404);
  });

  it("given as an instant sees the events recorded by then", async () => {
    const early = await get("/v1/clusters?asOfTime=2020-01-01T00:00:00Z");
    expect(early.headers["fleetledger-sequence"]).toBe("0");
    expect(early.json()).toEqual({ asOf: { sequence: 0 }, at: null, clusters: [] });
    const late = await get("/v1/clusters?asOfTime=2026-04-15T14:30:00%2B02:00");
    expect(late.headers["fleetledger-sequence"]).toBe(String(history.length));
  });

  it("cannot be given both as a sequence and as an instant", async () => {
    const answer = await get("/v1/clusters?asOf=1&asOfTime=2026-04-15T12:30:00Z");
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].path).toBe("/query/asOfTime");
  });
});

describe("figures of part of a cluster, and of all clusters:", () => {
  it("a rack or a SKU without members has nothing to measure", async () => {
    const [nis] = (await get("/v1/nis?cluster=alpha&period=2026-03&rack=r9")).json().clusters;
    expect(nis).toMatchObject({ scope: { rack: "r9" }, nis: { memberNodeMs: 0, raw: null } });
    const [mttr] = (await get("/v1/mttr?cluster=alpha&period=2026-03&sku=x")).json().clusters;
    expect(mttr).toMatchObject({ scope: { sku: "x" }, mttr: { faultsClosed: 0 } });
  });

  it("includes the fleet beside the clusters if no cluster is named", async () => {
    const { clusters, fleet } = (await get("/v1/nis?period=2026-03")).json();
    const { memberNodeMs, inServiceNodeMs, raw, contractual } = clusters[0].nis;
    expect(fleet).toMatchObject({ clusters: 1, memberNodeMs, inServiceNodeMs, raw, contractual });
    expect((await get("/v1/nis?period=2026-03&cluster=alpha")).json()).not.toHaveProperty("fleet");
  });

  it("jobs have no rack", async () => {
    const answer = await get("/v1/job-uptime?period=2026-03&rack=r1");
    expect(answer.json().errors).toEqual([{ path: "/query/rack", message: "is unknown" }]);
  });

  it("recovery is given beside job uptime, but is not in that section of the SLA document", async () => {
    const [alpha] = (await get("/v1/job-uptime?period=2026-03")).json().clusters;
    expect(alpha.recovery).toEqual({
      recoveries: 1,
      secondsPerDoubling: null,
      from: null,
      to: null,
    });
    expect(alpha.jobUptime).toEqual(
      (await get("/v1/sla?cluster=alpha&period=2026-03")).json().jobUptime,
    );
  });
});

describe("GET /v1/sla", () => {
  it("is the SLA document of the cluster and period", async () => {
    const document = (await get("/v1/sla?cluster=alpha&period=2026-03")).json();
    expect(document).toMatchObject({
      cluster: "alpha",
      period: { label: "2026-03", zone: "UTC", complete: true },
      mttr: { faultsClosed: 1, meanMs: 43_200_000, open: [{ faultId: "f2", overTarget: true }] },
    });
    const { nis, mttr } = document;
    expect((await get("/v1/nis?period=2026-03&cluster=alpha")).json().clusters[0].nis).toEqual(nis);
    expect((await get("/v1/mttr?period=2026-03")).json().clusters[0].mttr).toEqual(mttr);
  });

  it("is about the last full month if no period is given", async () => {
    expect((await get("/v1/sla?cluster=alpha")).json().period.label).toBe("2026-03");
  });

  it("comes as CSV if requested", async () => {
    for (const answer of [
      await get("/v1/sla?cluster=alpha&period=2026-03&format=csv"),
      await get("/v1/sla?cluster=alpha&period=2026-03", { accept: "text/csv" }),
    ]) {
      expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8");
      const lines = answer.body.split("\r\n");
      expect(lines[0]).toBe("section,item,figure,value,unit");
      expect(lines).toContain("mttr,,meanMs,43200000,ms");
      expect(lines).toContain('mttr,"f2,n2",open.node,n2,');
    }
  });

  it("refuses a request that has no report, and says why", async () => {
    const cases = [
      ["period=2027-01", 422, "period-refused", "/query/period"],
      ["period=yesterday", 400, "invalid-request", "/query/period"],
      ["period=2026-02-30", 400, "invalid-request", "/query/period"],
      ["period=2026-03&zone=Mars/Base", 400, "invalid-request", "/query/zone"],
      ["from=2026-03-01T00:00:00Z", 400, "invalid-request", "/query/to"],
      ["from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", 400, "invalid-request", "/query/to"],
      [
        "period=2026-03&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z",
        400,
        "invalid-request",
        "/query/period",
      ],
    ] as const;
    for (const [query, status, code, path] of cases) {
      const answer = await get(`/v1/sla?cluster=alpha&${query}`);
      expect([answer.statusCode, answer.json().code, answer.json().errors[0].path], query).toEqual([
        status,
        code,
        path,
      ]);
    }
    expect((await get("/v1/sla?cluster=beta&period=2026-03")).statusCode).toBe(404);
    expect((await get("/v1/sla")).json().errors[0].path).toBe("/query/cluster");
  });
});

describe("GET /v1/events", () => {
  it("gives every event once, page by page, by following next", async () => {
    const seen: number[] = [];
    let url: string | null = "/v1/events?limit=5";
    while (url !== null) {
      const page = (await get(url)).json() as {
        events: { sequence: number }[];
        next: string | null;
      };
      seen.push(...page.events.map((event) => event.sequence));
      url = page.next;
    }
    expect(seen).toEqual(history.map((_, i) => i + 1));
  });

  it("gives every event once from last to first, by following next of order=desc", async () => {
    for (const more of ["", "&type=NodeFailed", "&after=4", "&before=9"]) {
      const rising: number[] = [];
      const falling: number[] = [];
      for (const [order, seen] of [
        ["asc", rising],
        ["desc", falling],
      ] as const) {
        let url: string | null = `/v1/events?limit=5&order=${order}${more}`;
        while (url !== null) {
          const page: { events: { sequence: number }[]; next: string | null } = (
            await get(url)
          ).json();
          seen.push(...page.events.map((event) => event.sequence));
          url = page.next;
        }
      }
      expect(falling.length, more).toBeGreaterThan(1);
      expect(falling, more).toEqual(rising.toReversed());
    }
  });

  it("keeps the filter and the position in next", async () => {
    const page = (
      await get("/v1/events?type=NodeFailed&cluster=alpha&limit=1&from=2026-01-01T00:00:00%2B01:00")
    ).json();
    expect(page.events).toHaveLength(1);
    const next = new URL(page.next, "http://x").searchParams;
    expect(Object.fromEntries(next)).toEqual({
      type: "NodeFailed",
      cluster: "alpha",
      limit: "1",
      from: "2025-12-31T23:00:00.000Z",
      asOf: String(history.length),
      after: "4",
    });
    expect((await get(page.next)).json()).toMatchObject({ events: [{ sequence: 6 }], next: null });
  });

  it("gives one event by id, with its amendments", async () => {
    const { app, ledger } = await appWithHistory();
    const id = String(history[3]?.["id"]);
    await ledger.submit([
      {
        id: "6f1f0c9e-6e0e-4b52-8d8f-0d7b8d3a0f10",
        type: "FactRetracted",
        occurredAt: "2026-04-01T00:00:00Z",
        actor: "ops",
        reason: "wrong node",
        data: { eventId: id },
      },
    ]);
    const answer = (await app.inject(`/v1/events/${id.toUpperCase()}`)).json();
    expect(answer).toMatchObject({
      id,
      sequence: 4,
      amendedBy: [{ type: "FactRetracted", actor: "ops" }],
    });
    const before = (await app.inject(`/v1/events/${id}?asOf=${history.length}`)).json();
    expect(before.amendedBy).toEqual([]);
    expect((await app.inject(`/v1/events/${id}?asOf=3`)).statusCode).toBe(404);
    expect((await app.inject("/v1/events/nonsense")).json().errors[0].path).toBe("/path/id");
    await app.close();
  });
});

describe("the blocked queue and the no-fly zones", () => {
  it("say which rollouts wait, since when, and for what", async () => {
    const ledgerTime = `asOf=${history.length}`;
    expect((await get(`/v1/rollouts/blocked?${ledgerTime}`)).json()).toMatchObject({
      at: "2026-04-15T12:00:00.000Z",
      total: 1,
      blocked: [
        {
          cluster: "alpha",
          rollout: "r1",
          ageMs: 302_400_000,
          nfzIds: ["freeze"],
          nextRelease: "2026-04-20T00:00:00.000Z",
          urgency: "security",
        },
      ],
    });
    expect((await get("/v1/nfz")).json().nfz).toMatchObject([{ nfz: "freeze", inForce: true }]);
    expect((await get("/v1/nfz?at=2026-05-01T00:00:00Z")).json().nfz[0].inForce).toBe(false);
    expect((await get("/v1/rollouts?state=blocked")).json().rollouts).toHaveLength(1);
    expect((await get("/v1/rollouts?state=completed")).json().rollouts).toEqual([]);
  });
});
