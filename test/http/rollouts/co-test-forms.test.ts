/** What a co-test may state, and where an error says that a statement is wrong. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditedApp } from "../app/audited-app.ts";
import { auditedApp } from "../app/audited-app.ts";
import { anEvent } from "../app/memory-ledger.ts";

let app: AuditedApp;

const [bios, nic] = [
  { component: "bios", version: "2" },
  { component: "nic", version: "1" },
];
const policy = {
  cluster: "beta",
  coTest: "none",
  overrideRoles: ["approver"],
  overrideMaxMs: 86_400_000,
  fastPath: false,
  fastPathPasses: 1,
  fastPathNodeDays: 100,
  imminentMs: 3_600_000,
  maintenanceMaxMs: 86_400_000,
  impactWindowMs: 604_800_000,
  maxBundle: 4,
};

beforeAll(async () => {
  app = await auditedApp();
  const queued = [bios, nic].map((update) =>
    anEvent({
      occurredAt: "2026-04-02T00:00:00Z",
      type: "RolloutSubmitted",
      data: {
        cluster: "beta",
        rollout: update.component,
        updates: [update],
        impact: { kind: "impactless" },
        urgency: "routine",
      },
    }),
  );
  await app.ledger.submit(queued);
  await app.settled();
});
afterAll(() => app.close());

const countOnly = async (coTestEnvironments: readonly string[], occurredAt: string) => {
  const event = anEvent({
    occurredAt,
    type: "RolloutPolicySet",
    data: { ...policy, coTestEnvironments },
  });
  const answer = await app.post("/v1/events", event);
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  await settle();
};
const record = async (more: object) => {
  const test = { coTest: "t", outcome: "passed", updates: [bios, nic], actor: "eva", ...more };
  const answer = await app.post("/v1/co-tests", test);
  await settle();
  return answer;
};
const settle = async () => {
  await app.settled();
  // A read sees what happened before its instant.
  app.advance(1);
};
const passed = async () => (await app.get("/v1/co-test/coverage?cluster=beta")).json["passed"];

describe("a co-test that names no environment", () => {
  it("ran in the unnamed one, which a policy may name by an empty text", async () => {
    expect((await record({})).status).toBe(201);
    await countOnly(["lab"], "2026-04-15T10:00:00Z");
    expect(await passed()).toBe(0);
    await countOnly(["lab", ""], "2026-04-15T11:00:00Z");
    expect(await passed()).toBe(1);
  });

  it("is the same as one with an empty text", async () => {
    expect((await record({ outcome: "failed", environment: "" })).status).toBe(201);
    expect(await passed()).toBe(0);
  });
});

describe("an error of a co-test names the place in the body that was sent", () => {
  it.each([
    ["a name with a blank", 400, { coTest: "lab 7" }, "/coTest", "a co-test's name must be"],
    ["a result to come", 400, { occurredAt: "2026-04-16T12:00:00Z" }, "/occurredAt", "ahead of"],
    ["more than an event takes", 413, { updates: many(400) }, "", "the event's data has"],
  ])("%s", async (_what, status, more, path, words) => {
    const { status: found, json } = await record(more);
    expect(found).toBe(status);
    expect(json["errors"]).toMatchObject([{ path }]);
    expect(json["detail"]).toContain(words);
  });
});

function many(count: number): object[] {
  return Array.from({ length: count }, (_, i) => ({
    component: `${i}`,
    version: "9".repeat(200),
  }));
}
