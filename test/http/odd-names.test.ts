/** Names that are a step in an address: where an answer tells the address of its next page, they lead there. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditedApp } from "./app/audited-app.ts";
import { auditedApp } from "./app/audited-app.ts";
import { anEvent } from "./app/memory-ledger.ts";

let app: AuditedApp;

const fact = (type: string, occurredAt: string, data: object) =>
  anEvent({ type, occurredAt, data: { cluster: "beta", ...data } });
const submitted = (rollout: string) =>
  fact("RolloutSubmitted", "2026-04-02T00:00:00Z", {
    rollout,
    updates: [{ component: rollout, version: "1" }],
    impact: { kind: "impactless" },
    urgency: "routine",
  });
const maintained = (maintenanceId: string) =>
  fact("NodeMaintenanceStarted", "2026-04-03T00:00:00Z", {
    node: "..",
    maintenanceId,
    rolloutId: "..",
  });

beforeAll(async () => {
  app = await auditedApp();
  await app.ledger.submit([
    fact("NodeCommissioned", "2026-04-01T00:00:00Z", { node: ".." }),
    ...["..", "bios", "nic"].map(submitted),
    fact("RolloutStarted", "2026-04-03T00:00:00Z", { rollout: ".." }),
    ...["m1", "m2"].map(maintained),
  ]);
  await app.settled();
});
afterAll(() => app.close());

describe("the next page of", () => {
  it.each([
    ["the updates that wait for a node", "/v1/nodes/beta/~../pending-updates", "pending"],
    ["the evidence of a rollout's impact", "/v1/rollouts/~../impact", "evidence"],
  ])("%s called .. is found", async (_what, url, rows) => {
    const first = await app.get(`${url}?limit=1`);
    const second = await app.get(String(first.json["next"]));
    expect([first.json[rows], second.json[rows]]).toEqual([[anything], [anything]]);
    expect(second.json[rows]).not.toEqual(first.json[rows]);
  });
});

const anything: unknown = expect.anything();
