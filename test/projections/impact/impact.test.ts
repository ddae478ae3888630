/** The measured impact of a rollout, by hand: a fleet of four nodes, windows of ten hours. */
import { describe, expect, test } from "vitest";
import type { Impact } from "../../../projections/impact/impact.ts";
import type { DataOf } from "../../../src/events/catalogue.ts";
import { hour, hourMs } from "../history.ts";
import { Fleets } from "./fleets.ts";

function brief({ verdict, reasons }: Impact) {
  return { verdict, reasons };
}

const hours = (count: number) => count * hourMs;

describe("treated are", () => {
  test("the members in the targets at the start; the windows lie before it and after the end", () => {
    const fleet = new Fleets();
    fleet.ran("u", 20, 22);
    fleet.add("NodeCommissioned", 21, { node: "n5", rack: "r1" });
    const { impact } = fleet.impact("u", 100);
    expect(impact.treated).toBe(2);
    expect(impact.before).toEqual({ count: 0, exposureMs: hours(20) });
    expect(impact.after).toEqual({ count: 0, exposureMs: hours(20) });
  });

  test("and nodes with maintenance that names it, from its first stretch to the end of its last", () => {
    const fleet = new Fleets();
    fleet.maintenance("n4", 15, 16, "u", "m1");
    fleet.maintenance("n4", 17, 18, "u", "m2");
    fleet.ran("u", 20, 22);
    const { impact } = fleet.impact("u", 100);
    const n4 = impact.treatments.find(({ node }) => node.node === "n4");
    expect([n4?.from, n4?.to]).toEqual([hour(15), hour(18)]);
    expect(impact.treated).toBe(3);
  });

  test("a node is done at the first progress that names it, and not counted while nothing says so", () => {
    const fleet = new Fleets();
    fleet.submitted("u", 19);
    fleet.add("RolloutStarted", 20, { rollout: "u" });
    fleet.add("RolloutProgressed", 21, {
      rollout: "u",
      nodesDone: 1,
      nodesTotal: 2,
      nodes: ["n[1-1]"],
    });
    const { impact } = fleet.impact("u", 40);
    expect(impact.treatments).toHaveLength(2);
    expect(impact.treated).toBe(1);
    expect(impact.after.exposureMs).toBe(hours(10));
    expect(brief(impact)).toEqual({ verdict: "pending", reasons: [] });
  });

  test("a node whose last stretch is open is not counted, whatever progress says", () => {
    const fleet = new Fleets();
    fleet.submitted("u", 19, { impact: { kind: "impactful", secondsPerNode: 1e6 } });
    fleet.add("RolloutStarted", 20, { rollout: "u" });
    fleet.maintenance("n1", 20, null, "u");
    fleet.add("RolloutProgressed", 21, {
      rollout: "u",
      nodesDone: 2,
      nodesTotal: 2,
      nodes: ["n1", "n2"],
    });
    expect(fleet.impact("u", 40).impact.treated).toBe(1);
  });
});

describe("windows are cut", () => {
  test("to memberships and to the instant of the answer", () => {
    const fleet = new Fleets();
    fleet.ran("u", 6, 8);
    fleet.add("NodeDecommissioned", 11, { node: "n2" });
    const { impact } = fleet.impact("u", 12);
    // Members since hour 0: six hours before; n1 is watched four hours after, n2 for three.
    expect(impact.before.exposureMs).toBe(hours(12));
    expect(impact.after.exposureMs).toBe(hours(7));
    expect(impact.verdict).toBe("pending");
    expect(fleet.impact("u", 17.99).impact.verdict).toBe("pending");
    expect(fleet.impact("u", 18).impact.verdict).toBe("as-declared");
  });

  test("and count the faults that begin in them", () => {
    const fleet = new Fleets();
    fleet.ran("u", 20, 22);
    const before = [fleet.fault("n1", 10, 11), fleet.fault("n2", 19.9, 23)];
    fleet.fault("n1", 9.9, 9.95);
    fleet.fault("n1", 20, 21);
    const after = fleet.fault("n2", 22, 22.5);
    fleet.fault("n1", 32, 33);
    fleet.fault("n3", 25, 26);
    const { impact, evidence } = fleet.impact("u", 100);
    expect([impact.before.count, impact.after.count]).toEqual([2, 1]);
    const ids = (kind: string) =>
      evidence.filter((each) => each.kind === kind).flatMap(({ eventIds }) => eventIds);
    expect(ids("fault-before")).toEqual(before);
    expect(ids("fault-after")).toEqual([after]);
  });
});

describe("out of service", () => {
  test("is node-time in maintenance; what is down or shared with an earlier rollout is not the rollout's", () => {
    const fleet = new Fleets();
    const impactful = { impact: { kind: "impactful", secondsPerNode: 7_200 } } as const;
    fleet.ran("u", 20, 30, impactful);
    fleet.ran("v", 20, 30, impactful);
    fleet.maintenance("n1", 20, 24, "u");
    fleet.fault("n1", 21, 22);
    fleet.maintenance("n1", 23, 26, "v");
    const outOfService = (rollout: string) => fleet.impact(rollout, 100).impact.outOfService;
    expect(outOfService("u")).toEqual({ nodeMs: hours(3), nodes: 1 });
    expect(outOfService("v")).toEqual({ nodeMs: hours(2), nodes: 1 });
  });

  test("begun at one instant, it belongs to the lesser maintenance id", () => {
    const fleet = new Fleets();
    fleet.maintenance("n1", 20, 24, "u", "m2");
    fleet.maintenance("n1", 20, 24, "v", "m1");
    fleet.ran("u", 20, 30);
    fleet.ran("v", 20, 30);
    expect(fleet.impact("u", 100).impact.outOfService.nodeMs).toBe(0);
    expect(fleet.impact("v", 100).impact.outOfService.nodeMs).toBe(hours(4));
  });
});

