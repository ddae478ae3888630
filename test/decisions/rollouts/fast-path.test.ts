/** The impactless fast path past no-fly zones: who has it, what it covers, and how it is withdrawn and earned back. */
import { describe, expect, test } from "vitest";
import { hasFastPath } from "../../../src/decisions/command/fast-path.ts";
import { noGates } from "../no-gates.ts";
import type { DataOf } from "../../../src/events/catalogue.ts";
import { Situation, told } from "../situation.ts";
import { rolloutLedger } from "./rollout-ledger.ts";

const gates = { ...noGates, hasFastPath };

const policy: Omit<DataOf<"RolloutPolicySet">, "cluster"> = {
  coTest: "none",
  overrideRoles: ["approver"],
  overrideMaxMs: 86_400_000,
  fastPath: true,
  fastPathPasses: 1,
  fastPathNodeDays: 0,
  imminentMs: 0,
  maintenanceMaxMs: 86_400_000,
  impactWindowMs: 3_600_000,
  maxBundle: 4,
};

/** Rollout `r` is submitted at hour 40, and a zone is in force from 50 to 60. */
function frozen(more: { noFastPath?: boolean; fastPath?: boolean } = {}): Situation {
  const situation = new Situation();
  situation.add("RolloutPolicySet", 0, { ...policy, fastPath: more.fastPath ?? true });
  situation.add("NodeCommissioned", 0, { node: "n1" });
  situation.nfz("z", { from: 50, to: 60, noFastPath: more.noFastPath ?? false });
  situation.submitted(40);
  return situation;
}

/** An earlier rollout of the family, which took its node out for an hour or did not. */
function earlier(situation: Situation, from: number, version: string, isMissed: boolean): void {
  const rollout = `of-${version}-${from}`;
  situation.add("RolloutSubmitted", from, {
    rollout,
    updates: [{ component: "driver", version }],
    impact: { kind: "impactless" },
    urgency: "routine",
  });
  situation.add("RolloutStarted", from, { rollout });
  if (isMissed) {
    const own = { node: "n1", maintenanceId: rollout };
    situation.add("NodeMaintenanceStarted", from, { ...own, rolloutId: rollout });
    situation.add("NodeMaintenanceEnded", from + 1, own);
  }
  situation.add("RolloutCompleted", from + 1, { rollout });
}

const onFastPath = { appends: [{ type: "RolloutStarted", fastPath: ["z"] }] };

function start(situation: Situation, hours = 55): object {
  return told(situation.ask(hours, { name: "start" }, { gates }));
}

describe("the fast path", () => {
  test("covers a zone in force, and the start names it", () => {
    expect(start(frozen())).toEqual(onFastPath);
  });

  test("is written with no names where there was nothing to cover", () => {
    expect(start(frozen(), 45)).toEqual({ appends: [{ type: "RolloutStarted", fastPath: [] }] });
  });

  test("covers no zone that excludes it", () => {
    expect(start(frozen({ noFastPath: true }))).toMatchObject({ code: "nfz-in-force" });
  });

  test("does not exist where the policy does not set it: the start says nothing of it", () => {
    const without = frozen({ fastPath: false });
    expect(start(without)).toMatchObject({ code: "nfz-in-force" });
    expect(start(without, 45)).toEqual({ appends: ["RolloutStarted"] });
  });

  test("is for what was declared impactless", () => {
    const situation = frozen();
    situation.add("RolloutSubmitted", 41, {
      rollout: "slow",
      updates: [{ component: "driver", version: "2" }],
      impact: { kind: "impactful", secondsPerNode: 1 },
      urgency: "routine",
    });
    const world = situation.at(55).world;
    const status = world.view.entity("rollout", "slow")?.status;
    expect(status && hasFastPath({ rollout: "slow", world, status })).toBe(false);
  });

  test("is withdrawn by a rollout of the family that missed, and earned back by one that did not", () => {
    const situation = frozen();
    earlier(situation, 10, "1", true);
    expect(start(situation)).toMatchObject({ code: "nfz-in-force" });
    earlier(situation, 20, "1b", false);
    expect(start(situation)).toEqual(onFastPath);
  });

  test("never belongs to a version that missed, even when the family has earned it back", () => {
    const situation = frozen();
    earlier(situation, 10, "2", true);
    earlier(situation, 20, "3", false);
    expect(start(situation)).toMatchObject({ code: "nfz-in-force" });
  });

  test("is judged at the instant of the decision: a pass whose window is not over does not count yet", () => {
    const situation = frozen();
    earlier(situation, 10, "1", true);
    earlier(situation, 53.5, "1b", false);
    expect(start(situation, 55)).toMatchObject({ code: "nfz-in-force" });
    expect(start(situation, 55.5)).toEqual(onFastPath);
  });

  test("goes on as it started, and a resume asks anew", () => {
    const situation = frozen();
    expect(situation.does(45, { name: "start" }, { gates })).toEqual(["RolloutStarted"]);
    expect(situation.sweeps(51)).toEqual([]);
    situation.add("NodeMaintenanceStarted", 52, { node: "n1", maintenanceId: "m", rolloutId: "r" });
    situation.add("NodeMaintenanceEnded", 53, { node: "n1", maintenanceId: "m" });
    // By now it has missed what it declared: what runs keeps what it started with.
    expect(situation.sweeps(54)).toEqual([]);
    expect(situation.does(54, { name: "pause" }, { gates })).toEqual(["RolloutPaused"]);
    expect(told(situation.ask(55, { name: "resume" }, { gates }))).toMatchObject({
      code: "nfz-in-force",
    });
  });
});

test("a ledger that serves judges by it", async () => {
  await using served = await rolloutLedger();
  await served.state("RolloutPolicySet", 0, { cluster: "c", ...policy });
  await served.state("NodeCommissioned", 0, { cluster: "c", node: "n1" });
  await served.state("NfzDeclared", 0, {
    cluster: "c",
    nfz: "z",
    inFlight: "pause",
    occurrences: [{ from: "2026-03-01T00:00:00.000Z", to: "2026-03-05T00:00:00.000Z" }],
  });
  await served.submit();
  served.setClock(5);
  expect(await served.ask({ name: "start" })).toMatchObject({
    state: "in-progress",
    covered: [{ nfz: "z", by: "fast-path" }],
  });
});
