/** What no-fly zones cost, by hand. */
import { describe, expect, test } from "vitest";
import { nfzCostIn } from "../../../projections/figures/nfz-cost/cost.ts";
import { rolloutsOf } from "../../../projections/impact/fleet.ts";
import type { DataOf } from "../../../src/events/catalogue.ts";
import { hour, hourMs, iso } from "../history.ts";
import { Fleets } from "../impact/fleets.ts";

class Zones extends Fleets {
  zone(nfz: string, declared: number, from: number, to: number): void {
    const occurrences = [{ from: iso(hour(from)), to: iso(hour(to)) }];
    this.add("NfzDeclared", declared, { nfz, occurrences, inFlight: "finish" });
  }

  blocked(rollout: string, hours: number, ...nfzIds: string[]): void {
    this.add("RolloutBlocked", hours, { rollout, nfzIds });
  }

  cost(from: number, to: number) {
    const view = this.view();
    return nfzCostIn(view, rolloutsOf(view), { from: hour(from), to: hour(to) });
  }

  decided<T extends "RolloutStarted">(type: T, hours: number, own: Omit<DataOf<T>, "cluster">) {
    this.add(type, hours, own);
    const event = this.events.pop();
    if (event === undefined) throw new Error("nothing was added");
    const decision = { command: "start", sequence: this.events.length };
    this.events.push({ ...event, attribution: { decision } });
  }
}

const hours = (count: number) => count * hourMs;

describe("blocked time", () => {
  test("belongs whole to each zone that the latest refusal named while it was in force", () => {
    const zones = new Zones();
    zones.zone("a", 0, 10, 20);
    zones.zone("b", 0, 15, 30);
    zones.submitted("u", 1);
    zones.blocked("u", 12, "a");
    zones.blocked("u", 16, "a", "b");
    // Nobody wakes it up for two hours after the zones.
    zones.add("RolloutUnblocked", 32, { rollout: "u" });
    const cost = zones.cost(0, 100);
    expect(cost.inForceMs).toBe(hours(20));
    expect(cost.nfzs).toEqual([
      { nfz: "a", inForceMs: hours(10), blockedMs: hours(8), aloneMs: hours(4) },
      { nfz: "b", inForceMs: hours(15), blockedMs: hours(14), aloneMs: hours(10) },
    ]);
    expect(cost.blockedMs).toBe(hours(20));
    expect(cost.blockedDays).toBe(0.833333333);
    expect(cost.wakeUpMs).toBe(hours(2));
  });

  test("is cut to the window, of zones too", () => {
    const zones = new Zones();
    zones.zone("a", 0, 10, 20);
    zones.submitted("u", 1);
    zones.blocked("u", 12, "a");
    const cost = zones.cost(14, 18);
    expect([cost.inForceMs, cost.blockedMs, cost.wakeUpMs]).toEqual([hours(4), hours(4), 0]);
    expect(zones.cost(30, 40)).toMatchObject({
      nfzs: [],
      blockedMs: hours(10),
      wakeUpMs: hours(10),
    });
  });

  test("follows the zone as it took effect: not before its declaration, and up to where it was lifted", () => {
    const zones = new Zones();
    zones.zone("a", 12, 10, 20);
    zones.add("NfzLifted", 17, { nfz: "a" });
    expect(zones.cost(0, 100).inForceMs).toBe(hours(5));
  });
});

test("deadlines count that passed while a security or emergency update was blocked", () => {
  const zones = new Zones();
  zones.zone("a", 0, 10, 40);
  const until = (deadline: number, urgency: DataOf<"RolloutSubmitted">["urgency"]) => ({
    deadline: iso(hour(deadline)),
    urgency,
  });
  for (const [rollout, deadline, urgency] of [
    ["late", 30, "security"],
    ["routine", 30, "routine"],
    ["in-time", 41, "emergency"],
    ["outside", 8, "emergency"],
  ] as const) {
    zones.submitted(rollout, 1, until(deadline, urgency));
    zones.blocked(rollout, 12, "a");
    zones.add("RolloutStarted", 40, { rollout });
  }
  expect(zones.cost(10, 100).deadlinesMissed).toEqual([
    { rollout: "late", deadline: hour(30), blockedAfterMs: hours(10) },
  ]);
});

test("overrides and fast-path starts are counted apart; a start that only reports it is none", () => {
  const zones = new Zones();
  for (const rollout of ["fast", "told", "free"]) zones.submitted(rollout, 1);
  zones.add("RolloutOverrideGranted", 2, {
    rollout: "told",
    role: "approver",
    nfzIds: ["a"],
    expiresAt: iso(hour(9)),
  });
  zones.decided("RolloutStarted", 3, { rollout: "fast", fastPath: ["a"] });
  zones.decided("RolloutStarted", 3, { rollout: "free", fastPath: [] });
  zones.add("RolloutStarted", 4, { rollout: "told", fastPath: ["a"] });
  expect(zones.cost(0, 10)).toMatchObject({ overrides: 1, fastPathStarts: 1 });
});

test("a thaw is an end of the time under any zone, with the day after it and the day before it began", () => {
  const zones = new Zones();
  zones.zone("a", 0, 50, 60);
  zones.zone("b", 0, 60, 70);
  zones.ran("early", 40, 41);
  zones.fault("n1", 45, 46);
  zones.submitted("u", 51);
  zones.blocked("u", 52, "a");
  zones.add("RolloutUnblocked", 70, { rollout: "u" });
  zones.add("RolloutStarted", 71, { rollout: "u" });
  zones.add("JobStarted", 1, { job: "j", nodes: ["n1"] });
  zones.add("JobInterrupted", 72, { job: "j", cause: { kind: "maintenance" } });
  zones.add("JobResumed", 73, { job: "j" });
  zones.add("JobInterrupted", 74, { job: "j", cause: { kind: "software" } });
  zones.fault("n2", 80, 81);
  zones.fault("n3", 80, 81);
  zones.fault("n1", 94, 95);
  expect(zones.cost(0, 200).thaws).toEqual([
    {
      at: hour(70),
      since: hour(50),
      before: { released: 0, started: 1, interruptions: 0, faults: 1 },
      after: { released: 1, started: 1, interruptions: 1, faults: 1 },
    },
  ]);
  expect(zones.cost(0, 70).thaws).toEqual([]);
});