describe("interruptions are those", () => {
  function withJob(cause: DataOf<"JobInterrupted">["cause"]) {
    const fleet = new Fleets();
    fleet.add("JobStarted", 10, { job: "j", nodes: ["n[1-2]"] });
    fleet.ran("u", 20, 30);
    fleet.maintenance("n1", 20, 21, "u", "m");
    fleet.add("JobCheckpointed", 18, { job: "j", checkpointId: "k", durationMs: 0 });
    fleet.add("JobInterrupted", 20, { job: "j", cause });
    fleet.add("JobResumed", 23, { job: "j", from: "start" });
    return fleet;
  }

  test.each([
    ["name the rollout", { kind: "rollout", rolloutId: "u" }, 1],
    [
      "name its maintenance on the node",
      { kind: "maintenance", maintenanceId: "m", node: "n1" },
      1,
    ],
    [
      "name its maintenance and no node, of a job that holds the node",
      { kind: "maintenance", maintenanceId: "m" },
      1,
    ],
    [
      "not that name its maintenance on another node",
      { kind: "maintenance", maintenanceId: "m", node: "n2" },
      0,
    ],
    ["not that name another rollout", { kind: "rollout", rolloutId: "v" }, 0],
  ] as const)("which %s", (_name, cause, count) => {
    expect(withJob(cause).impact("u", 100).impact.interruptions).toBe(count);
  });

  test("with their interrupted and lost node-time, as far as the facts before the instant say", () => {
    const fleet = withJob({ kind: "rollout", rolloutId: "u" });
    const costs = (at: number) =>
      fleet
        .impact("u", at)
        .evidence.filter(({ kind }) => kind === "interruption")
        .map(({ interruptedNodeMs, lostNodeMs }) => [interruptedNodeMs, lostNodeMs]);
    expect(costs(20)).toEqual([]);
    // Since the checkpoint at 18 two hours are lost; the resume from the start at 23 loses ten.
    expect(costs(22)).toEqual([[hours(4), hours(4)]]);
    expect(costs(100)).toEqual([[hours(6), hours(20)]]);
  });
});

describe("the verdict is", () => {
  test("none for a rollout that never started", () => {
    const fleet = new Fleets();
    fleet.submitted("u", 10);
    fleet.maintenance("n1", 11, 12, "u");
    expect(brief(fleet.impact("u", 100).impact)).toEqual({ verdict: null, reasons: [] });
  });

  test("missed at once where something called impactless takes a node out of service", () => {
    const fleet = new Fleets();
    fleet.ran("u", 20, 30);
    fleet.maintenance("n1", 20, 21, "u");
    expect(fleet.impact("u", 20.0001).impact.reasons).toEqual(["out-of-service"]);
    expect(brief(fleet.impact("u", 20).impact).verdict).toBeNull();
  });

  test("missed where an impactful one takes more than a quarter longer than declared", () => {
    for (const [took, reasons] of [
      [1.25, []],
      [1.26, ["longer-than-declared"]],
    ] as const) {
      const fleet = new Fleets();
      fleet.ran("u", 20, 30, { impact: { kind: "impactful", secondsPerNode: 3_600 } });
      fleet.maintenance("n1", 20, 20 + took, "u");
      expect(fleet.impact("u", 100).impact.reasons).toEqual(reasons);
    }
  });

  test("missed where its nodes fail more often, by the whole interval", () => {
    for (const [faults, verdict] of [
      [5, "as-declared"],
      [6, "missed"],
    ] as const) {
      const fleet = new Fleets();
      fleet.ran("u", 20, 22);
      for (let i = 0; i < faults; i++) fleet.fault("n1", 22 + i, 22.5 + i);
      expect(fleet.impact("u", 100).impact.verdict).toBe(verdict);
    }
  });

  test("for one that nobody submitted, only about the failure rate", () => {
    const fleet = new Fleets();
    fleet.add("RolloutStarted", 20, { rollout: "u" });
    fleet.maintenance("n1", 20, 21, "u");
    fleet.add("RolloutCompleted", 22, { rollout: "u" });
    const { impact } = fleet.impact("u", 100);
    expect(impact.treated).toBe(4);
    expect(brief(impact)).toEqual({ verdict: "as-declared", reasons: [] });
  });
});

test("confounders are other rollouts that started in the windows on the same nodes", () => {
  const fleet = new Fleets();
  fleet.ran("u", 20, 22);
  fleet.ran("before", 10, 11);
  fleet.ran("after", 31, 33, { targets: { nodes: ["n2"] } });
  fleet.ran("elsewhere", 25, 26, { targets: { racks: ["r2"] } });
  fleet.ran("meanwhile", 21, 21.5);
  fleet.ran("too-late", 32, 33);
  const { confounders } = fleet.impact("u", 100);
  expect(confounders.map(({ rollout, nodes }) => [rollout, nodes])).toEqual([
    ["before", 2],
    ["after", 1],
  ]);
});

test("a correction changes the impact from its sequence on, and not as of before", () => {
  const fleet = new Fleets();
  fleet.ran("u", 20, 22);
  fleet.maintenance("n1", 20, 21, "u");
  const start = fleet.events.find(({ type }) => type === "NodeMaintenanceStarted");
  const P = fleet.events.length;
  fleet.add("FactRetracted", 50, { eventId: start?.id ?? "" });
  expect(fleet.impact("u", 100, P).impact.verdict).toBe("missed");
  expect(fleet.impact("u", 100).impact.verdict).toBe("as-declared");
});
