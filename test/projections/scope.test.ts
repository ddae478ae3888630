/** NIS and MTTR of racks and SKUs, and of all clusters together. */
import { describe, expect, it } from "vitest";
import { fleetNis } from "../../projections/figures/fleet-nis.ts";
import { inputsOf } from "../../projections/document/entry/inputs.ts";
import type { Scope } from "../../projections/document/entry/scope.ts";
import { membersOf } from "../../projections/document/sla-document.ts";
import { History, hour, hourMs, iso, zones } from "./history.ts";

const policy = {
  nisTarget: 0.95,
  jobUptimeTarget: 0.9,
  mttrTargetMs: 172_800_000,
  noticeHours: 24,
  monthlyAllowanceNodeHours: 6,
  excludeUnknown: true,
  excludeDownInMaintenance: false,
  zone: "UTC",
};

/**
 * Node a is in rack r1 until 60 h, then in r2; node b is in r2 throughout. a: down 10–40 h, maintenance
 * 40–50 h. b: unknown 0–10 h, maintenance 60–70 h. The allowance is 6 node-hours, and a's turn is first.
 */
function twoRacks(): History {
  const history = new History();
  history.add("SlaPolicySet", 0, policy);
  history.add("NodeCommissioned", 0, { node: "a", rack: "r1", sku: "x" });
  history.add("NodeCommissioned", 0, { node: "b", rack: "r2", sku: "x" });
  history.add("NodeObservationLost", 0, { node: "b" });
  for (const [node, from, to] of [
    ["a", 40, 50],
    ["b", 60, 70],
  ] as const) {
    const planned = { plannedFrom: iso(hour(from)), plannedTo: iso(hour(to)) };
    history.add("NodeMaintenanceAnnounced", 5, { node, maintenanceId: "m", ...planned });
    history.add("NodeMaintenanceStarted", from, { node, maintenanceId: "m" });
    history.add("NodeMaintenanceEnded", to, { node, maintenanceId: "m" });
  }
  history.add("NodeFailed", 10, { node: "a", faultId: "f1", category: "hardware" });
  history.add("NodeObservationRestored", 10, { node: "b" });
  history.add("NodeReturned", 40, { node: "a", faultIds: ["f1"] });
  history.add("NodeDecommissioned", 60, { node: "a" });
  history.add("NodeCommissioned", 60, { node: "a", rack: "r2", sku: "y" });
  history.add("NodeFailed", 80, { node: "a", faultId: "f2", category: "network" });
  history.add("NodeReturned", 90, { node: "a", faultIds: ["f2"] });
  history.reach(100);
  return history;
}

function figuresOf(scope: Scope) {
  const period = `${iso(hour(0))}/${iso(hour(100))}`;
  return membersOf(inputsOf(twoRacks().view(), { period }, zones, scope), ["nis", "mttr"]);
}

const nisOf = (scope: Scope) => figuresOf(scope).nis;

describe("NIS of a rack", () => {
  it("covers the nodes while they were in the rack", () => {
    expect(nisOf({ rack: "r1" })).toMatchObject({
      memberNodeMs: 60 * hourMs,
      downNodeMs: 30 * hourMs,
      maintenanceNodeMs: 10 * hourMs,
      inServiceNodeMs: 20 * hourMs,
      raw: 0.333333333,
    });
    expect(nisOf({ rack: "r2" })).toMatchObject({
      memberNodeMs: 140 * hourMs,
      downNodeMs: 10 * hourMs,
      maintenanceNodeMs: 10 * hourMs,
      unknownNodeMs: 10 * hourMs,
      inServiceNodeMs: 110 * hourMs,
      raw: 0.785714286,
    });
  });

  it("excludes what the cluster's allowance grants its nodes", () => {
    const first = nisOf({ rack: "r1" });
    expect(first.exclusions).toMatchObject([{ kind: "maintenance", node: "a", ms: 6 * hourMs }]);
    expect(first.contractual).toBe(0.37037037);
    const second = nisOf({ rack: "r2" });
    expect(second.exclusions).toMatchObject([{ kind: "unknown", node: "b", ms: 10 * hourMs }]);
    expect(second.contractual).toBe(0.846153846);
    expect(second.budgetSpentNodeMs).toBe(20 * hourMs);
  });

  it("burns a budget of its own", () => {
    expect(nisOf({ rack: "r1" }).burnRates).toMatchObject({ oneHour: null });
    expect(nisOf({ rack: "r2" }).burnRates.oneHour).toBe(0);
  });

  it("adds up to the cluster's", () => {
    const { nis } = twoRacks().report(0, 100);
    const [first, second] = [nisOf({ rack: "r1" }), nisOf({ rack: "r2" })];
    for (const key of ["memberNodeMs", "inServiceNodeMs", "excludedNodeMs"] as const) {
      expect(first[key] + second[key], key).toBe(nis[key]);
    }
    expect(nisOf({ sku: "x" }).memberNodeMs).toBe(160 * hourMs);
  });

  it("covers the nodes of both if a SKU is given too", () => {
    expect(nisOf({ rack: "r2", sku: "y" }).memberNodeMs).toBe(40 * hourMs);
    expect(nisOf({ rack: "r1", sku: "y" })).toMatchObject({ memberNodeMs: 0, raw: null });
  });
});

describe("MTTR of a rack", () => {
  it("covers the faults that began while the node was in the rack", () => {
    const of = (scope: Scope) => figuresOf(scope).mttr;
    expect(of({ rack: "r1" })).toMatchObject({ faultsClosed: 1, meanMs: 30 * hourMs });
    expect(of({ rack: "r2" })).toMatchObject({ faultsClosed: 1, meanMs: 10 * hourMs });
    expect(of({ rack: "r1" }).nodeOutages).toMatchObject({ closed: 1, meanMs: 30 * hourMs });
    expect(of({ sku: "z" })).toMatchObject({ faultsClosed: 0, meanMs: null });
  });
});

describe("NIS of the fleet", () => {
  it("is the quotient of the sums, each cluster with its own exclusions", () => {
    const time = { downNodeMs: 0, maintenanceNodeMs: 0, unknownNodeMs: 0 };
    const large = { ...time, memberNodeMs: 900, inServiceNodeMs: 900, excludedNodeMs: 0 };
    const small = { ...time, memberNodeMs: 100, inServiceNodeMs: 50, excludedNodeMs: 25 };
    expect(fleetNis([large, small])).toMatchObject({
      clusters: 2,
      memberNodeMs: 1_000,
      raw: 0.95,
      contractual: 0.974358974,
    });
  });

  it("of no cluster is null", () => {
    expect(fleetNis([])).toMatchObject({ clusters: 0, memberNodeMs: 0, raw: null });
  });
});
