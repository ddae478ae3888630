/** What a sweep does to one rollout when no-fly zones begin, end or change. */
import { describe, expect, it } from "vitest";
import { hour, iso } from "../../projections/history.ts";
import { Situation } from "../situation.ts";
import { drafts, progress, running } from "./running.ts";

const millisecond = 1 / 3_600_000;
const start = { name: "start" } as const;

describe("when an NFZ with pause begins", () => {
  it("a rollout in progress is paused and blocked, and both name the NFZ", () => {
    const situation = running("pause");
    expect(drafts(situation, 10 - millisecond)).toEqual([]);
    expect(drafts(situation, 10)).toEqual([
      ["RolloutPaused", ["x"]],
      ["RolloutBlocked", ["x"]],
    ]);
    expect(situation.sweep(10)?.nfzIds).toEqual(["x"]);
  });

  it("a rollout that is blocked by exactly that NFZ already is only paused", () => {
    const situation = running("pause");
    situation.rollout("RolloutBlocked", 3, { nfzIds: ["x"] });
    expect(drafts(situation, 10)).toEqual([["RolloutPaused", ["x"]]]);
    const other = running("pause");
    other.rollout("RolloutBlocked", 3, { nfzIds: ["x", "y"] });
    expect(drafts(other, 10)).toEqual([
      ["RolloutPaused", ["x"]],
      ["RolloutBlocked", ["x"]],
    ]);
  });

  it.each(["RolloutPaused", "RolloutVerificationStarted", "RolloutRollbackOrdered"] as const)(
    "what is not in progress is left alone: after %s",
    (type) => {
      const situation = running("pause");
      situation.rollout(type, 5, {});
      expect(situation.sweeps(10)).toEqual([]);
    },
  );

  it.each(["RolloutSubmitted", "RolloutCompleted", "RolloutFailed", "RolloutCancelled"] as const)(
    "nothing is done to what waits or is over: after %s",
    (type) => {
      const situation = new Situation();
      situation.nfz("x", { from: 10, to: 20 });
      if (type === "RolloutSubmitted") situation.submitted(1);
      else situation.rollout(type, 1, {});
      expect(situation.sweeps(10)).toEqual([]);
    },
  );

  it("a rollout that only a deploy system reports is paused as well", () => {
    const situation = new Situation();
    situation.nfz("x", { from: 10, to: 20 });
    progress(situation, 5);
    expect(situation.sweeps(12)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });
});

describe("when an NFZ with rollback begins", () => {
  it("a rollout in progress is ordered to roll back", () => {
    expect(drafts(running("rollback"), 10)).toEqual([["RolloutRollbackOrdered", ["x"]]]);
  });

  it("a blocked one is released first, so that it does not wait for ever", () => {
    const situation = running("rollback");
    situation.rollout("RolloutBlocked", 3, { nfzIds: ["x"] });
    expect(situation.sweeps(10)).toEqual(["RolloutUnblocked", "RolloutRollbackOrdered"]);
    expect(situation.sweeps(30)).toEqual([]);
  });
});

describe("of several NFZs", () => {
  it.each([
    ["rollback", "pause", ["RolloutRollbackOrdered"]],
    ["finish", "rollback", ["RolloutRollbackOrdered"]],
    ["finish", "pause", ["RolloutPaused", "RolloutBlocked"]],
    ["pause", "finish", ["RolloutPaused", "RolloutBlocked"]],
    ["finish", "finish", []],
  ] as const)("%s and %s: the strictest is followed", (one, other, types) => {
    const situation = running(one);
    situation.nfz("a", { from: 10, to: 20, inFlight: other });
    expect(situation.sweeps(12)).toEqual(types);
  });

  it("one that is covered demands nothing, and its policy does not count", () => {
    const situation = running("rollback");
    situation.nfz("a", { from: 10, to: 20, inFlight: "pause" });
    situation.decidedOf("RolloutOverrideGranted", 9, {
      role: "approver",
      nfzIds: ["x"],
      expiresAt: iso(hour(30)),
    });
    expect(drafts(situation, 12)).toEqual([
      ["RolloutPaused", ["a"]],
      ["RolloutBlocked", ["a"]],
    ]);
  });
});

describe("when cover ends while the NFZ holds", () => {
  it.each([
    ["expires", null],
    ["is revoked", 13],
  ])("the NFZ is met as one that begins: a grant that %s", (_how, revokedAt) => {
    const situation = running("pause");
    const override = situation.decidedOf("RolloutOverrideGranted", 9, {
      role: "approver",
      nfzIds: ["x"],
      expiresAt: iso(hour(14)),
    });
    if (revokedAt !== null) situation.decidedOf("RolloutOverrideRevoked", revokedAt, { override });
    const end = revokedAt ?? 14;
    expect(situation.sweeps(end - millisecond)).toEqual([]);
    expect(situation.sweeps(end)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });
});

describe("when an NFZ ends", () => {
  function blocked(): Situation {
    const situation = new Situation();
    situation.nfz("x", { from: 10, to: 20 });
    situation.submitted(1);
    expect(situation.does(12, start)).toEqual(["RolloutBlocked"]);
    return situation;
  }

  it("what it blocked is released at the instant of the sweep, however late that is", () => {
    expect(blocked().sweeps(20 - millisecond)).toEqual([]);
    const late = blocked();
    expect(late.sweeps(90)).toEqual(["RolloutUnblocked"]);
    expect(late.events.at(-1)?.occurredAt).toBe(hour(90));
    expect(late.state(90)).toBe("releasable");
  });

  it("early, by lifting or cancelling, what it blocked is released", () => {
    for (const type of ["NfzLifted", "NfzCancelled"] as const) {
      const situation = blocked();
      situation.add(type, 15, { nfz: "x" });
      expect(situation.sweeps(15)).toEqual(["RolloutUnblocked"]);
    }
  });

  it("what another one holds by then is refused anew, by that one", () => {
    const situation = blocked();
    situation.nfz("y", { from: 19, to: 30 });
    expect(situation.sweeps(19)).toEqual([]);
    expect(drafts(situation, 20)).toEqual([["RolloutBlocked", ["y"]]]);
    expect(situation.sweep(20)?.nfzIds).toEqual(["y"]);
    expect(situation.sweeps(20)).toEqual(["RolloutBlocked"]);
    expect(situation.sweeps(30)).toEqual(["RolloutUnblocked"]);
  });

  it("what another one holds by then is released if that one is covered", () => {
    const situation = blocked();
    situation.nfz("y", { from: 19, to: 30 });
    situation.decidedOf("RolloutOverrideGranted", 19, {
      role: "approver",
      nfzIds: ["y"],
      expiresAt: iso(hour(30)),
    });
    expect(situation.sweeps(20)).toEqual(["RolloutUnblocked"]);
  });

  it("what is blocked by several waits for the last of them", () => {
    const situation = blocked();
    situation.nfz("y", { from: 10, to: 25 });
    expect(situation.does(13, start)).toEqual(["RolloutBlocked"]);
    expect(situation.sweeps(20)).toEqual([]);
    expect(situation.sweep(25)?.nfzIds).toEqual(["x", "y"]);
    expect(situation.sweeps(25)).toEqual(["RolloutUnblocked"]);
  });

  it("what an NFZ blocked that nobody declared is released at once", () => {
    const situation = new Situation();
    situation.submitted(1);
    situation.rollout("RolloutBlocked", 2, { nfzIds: ["nowhere"] });
    expect(situation.sweeps(3)).toEqual(["RolloutUnblocked"]);
  });

  it("what it paused is released and stays paused: only its owner resumes it", () => {
    const situation = running("pause");
    situation.sweeps(10);
    expect(situation.sweeps(20)).toEqual(["RolloutUnblocked"]);
    expect(situation.state(20)).toBe("paused");
    expect(situation.sweeps(21)).toEqual([]);
  });

  it.each(["RolloutVerificationStarted", "RolloutRollbackOrdered"] as const)(
    "what was blocked and went on is released too: after %s",
    (type) => {
      const situation = running("finish");
      situation.rollout("RolloutBlocked", 11, { nfzIds: ["x"] });
      situation.rollout(type, 12, {});
      expect(situation.sweeps(20)).toEqual(["RolloutUnblocked"]);
    },
  );
});

describe("a second sweep at the same state", () => {
  it.each(["finish", "pause", "rollback"] as const)("appends nothing: %s", (inFlight) => {
    const situation = running(inFlight);
    situation.nfz("y", { from: 18, to: 30, inFlight: "finish" });
    progress(situation, 11);
    for (const at of [10, 12, 18, 20, 21, 30, 31]) {
      situation.sweeps(at);
      expect(situation.sweep(at)).toBeNull();
      expect(situation.sweep(at + millisecond)).toBeNull();
    }
  });
});

describe("a zone that is taken back", () => {
  it("releases what it blocked, when its declaration is retracted or moved away", () => {
    for (const amend of ["retract", "move"] as const) {
      const situation = new Situation();
      const eventId = situation.nfz("x", { from: 10, to: 20 });
      situation.submitted(1);
      situation.does(12, start);
      if (amend === "retract")
        situation.add("FactRetracted", 13, { eventId, reason: "no" } as never);
      else {
        const occurrences = [{ from: iso(hour(40)), to: iso(hour(50)) }];
        const data = { nfz: "x", cluster: "c", occurrences, inFlight: "pause" };
        situation.add("FactCorrected", 13, { eventId, data });
      }
      expect(situation.sweeps(14)).toEqual(["RolloutUnblocked"]);
    }
  });
});
