/** `GET /v1/nodes`, `/v1/faults` and `/v1/jobs` over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditedApp } from "./app/audited-app.ts";
import type { AuditedApp } from "./app/audited-app.ts";
import { anEvent } from "./app/memory-ledger.ts";
import { faultList, jobList, nodeList } from "../../src/http/schemas/lists.ts";

let ledger: AuditedApp;

beforeAll(async () => {
  ledger = await auditedApp();
  const nodes = Array.from({ length: 5 }, (_, i) => `m${i}`);
  const commissioned = nodes.map((node, i) =>
    anEvent({
      occurredAt: "2026-04-01T00:00:00Z",
      data: { cluster: "beta", node, rack: `r${i % 2}`, sku: "b300" },
    }),
  );
  const more = [
    [
      "2026-04-14T00:00:00Z",
      "NodeFailed",
      { node: "m1", faultId: "g1", category: "hardware", component: "gpu" },
    ],
    ["2026-04-14T12:00:00Z", "NodeReturned", { node: "m1", faultIds: ["g1"] }],
    ["2026-04-15T00:00:00Z", "NodeFailed", { node: "m1", faultId: "g2", category: "hardware" }],
    ["2026-04-15T06:00:00Z", "NodeMaintenanceStarted", { node: "m3", maintenanceId: "mt" }],
    ["2026-04-15T06:00:00Z", "JobStarted", { job: "a/b", nodes: ["m[0-3]"] }],
    [
      "2026-04-15T07:00:00Z",
      "JobInterrupted",
      { job: "a/b", cause: { kind: "fault", faultId: "g2", node: "m1" } },
    ],
    ["2026-04-15T08:00:00Z", "JobStarted", { job: "c", nodes: ["m4"] }],
  ].map(([occurredAt, type, data]) =>
    anEvent({ occurredAt, type, data: { cluster: "beta", ...(data as object) } }),
  );
  const submitted = await ledger.ledger.submit([...commissioned, ...more]);
  const refused = submitted.filter(({ status }) => status === "refused");
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  await ledger.settled();
});

afterAll(async () => {
  await ledger.close();
});

type Rows = Record<string, unknown>[];
const rowsOf = async (url: string, list: "nodes" | "faults" | "jobs" | "groups") => {
  const answer = await ledger.get(url);
  expect([url, answer.status]).toEqual([url, 200]);
  return answer.json[list] as Rows;
};

describe("GET /v1/nodes", () => {
  test("gives each member's state and since when, its rack and its faults", async () => {
    const [m0, m1, , m3] = await rowsOf("/v1/nodes?cluster=beta", "nodes");
    expect(m0).toEqual({
      cluster: "beta",
      node: "m0",
      rack: "r0",
      sku: "b300",
      state: "in-service",
      since: "2026-04-01T00:00:00.000Z",
      openFaults: [],
      faults: 0,
      boundExceeded: false,
    });
    expect(m1).toMatchObject({
      state: "down",
      since: "2026-04-15T00:00:00.000Z",
      openFaults: ["g2"],
      faults: 2,
    });
    expect(m3).toMatchObject({ state: "maintenance", since: "2026-04-15T06:00:00.000Z" });
  });

  test("gives them for another instant, for a requested window, and for one rack", async () => {
    const [m1] = await rowsOf("/v1/nodes?cluster=beta&at=2026-04-14T18:00:00Z&rack=r1", "nodes");
    expect(m1).toMatchObject({
      node: "m1",
      state: "in-service",
      since: "2026-04-14T12:00:00.000Z",
    });
    const march = await rowsOf("/v1/nodes?cluster=alpha&period=2026-03", "nodes");
    expect(march.map(({ node, state, faults }) => [node, state, faults])).toEqual([
      ["n1", "in-service", 1],
      ["n2", "down", 1],
    ]);
    expect(await rowsOf("/v1/nodes?cluster=beta&at=2026-03-01T00:00:00Z", "nodes")).toEqual([]);
  });

  test("can be sorted by worst state, longest in their state, or most faults", async () => {
    const names = async (query: string) =>
      (await rowsOf(`/v1/nodes?${query}`, "nodes")).map(({ node }) => node);
    expect((await names("sort=state")).slice(0, 3)).toEqual(["n2", "m1", "m3"]);
    expect(await names("sort=faults&limit=1")).toEqual(["m1"]);
    expect(await names("state=down&sort=since")).toEqual(["n2", "m1"]);
  });
});

describe("GET /v1/faults", () => {
  test("gives the open faults with their age against the target", async () => {
    const open = await rowsOf("/v1/faults?open=true", "faults");
    expect(open.map(({ faultId, overTarget }) => [faultId, overTarget])).toEqual([
      ["f2", true],
      ["g2", false],
    ]);
    expect(open[1]).toMatchObject({ until: null, durationMs: 12 * 3_600_000 });
    expect(await rowsOf("/v1/faults?overdue=true", "faults")).toHaveLength(1);
  });

  test("groups a window's faults by cause, component, rack, SKU or node, with their repair times", async () => {
    const [hardware, network] = await rowsOf(
      "/v1/faults?group=cause&from=2026-03-01T00:00:00Z&to=2026-04-15T00:00:00Z",
      "groups",
    );
    expect(hardware).toEqual({
      cluster: "alpha",
      group: "hardware",
      faults: 1,
      open: 0,
      overTarget: 0,
      repaired: 1,
      censored: 0,
      meanMs: 43_200_000,
      medianMs: 43_200_000,
      p90Ms: 43_200_000,
    });
    expect(network).toMatchObject({ cluster: "alpha", group: "network", open: 1, meanMs: null });
    const byNode = await rowsOf("/v1/faults?group=node&cluster=beta", "groups");
    expect(byNode).toMatchObject([{ group: "m1", faults: 2, open: 1, repaired: 1 }]);
  });
});

describe("GET /v1/jobs", () => {
  test("says which jobs run, which are interrupted and by what, with each one's figures", async () => {
    const [ab, c] = await rowsOf("/v1/jobs?cluster=beta", "jobs");
    expect(ab).toMatchObject({
      job: "a/b",
      state: "interrupted",
      nodes: 4,
      interruption: { kind: "fault", faultId: "g2", since: "2026-04-15T07:00:00.000Z" },
      crashes: 1,
      runningMs: 3_600_000,
    });
    expect(c).toMatchObject({
      job: "c",
      state: "running",
      nodes: 1,
      startedAt: "2026-04-15T08:00:00.000Z",
    });
    expect(await rowsOf("/v1/jobs?state=running", "jobs")).toHaveLength(2);
  });

  test("gives the state at another instant", async () => {
    const at = "2026-04-15T06:30:00Z";
    const [ab] = await rowsOf(`/v1/jobs?cluster=beta&at=${at}`, "jobs");
    expect(ab).toMatchObject({ state: "running", crashes: 0 });
  });
});

describe("every list", () => {
  test.each([
    ["/v1/nodes?sort=since", "nodes", nodeList],
    ["/v1/faults?period=2026-03", "faults", faultList],
    ["/v1/faults?group=node", "groups", faultList],
    ["/v1/jobs", "jobs", jobList],
  ] as const)("%s fits its strict schema", async (url, _, schema) => {
    expect(schema.safeParse((await ledger.get(url)).json).error).toBeUndefined();
  });

  test.each([
    ["/v1/nodes?sort=state&at=2026-04-15T12:00:00Z", "nodes"],
    ["/v1/faults?at=2026-04-15T12:00:00Z", "faults"],
    ["/v1/faults?group=node&at=2026-04-15T12:00:00Z", "groups"],
    ["/v1/jobs?at=2026-04-15T12:00:00Z", "jobs"],
  ] as const)(
    "%s gives every row once by following next, whatever is appended meanwhile",
    async (url, list) => {
      const whole = await rowsOf(url, list);
      expect(whole.length).toBeGreaterThan(1);
      const paged: Rows = [];
      for (let next: string | null = `${url}&limit=1`; next !== null;) {
        const { json } = await ledger.get(next);
        expect(json["total"]).toBe(whole.length);
        paged.push(...(json[list] as Rows));
        next = json["next"] as string | null;
        const data = {
          cluster: "beta",
          node: "m0",
          faultId: `late-${paged.length}-${list}-${url}`,
          category: "human",
        };
        await ledger.ledger.submit([
          anEvent({ type: "NodeFailed", occurredAt: "2026-04-15T11:00:00Z", data }),
          anEvent({
            type: "JobStarted",
            occurredAt: "2026-04-15T11:00:00Z",
            data: { cluster: "alpha", job: `late-${paged.length}`, nodes: ["n1"] },
          }),
        ]);
        await ledger.settled();
      }
      expect(paged).toEqual(whole);
    },
  );

  test.each([
    ["/v1/nodes?state=broken", "/query/state"],
    ["/v1/nodes?after=nobody", "/query/after"],
    ["/v1/faults?open=maybe", "/query/open"],
    ["/v1/faults?group=moon", "/query/group"],
    ["/v1/jobs?limit=1001", "/query/limit"],
    ["/v1/jobs?period=2026-03&from=2026-03-01T00:00:00Z", "/query/"],
  ])("%s is refused, with a pointer to the parameter", async (url, path) => {
    const { status, json } = await ledger.get(url);
    expect([status, (json["errors"] as { path: string }[])[0]?.path]).toEqual([
      400,
      expect.stringContaining(path),
    ]);
  });

  test("is a page for a browser, with the same rows", async () => {
    for (const [url, text] of [
      ["/v1/nodes?state=down", "m1"],
      ["/v1/faults?open=true", "g2"],
      ["/v1/faults?group=rack", "Faults by rack"],
      ["/v1/jobs", "a/b"],
    ] as const) {
      const { headers, text: page } = await ledger.get(url, { accept: "text/html" });
      expect(headers["content-type"]).toContain("text/html");
      expect(page).toContain(text);
      expect(page).not.toMatch(/\b(null|undefined|NaN|Infinity|\[object)/);
    }
  });
});
