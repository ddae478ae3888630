/** Co-tests over HTTP: recorded, counted, demanded by policy, corrected, and seen as of every position. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replaced } from "../../../src/access/scope/replaced.ts";
import { leafStore } from "../../../src/store/leaf-store.ts";
import { replay } from "../../../src/verify/replay.ts";
import type { AuditedApp } from "../app/audited-app.ts";
import { auditedApp } from "../app/audited-app.ts";
import { anEvent } from "../app/memory-ledger.ts";

let app: AuditedApp;

const begin = "2026-04-01T00:00:00Z";
const driver = { component: "driver", version: "2" };
const firmware = { component: "firmware", version: "7" };
const nic = { component: "nic", version: "1" };
const together = (...updates: object[]) => ({ coTest: "t", outcome: "passed", updates });

const submitted = (rollout: string, updates: object[], more: object = {}) =>
  anEvent({
    occurredAt: "2026-04-02T00:00:00Z",
    type: "RolloutSubmitted",
    data: {
      cluster: "beta",
      rollout,
      updates,
      impact: { kind: "impactful", secondsPerNode: 60 },
      urgency: "routine",
      ...more,
    },
  });
const policy = {
  cluster: "beta",
  coTest: "companions",
  overrideRoles: ["approver"],
  overrideMaxMs: 86_400_000,
  fastPath: false,
  fastPathPasses: 1,
  fastPathNodeDays: 100,
  imminentMs: 3_600_000,
  maintenanceMaxMs: 86_400_000,
  impactWindowMs: 604_800_000,
  maxBundle: 2,
};

beforeAll(async () => {
  app = await auditedApp();
  const events = [
    ...["b1", "b2", "b3", "b4"].map((node, i) =>
      anEvent({ occurredAt: begin, data: { cluster: "beta", node, rack: i < 2 ? "r1" : "r2" } }),
    ),
    submitted("a-driver", [driver]),
    submitted("b-firmware", [firmware], { targets: { racks: ["r1"] } }),
    submitted("c-nic", [nic], { targets: { racks: ["r2"] } }),
    submitted("d-old-nic", [{ ...nic, version: "0" }], { targets: { racks: ["r2"] } }),
    submitted("e-driver", [driver], { targets: { nodes: ["b1"] } }),
  ];
  const refused = (await app.ledger.submit(events)).filter(({ status }) => status === "refused");
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  await app.settled();
});
afterAll(() => app.close());

const get = async (url: string) => {
  const answer = await app.get(url);
  expect([url, answer.status, answer.text.slice(0, 300)]).toEqual([url, 200, expect.anything()]);
  return answer.json;
};
const post = async (url: string, body: object) => {
  const answer = await app.post(url, { actor: "eva", ...body });
  await app.settled();
  // A read sees what happened before its instant.
  app.advance(1);
  return answer;
};
const countsOf = async (more = "") => {
  const { passed, failed, never, conflict, coverage } = await get(
    `/v1/co-test/coverage?cluster=beta${more}`,
  );
  return { passed, failed, never, conflict, coverage };
};
const stateOf = async (rollout: string) => (await get(`/v1/rollouts/${rollout}`))["state"];

describe("co-tests", () => {
  it("tell which pairs of queued rollouts on one node were tested: at first none", async () => {
    const answer = await get("/v1/co-test/coverage?cluster=beta&limit=2");
    expect(answer).toMatchObject({ rollouts: 5, total: 5, never: 4, conflict: 1, coverage: 0 });
    expect(answer["pairs"]).toEqual([
      { rollouts: ["a-driver", "b-firmware"], status: "never" },
      { rollouts: ["a-driver", "c-nic"], status: "never" },
    ]);
    const second = await get(String(answer["next"]));
    expect(second["pairs"]).toEqual([
      { rollouts: ["a-driver", "d-old-nic"], status: "never" },
      { rollouts: ["b-firmware", "e-driver"], status: "never" },
    ]);
    expect((await get(String(second["next"])))["pairs"]).toEqual([
      { rollouts: ["c-nic", "d-old-nic"], status: "conflict" },
    ]);
  });

  it("are proposed in bundles that cover all pairs, with a lower bound", async () => {
    const answer = await get("/v1/co-test/next?cluster=beta");
    expect(answer).toMatchObject({ maxBundle: 4, pairs: 4, lowerBound: 2, total: 2, next: null });
    expect(answer["bundles"]).toEqual([
      {
        rollouts: ["a-driver", "b-firmware", "c-nic", "e-driver"],
        updates: [driver, firmware, nic],
        pairs: 3,
      },
      {
        rollouts: ["a-driver", "d-old-nic"],
        updates: [driver, { ...nic, version: "0" }],
        pairs: 1,
      },
    ]);
  });

  it("demanded by policy, hold a start until the companions passed a test with it", async () => {
    await app.ledger.submit([
      anEvent({ type: "RolloutPolicySet", occurredAt: begin, data: policy }),
    ]);
    await app.settled();
    expect((await post("/v1/rollouts/a-driver/start", {})).status).toBe(201);
    const id = randomUUID();
    const refused = await post("/v1/rollouts/b-firmware/start", { id });
    const pairs = [{ rollout: "a-driver", status: "never" }];
    expect(refused).toMatchObject({ status: 409, json: { code: "needs-co-test", pairs } });
    expect(refused.json["event"]).toMatchObject({ id, type: "RolloutRefused" });
    const again = await post("/v1/rollouts/b-firmware/start", {});
    expect(again.json["event"]).toEqual(refused.json["event"]);
    expect((await post("/v1/rollouts/b-firmware/start", { id })).json["pairs"]).toEqual(pairs);
    expect(await stateOf("b-firmware")).toBe("needs-co-test");
    // Its updates are those of the one in flight.
    expect(await stateOf("e-driver")).toBe("submitted");
    const list = await get("/v1/rollouts?cluster=beta&state=needs-co-test");
    const held = ["b-firmware", "c-nic", "d-old-nic"].map((rollout) => ({ rollout }));
    expect(list["rollouts"]).toMatchObject(held);
    expect((await get("/v1/rollouts/c-nic"))["untested"]).toEqual(pairs);
  });

  const passId = randomUUID();
  it("are recorded once under an id, and let the start pass", async () => {
    const body = {
      id: passId,
      coTest: "lab-1",
      outcome: "passed",
      rollouts: ["a-driver", "b-firmware"],
    };
    const first = await post("/v1/co-tests", body);
    expect(first).toMatchObject({
      status: 201,
      json: { status: "appended", updates: [driver, firmware] },
    });
    app.advance(1_000);
    expect(await post("/v1/co-tests", body)).toMatchObject({
      status: 200,
      json: { status: "duplicate" },
    });
    expect(await post("/v1/co-tests", { ...body, outcome: "failed" })).toMatchObject({
      status: 409,
    });
    expect(await stateOf("b-firmware")).toBe("submitted");
    expect(await countsOf()).toEqual({ passed: 1, failed: 0, never: 0, conflict: 1, coverage: 1 });
  });

  it("of another cluster do not count, and those of none count in all", async () => {
    const before = await countsOf();
    await post("/v1/co-tests", { ...together(driver, nic), cluster: "gamma" });
    expect(await stateOf("c-nic")).toBe("needs-co-test");
    await post("/v1/co-tests", together(driver, nic));
    expect(await stateOf("c-nic")).toBe("submitted");
    expect(await countsOf()).toEqual(before);
  });

  it("that are retracted or corrected no longer count, and earlier positions stay as they were", async () => {
    const { sequence } = await app.ledger.store.head();
    const asOf = `&asOf=${sequence}&at=2026-04-15T12:00:02Z`;
    app.advance(2_000);
    const before = await countsOf(asOf);
    expect(before).toMatchObject({ passed: 1, never: 0 });
    expect(
      (
        await post(`/v1/events/${passId}/corrections`, {
          reason: "the wrong firmware",
          data: { coTest: "lab-1", updates: [driver, { ...firmware, version: "6" }] },
        })
      ).status,
    ).toBe(201);
    expect(await stateOf("b-firmware")).toBe("needs-co-test");
    expect((await post(`/v1/events/${passId}/retraction`, { reason: "never run" })).status).toBe(
      201,
    );
    expect(await countsOf()).toMatchObject({ passed: 0, never: 1 });
    expect(await countsOf(asOf)).toEqual(before);
    await app.restart();
    expect(await countsOf()).toMatchObject({ passed: 0, never: 1 });
    expect(await countsOf(asOf)).toEqual(before);
  });

  it("are part of what a replay from the raw events compares", async () => {
    expect((await replay(app.ledger, leafStore(app.ledger.store))).difference).toBeNull();
    const blind = replaced(app.ledger, {
      view: (cluster, sequence) => replaced(app.ledger.view(cluster, sequence), { coTests: [] }),
    });
    expect((await replay(blind, leafStore(app.ledger.store))).difference).toMatchObject({
      where: expect.anything(),
    });
  });

  it("need a set of updates, or rollouts that were submitted", async () => {
    const coTest = { coTest: "x", outcome: "passed" };
    expect(await post("/v1/co-tests", coTest)).toMatchObject({ status: 400 });
    expect(await post("/v1/co-tests", { ...coTest, updates: [] })).toMatchObject({ status: 400 });
    expect(
      await post("/v1/co-tests", { ...coTest, updates: [driver], rollouts: ["a-driver"] }),
    ).toMatchObject({ status: 400 });
    expect(await post("/v1/co-tests", { ...coTest, rollouts: ["nobody"] })).toMatchObject({
      status: 404,
    });
  });
});

describe("the release plan", () => {
  it("puts what was not tested together into different waves, in batches that keep the target", async () => {
    const plan = await get("/v1/rollouts/release-plan?cluster=beta");
    expect(plan).toMatchObject({ members: 4, inService: 4, nisTarget: 0.95, batch: 0, waves: [] });
    expect(plan["leftOut"]).toEqual(
      ["b-firmware", "c-nic", "d-old-nic", "e-driver"].map((rollout) => ({
        rollout,
        because: "nis-floor",
      })),
    );
    const sla = {
      nisTarget: 0.75,
      jobUptimeTarget: 0.9,
      mttrTargetMs: 1,
      noticeHours: 24,
      monthlyAllowanceNodeHours: 0,
      excludeUnknown: false,
      zone: "UTC",
    };
    const set = anEvent({
      type: "SlaPolicySet",
      occurredAt: begin,
      data: { cluster: "beta", ...sla },
    });
    await app.ledger.submit([set]);
    await app.settled();
    const waves = (await get("/v1/rollouts/release-plan?cluster=beta"))["waves"];
    expect(waves).toMatchObject([
      { rollouts: ["b-firmware", "c-nic"], touched: 4, batches: 4, nodeMs: 240_000, nis: 0.75 },
      { rollouts: ["d-old-nic", "e-driver"], touched: 3, batches: 3, nodeMs: 180_000 },
    ]);
  });
});

describe("pending updates of a node", () => {
  const pending = async (node: string) => await get(`/v1/nodes/beta/${node}/pending-updates`);

  it("are none while it is in service", async () => {
    expect(await pending("b3")).toMatchObject({
      state: "in-service",
      pending: [{ reasons: ["in-service"] }, { reasons: ["in-service", "co-test"] }],
    });
  });

  it("are what was tested and fits into the maintenance", async () => {
    const maintenance = { cluster: "beta", node: "b3", maintenanceId: "m" };
    const now = new Date(app.ledger.nowMs()).toISOString();
    const soon = new Date(app.ledger.nowMs() + 61_000).toISOString();
    await app.ledger.submit([
      anEvent({
        type: "NodeMaintenanceAnnounced",
        occurredAt: now,
        data: { ...maintenance, plannedFrom: now, plannedTo: soon },
      }),
      anEvent({ type: "NodeMaintenanceStarted", occurredAt: now, data: maintenance }),
    ]);
    await app.settled();
    app.advance(1_000);
    const expectedMs = 60_000;
    expect(await pending("b3")).toMatchObject({
      state: "maintenance",
      remainingMs: 60_000,
      pending: [
        { rollout: "c-nic", applicable: true, reasons: [], expectedMs },
        { rollout: "d-old-nic", applicable: false, reasons: ["co-test", "time"], expectedMs },
      ],
    });
    app.advance(1);
    expect((await pending("b3"))["pending"]).toMatchObject([{ reasons: ["time"] }, {}]);
  });

  it("are unknown for a node that no fact names", async () => {
    expect((await app.get("/v1/nodes/beta/b9/pending-updates")).status).toBe(404);
  });
});
