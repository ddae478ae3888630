/** To finish means one more step: from when the step counts. */
import { describe, expect, it } from "vitest";
import { hour, iso } from "../../projections/history.ts";
import { Situation } from "../situation.ts";
import { drafts, progress, running } from "./running.ts";

const millisecond = 1 / 3_600_000;

describe("when an NFZ with finish begins", () => {
  it("a rollout takes one more step: it is paused after the next progress", () => {
    const situation = running("finish");
    progress(situation, 9);
    expect(situation.sweeps(15)).toEqual([]);
    progress(situation, 10 - millisecond, 2);
    expect(situation.sweeps(15)).toEqual([]);
    progress(situation, 10, 3);
    expect(situation.sweeps(15)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });

  it("the step is counted from the declaration, if that comes later", () => {
    const situation = running("finish", { declared: 12 });
    progress(situation, 12 - millisecond);
    expect(situation.sweeps(15)).toEqual([]);
    progress(situation, 12, 2);
    expect(situation.sweeps(15)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });

  it("the step is counted from the end of the last cover", () => {
    const situation = running("finish");
    const grant = (hours: number, expires: number) =>
      situation.decidedOf("RolloutOverrideGranted", hours, {
        role: "approver",
        nfzIds: ["x"],
        expiresAt: iso(hour(expires)),
      });
    grant(3, 14);
    const revoked = grant(4, 19);
    situation.decidedOf("RolloutOverrideRevoked", 15, { override: revoked });
    progress(situation, 15 - millisecond);
    expect(situation.sweeps(16)).toEqual([]);
    progress(situation, 15, 2);
    expect(situation.sweeps(16)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });

  it("a grant that was only reported delays nothing for a rollout that the ledger started", () => {
    const situation = running("finish");
    const grant = { role: "approver", nfzIds: ["x"], expiresAt: iso(hour(14)) };
    situation.rollout("RolloutOverrideGranted", 3, grant);
    progress(situation, 12);
    expect(situation.sweeps(15)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });

  it("a step before its last resume does not count", () => {
    const situation = running("finish");
    progress(situation, 11);
    situation.rollout("RolloutPaused", 12, {});
    situation.rollout("RolloutResumed", 13, {});
    expect(situation.sweeps(15)).toEqual([]);
    progress(situation, 14, 2);
    expect(situation.sweeps(15)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });

  it("of several NFZs the first that held it sets from when", () => {
    const situation = running("finish");
    situation.nfz("y", { from: 12, to: 30, inFlight: "finish" });
    progress(situation, 11);
    expect(drafts(situation, 13)).toEqual([
      ["RolloutPaused", ["x", "y"]],
      ["RolloutBlocked", ["x", "y"]],
    ]);
  });

  it("an NFZ of several stretches is counted from the begin of the one that runs", () => {
    const situation = new Situation();
    const occurrences = [
      { from: iso(hour(3)), to: iso(hour(5)) },
      { from: iso(hour(10)), to: iso(hour(15)) },
      { from: iso(hour(15)), to: iso(hour(20)) },
    ];
    situation.add("NfzDeclared", 0, { nfz: "x", occurrences, inFlight: "finish" });
    situation.submitted(1);
    situation.decidedOf("RolloutStarted", 2, {});
    progress(situation, 4);
    expect(situation.sweeps(16)).toEqual([]);
    progress(situation, 12, 2);
    expect(situation.sweeps(16)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });
});
