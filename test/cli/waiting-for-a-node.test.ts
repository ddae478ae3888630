/** What the command line says of updates that wait: for a node that is down anyway, for a test, or for a wave; and of families. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anEvent } from "../http/app/memory-ledger.ts";
import { run } from "./run.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { servedLedger } from "./served-ledger.ts";

const day = (date: number, hour = 0) =>
  `2026-04-${String(date).padStart(2, "0")}T${String(hour).padStart(2, "0")}:00:00Z`;
const fact = (type: string, occurredAt: string, data: object) =>
  anEvent({ type, occurredAt, data: { cluster: "gamma", ...data } });
const submitted = (rollout: string, component: string, more: object = {}) =>
  fact("RolloutSubmitted", day(2), {
    rollout,
    updates: [{ component, version: "2" }],
    impact: { kind: "impactful", secondsPerNode: 3_600 },
    urgency: "routine",
    ...more,
  });
const onG1 = { node: "g1", maintenanceId: "psu" };
const policy = {
  coTest: "companions",
  overrideRoles: ["approver"],
  overrideMaxMs: 86_400_000,
  fastPath: false,
  fastPathPasses: 1,
  fastPathNodeDays: 100,
  imminentMs: 0,
  maintenanceMaxMs: 86_400_000,
  impactWindowMs: 604_800_000,
  maxBundle: 4,
};

/** No node may be out, so that all that is spent of the budget is too much. */
const sla = {
  nisTarget: 1,
  jobUptimeTarget: 0.9,
  mttrTargetMs: 172_800_000,
  noticeHours: 24,
  monthlyAllowanceNodeHours: 0,
  excludeUnknown: false,
  zone: "UTC",
};

/** g1 is in maintenance for one more hour; pdu took nodes out of service though it was called impactless. */
const events = [
  ...["g1", "g2"].map((node) => fact("NodeCommissioned", day(1), { node })),
  fact("RolloutPolicySet", day(1), policy),
  fact("SlaPolicySet", day(1), sla),
  submitted("bios", "bios"),
  submitted("driver", "driver"),
  submitted("nic", "nic", { targets: { nodes: ["g2"] } }),
  submitted("pdu", "pdu", { impact: { kind: "impactless" }, targets: { nodes: ["g2"] } }),
  fact("RolloutStarted", day(3), { rollout: "pdu" }),
  fact("NodeMaintenanceStarted", day(3), { node: "g2", maintenanceId: "pdu", rolloutId: "pdu" }),
  fact("NodeMaintenanceEnded", day(3, 2), { node: "g2", maintenanceId: "pdu" }),
  anEvent({
    type: "CoTestPassed",
    occurredAt: day(4),
    data: {
      coTest: "lab-1",
      updates: ["bios", "driver"].map((component) => ({ component, version: "2" })),
    },
  }),
  fact("NodeMaintenanceAnnounced", day(15, 10), {
    ...onG1,
    plannedFrom: day(15, 11),
    plannedTo: day(15, 13),
  }),
  fact("NodeMaintenanceStarted", day(15, 11), onG1),
];

let served: ServedLedger;
beforeAll(async () => {
  served = await servedLedger();
  const refused = (await served.ledger.submit(events)).filter(({ status }) => status === "refused");
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
});
afterAll(() => served.close());

const gamma = ["--cluster", "gamma", "--at", "2026-04-15T12:00:00Z"];

/** Of the store and over the server: both must say the same. */
async function both(...args: string[]): Promise<string> {
  const byStore = await run(...args, ...gamma, ...served.byStore);
  const byServer = await run(...args, ...gamma, ...served.byServer);
  expect([byStore.code, byStore.out]).toEqual([0, byServer.out]);
  return byStore.out;
}

describe("rollout pending", () => {
  test("lists what could be applied to a node in maintenance, and what holds the rest", async () => {
    await served.ledger.submit([fact("RolloutCancelled", day(5), { rollout: "pdu" })]);
    expect(await both("rollout", "pending", "g1")).toBe(
      [
        "g1: maintenance, 1 h 00 min left",
        "  now      bios    bios 2    1 h 00 min",
        "  not now  driver  driver 2  1 h 00 min  no time is left for it",
        "",
      ].join("\n"),
    );
  });

  test("says that a node in service gets none of it", async () => {
    const lines = await both("rollout", "pending", "g2");
    expect(lines).toMatch(/^g2: in-service\n( +not now .* the node is in service.*\n){3}$/);
  });

  test("of a node that nobody knows is refused with exit code 2", async () => {
    const { code, said } = await run("rollout", "pending", "g9", ...gamma, ...served.byServer);
    expect([code, said]).toEqual([2, expect.stringContaining("g9")]);
  });
});

test("rollout families says who lost the fast path, by which rollout and why", async () => {
  const lines = await both("rollout", "families");
  expect(lines).toMatch(/^4 families, 1 without the fast path\n/);
  expect(lines).toMatch(/gamma bios +has the fast path +0 as declared, 0 missed, 0 pending/);
  expect(lines).toMatch(
    /gamma pdu +has lost the fast path .* last missed by pdu: it took nodes out of service; never again: pdu 2\n/,
  );
  expect(await both("rollout", "families", "--family", "nic")).toMatch(/^1 family, 0 without/);
});

test("rollout show names those with which a rollout needs a co-test", async () => {
  const running = [submitted("cpu", "cpu"), fact("RolloutStarted", day(6), { rollout: "cpu" })];
  await served.ledger.submit(running);
  const lines = await both("rollout", "show", "nic");
  expect(lines).toMatch(/state +needs-co-test\n/);
  expect(lines).toMatch(/needs co-test +with cpu \(never tested together\)\n/);
});

test("rollout plan says of each wave how long it takes and how it was tested, and what is overspent", async () => {
  expect(await both("rollout", "plan")).toMatch(
    /\n {2}nothing may go in a wave\n.*; the month's error budget is overspent by 3 h 00 min\n/,
  );
  const impactless = { impact: { kind: "impactless" } };
  const updates = ["lib", "tool"].map((component) => ({ component, version: "2" }));
  await served.ledger.submit([
    ...["lib", "tool"].map((name) => submitted(name, name, impactless)),
    anEvent({ type: "CoTestPassed", occurredAt: day(4), data: { coTest: "lab-2", updates } }),
  ]);
  expect(await both("rollout", "plan")).toMatch(
    /\n {2}wave 1 .* {2}0 s of node-time .* {2}tested as one {2}lib, tool\n/,
  );
});
