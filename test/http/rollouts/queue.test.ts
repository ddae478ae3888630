/** `GET /v1/rollouts/blocked`, its history, violations and single rollouts, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownRolloutStates } from "../../../projections/rollouts/status.ts";
import type { AuditedApp } from "../app/audited-app.ts";
import { auditedApp } from "../app/audited-app.ts";
import { anEvent } from "../app/memory-ledger.ts";

let app: AuditedApp;

const rollout = (occurredAt: string, type: string, id: string, data: object = {}) =>
  anEvent({ occurredAt, type, data: { cluster: "beta", rollout: id, ...data } });
const submitted = (occurredAt: string, id: string, data: object) =>
  rollout(occurredAt, "RolloutSubmitted", id, {
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactful", secondsPerNode: 600 },
    urgency: "routine",
    ...data,
  });

const events = [
  ...["m1", "m2", "m3", "m4"].map((node, i) =>
    anEvent({
      occurredAt: "2026-04-01T00:00:00Z",
      data: { cluster: "beta", node, rack: i < 2 ? "r1" : "r2" },
    }),
  ),
  anEvent({
    occurredAt: "2026-04-02T00:00:00Z",
    type: "JobStarted",
    data: { cluster: "beta", job: "train", nodes: ["m[1-2]"] },
  }),
  anEvent({
    occurredAt: "2026-04-02T00:00:00Z",
    type: "NfzDeclared",
    data: {
      cluster: "beta",
      nfz: "east",
      scope: { racks: ["r1"] },
      inFlight: "finish",
      occurrences: [{ from: "2026-04-10T00:00:00Z", to: "2026-04-20T00:00:00Z" }],
    },
  }),
  submitted("2026-04-09T00:00:00Z", "late", {
    targets: { racks: ["r1"] },
    urgency: "security",
    deadline: "2026-04-12T00:00:00Z",
  }),
  rollout("2026-04-11T00:00:00Z", "RolloutBlocked", "late", { nfzIds: ["east"] }),
  submitted("2026-04-09T00:00:00Z", "wide", { impact: { kind: "impactless" } }),
  rollout("2026-04-10T12:00:00Z", "RolloutBlocked", "wide", { nfzIds: ["east"] }),
  submitted("2026-04-09T00:00:00Z", "west", { targets: { racks: ["r2"] } }),
  rollout("2026-04-11T06:00:00Z", "RolloutStarted", "west"),
  submitted("2026-04-09T00:00:00Z", "rash", { targets: { nodes: ["m1"] } }),
  anEvent({
    occurredAt: "2026-04-12T00:00:00Z",
    type: "RolloutStarted",
    actor: "Ann",
    reason: "it was urgent",
    data: { cluster: "beta", rollout: "rash" },
  }),
  submitted("2026-04-09T00:00:00Z", "twin", {}),
  anEvent({
    occurredAt: "2026-04-09T00:00:00Z",
    type: "RolloutBlocked",
    data: { cluster: "gamma", rollout: "twin", nfzIds: ["never"] },
  }),
];

beforeAll(async () => {
  app = await auditedApp();
  const refused = (await app.ledger.submit(events)).filter(({ status }) => status === "refused");
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  await app.settled();
});
afterAll(() => app.close());

const get = async (url: string) => {
  const answer = await app.get(url);
  expect([url, answer.status]).toEqual([url, 200]);
  return answer.json;
};

const at = "2026-04-13T00:00:00.000Z";
const blocked = `/v1/rollouts/blocked?cluster=beta&at=${at}`;

describe("the blocked queue", () => {
  test("shows for each rollout, by since, what holds it, until when, and its impact", async () => {
    const answer = await get(blocked);
    expect(answer).toMatchObject({ at, total: 2, oldestAgeMs: 60 * 3_600_000, overdue: 0 });
    const [wide, late] = answer["blocked"] as Record<string, unknown>[];
    expect(wide).toMatchObject({ rollout: "wide", nodes: 4, deadline: null });
    expect(late).toEqual({
      cluster: "beta",
      rollout: "late",
      state: "blocked",
      since: "2026-04-11T00:00:00.000Z",
      ageMs: 48 * 3_600_000,
      nfzIds: ["east"],
      refusedBy: events[7]?.["id"],
      nextRelease: "2026-04-20T00:00:00.000Z",
      releaseOverdue: false,
      nextStart: "2026-04-20T00:00:00.000Z",
      nodesDone: null,
      nodesTotal: null,
      urgency: "security",
      deadline: "2026-04-12T00:00:00.000Z",
      deadlineOverdue: true,
      declared: { kind: "impactful", secondsPerNode: 600 },
      measured: [{ family: "driver", fastPath: true, marked: false }],
      coTest: { passed: 0, failed: 0, never: 0, conflict: 0 },
      nodes: 2,
      blockedMs: 48 * 3_600_000,
      covered: [],
    });
  });

  test("counts rollouts in flight under a zone that lets them finish, and not those that the zone does not affect", async () => {
    expect((await get(blocked))["inFlight"]).toBe(1);
  });

  test("says what may start when zones end: how many nodes, how many of them out of service, and their jobs", async () => {
    expect((await get(blocked))["thaw"]).toEqual([
      {
        at: "2026-04-20T00:00:00.000Z",
        rollouts: 2,
        nodes: 4,
        impactfulNodes: 2,
        nodeMs: 2 * 600_000,
        jobs: 1,
      },
    ]);
  });

  test("has pages: the head counts all of them, and the next page continues at the same instant", async () => {
    const first = await get(`${blocked}&limit=1`);
    expect(first).toMatchObject({ total: 2, blocked: [{ rollout: "wide" }] });
    const second = await get(String(first["next"]));
    expect(second).toMatchObject({ at, total: 2, blocked: [{ rollout: "late" }], next: null });
    expect(second["asOf"]).toEqual(first["asOf"]);
  });

  test("is the queue known then, as of an earlier position", async () => {
    const { sequence } = (await get(blocked))["asOf"] as { sequence: number };
    const before = await get(`${blocked}&asOf=${sequence - 8}`);
    expect(before["blocked"]).toMatchObject([{ rollout: "late" }]);
  });
});

describe("the queue over time", () => {
  const history = "/v1/rollouts/queue/history?cluster=beta";

  test("has the length and the age of the oldest rollout at the end of each step; the last step is cut", async () => {
    const url = `${history}&from=2026-04-10T00:00:00Z&to=2026-04-11T12:00:00Z&stepMs=86400000`;
    expect((await get(url))["steps"]).toEqual([
      { at: "2026-04-11T00:00:00.000Z", length: 1, oldestAgeMs: 12 * 3_600_000 },
      { at: "2026-04-11T12:00:00.000Z", length: 2, oldestAgeMs: 24 * 3_600_000 },
    ]);
  });

  test("is refused for more than a thousand steps, with the shortest step that is possible", async () => {
    const window = "from=2026-04-10T00:00:00Z&to=2026-04-11T00:00:00Z";
    expect((await app.get(`${history}&${window}&stepMs=86400`)).status).toBe(200);
    const refused = await app.get(`${history}&${window}&stepMs=86399`);
    expect(refused.status).toBe(400);
    expect(refused.json["errors"]).toEqual([
      { path: "/query/stepMs", message: "must be at least 86400" },
    ]);
  });
});

describe("violations", () => {
  test("are the starts inside a zone that held the rollout, reported or decided", async () => {
    const url = "/v1/rollouts/violations?from=2026-04-01T00:00:00Z&to=2026-04-15T00:00:00Z";
    expect(await get(url)).toMatchObject({
      total: 1,
      violations: [
        {
          kind: "start",
          rollout: "rash",
          cluster: "beta",
          at: "2026-04-12T00:00:00.000Z",
          nfzs: ["east"],
          reported: true,
          seen: false,
        },
      ],
      next: null,
    });
  });

  test("are those of the last 30 days if no window is given", async () => {
    expect(await get("/v1/rollouts/violations?cluster=beta")).toMatchObject({
      from: "2026-03-16T12:00:00.001Z",
      to: "2026-04-15T12:00:00.001Z",
      total: 1,
    });
  });
});

describe("one rollout", () => {
  test("shows what holds it now and when it may start", async () => {
    expect(await get(`/v1/rollouts/late?at=${at}`)).toMatchObject({
      cluster: "beta",
      state: "blocked",
      nfzs: [{ nfz: "east", to: "2026-04-20T00:00:00.000Z", inFlight: "finish" }],
      nextStart: "2026-04-20T00:00:00.000Z",
      covered: [],
      overrides: [],
    });
  });

  test("has its history, page by page, with who stated each fact and why", async () => {
    const first = await get("/v1/rollouts/rash?limit=1");
    expect(first["history"]).toMatchObject([{ type: "RolloutSubmitted", actor: null }]);
    const second = await get(String(first["next"]));
    expect(second).toMatchObject({ next: null });
    expect(second["history"]).toMatchObject([
      { type: "RolloutStarted", actor: "Ann", reason: "it was urgent", reported: true, fits: true },
    ]);
  });

  test("is given only together with its cluster if two clusters use the id", async () => {
    const refused = await app.get("/v1/rollouts/twin");
    expect([refused.status, refused.json["errors"]]).toEqual([
      400,
      [
        {
          path: "/query/cluster",
          message: 'must be said: "twin" is a rollout of beta and of gamma',
        },
      ],
    ]);
    expect(await get("/v1/rollouts/twin?cluster=gamma")).toMatchObject({ state: "blocked" });
    expect((await app.get("/v1/rollouts/late?cluster=gamma")).status).toBe(404);
  });

  test("is listed in whatever state it is", async () => {
    const byState = new Map<string, string[]>();
    for (const state of shownRolloutStates) {
      const { rollouts } = await get(`/v1/rollouts?cluster=beta&state=${state}`);
      const names = (rollouts as { rollout: string }[]).map((each) => each.rollout);
      if (names.length > 0) byState.set(state, names);
    }
    expect(Object.fromEntries(byState)).toEqual({
      submitted: ["twin"],
      blocked: ["late", "wide"],
      "in-progress": ["rash", "west"],
    });
  });
});
