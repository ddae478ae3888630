/** Submitting, verifying, superseding and the fast path. */
import { describe, expect, it } from "vitest";
import type { Gates } from "../../../src/decisions/command/gates.ts";
import { noGates } from "../no-gates.ts";
import { submissionErrors } from "../../../src/decisions/rollouts/submit.ts";
import { hour, iso } from "../../projections/history.ts";
import { Situation, told } from "../situation.ts";

const start = { name: "start" } as const;
const millisecond = 1 / 3_600_000;

describe("submitting", () => {
  it("is refused with a deadline that is not after the instant", () => {
    const situation = new Situation();
    const deadline = iso(hour(5));
    expect(told(situation.submit(5, { deadline }))).toEqual({
      code: "rollout-refused",
      because: "deadline-over",
      by: null,
    });
    expect(told(situation.submit(5 - millisecond, { deadline }))).toMatchObject({
      appends: [{ type: "RolloutSubmitted", deadline }],
    });
  });

  it("is refused if no member is in the targets, and not if one is or none are given", () => {
    const situation = new Situation();
    situation.add("NodeCommissioned", 0, { node: "a1", rack: "A" });
    const noTarget = { code: "rollout-refused", because: "no-target", by: null };
    expect(told(situation.submit(5, { targets: { racks: ["B"] } }))).toEqual(noTarget);
    expect(told(situation.submit(5, { targets: { nodes: ["b1"] } }))).toEqual(noTarget);
    const taken = { appends: [{ type: "RolloutSubmitted" }] };
    expect(told(situation.submit(5, { targets: { nodes: ["a1", "b1"] } }))).toMatchObject(taken);
    expect(told(new Situation().submit(5))).toMatchObject(taken);
  });

  it("is invalid without updates, with a component twice, with an empty list or a word of the routes", () => {
    const body = {
      rollout: "violations",
      cluster: "c",
      targets: { racks: [] },
      updates: [
        { component: "driver", version: "1" },
        { component: "driver", version: "2" },
      ],
      impact: { kind: "impactless" },
      urgency: "routine",
    } as const;
    const fields = (errors: readonly { path: string }[]) => errors.map(({ path }) => path);
    expect(fields(submissionErrors(structuredClone(body) as never))).toEqual([
      "/rollout",
      "/targets/racks",
      "/updates/1/component",
    ]);
    const none = { ...body, rollout: "r", targets: { racks: ["A"] }, updates: [] };
    expect(fields(submissionErrors(structuredClone(none) as never))).toEqual(["/updates"]);
  });
});

describe("verifying", () => {
  it("is refused while nodes are left, and not without any progress", () => {
    const situation = new Situation();
    situation.submitted(0);
    situation.decidedOf("RolloutStarted", 1, {});
    const verified = { appends: ["RolloutVerificationStarted"] };
    expect(told(situation.ask(2, { name: "verify" }))).toEqual(verified);
    situation.rollout("RolloutProgressed", 2, { nodesDone: 3, nodesTotal: 4 });
    expect(told(situation.ask(3, { name: "verify" }))).toMatchObject({
      code: "transition-refused",
      state: "in-progress",
      command: "verify",
    });
    situation.rollout("RolloutProgressed", 3, { nodesDone: 4, nodesTotal: 4 });
    expect(told(situation.ask(4, { name: "verify" }))).toEqual(verified);
  });
});

describe("superseding", () => {
  const supersede = (supersededBy: string) => ({ name: "supersede", supersededBy }) as const;
  const refused = { code: "rollout-refused" };

  function two(): Situation {
    const situation = new Situation();
    situation.submitted(0);
    situation.submitted(3, { rollout: "s" });
    return situation;
  }

  it("names another rollout that was submitted and is not over", () => {
    expect(told(two().ask(4, supersede("s")))).toEqual({
      appends: [{ type: "RolloutSuperseded", supersededBy: "s" }],
    });
  });

  it("is refused by itself, by one that nobody submitted, by one that is over, by one that is to come", () => {
    expect(told(two().ask(4, supersede("r")))).toMatchObject(refused);
    expect(told(two().ask(4, supersede("t")))).toMatchObject(refused);
    expect(told(two().ask(2, supersede("s")))).toMatchObject(refused);
    const reported = two();
    reported.add("RolloutStarted", 1, { rollout: "t" });
    expect(told(reported.ask(4, supersede("t")))).toMatchObject(refused);
    const over = two();
    over.add("RolloutCancelled", 4, { rollout: "s" });
    expect(told(over.ask(3.5, supersede("s")))).toEqual({
      appends: [{ type: "RolloutSuperseded", supersededBy: "s" }],
    });
    expect(told(over.ask(4, supersede("s")))).toMatchObject(refused);
  });
});

describe("the fast path", () => {
  const gates: Gates = { ...noGates, hasFastPath: () => true };

  /** `x` and `y` from hour 10 to 20, `y` without the fast path. */
  function frozen(): Situation {
    const situation = new Situation();
    situation.nfz("x", { from: 10, to: 20 });
    situation.submitted(1);
    return situation;
  }

  it("lets a rollout start inside an NFZ, and the event and the answer say so", () => {
    const outcome = frozen().ask(12, start, { gates });
    expect(told(outcome)).toEqual({ appends: [{ type: "RolloutStarted", fastPath: ["x"] }] });
    expect(outcome).toMatchObject({ extra: { covered: [{ nfz: "x", by: "fast-path" }] } });
  });

  it("names no NFZ outside of them, or where a grant covers it anyway", () => {
    expect(told(frozen().ask(5, start, { gates }))).toEqual({
      appends: [{ type: "RolloutStarted", fastPath: [] }],
    });
    const situation = frozen();
    const grant = { role: "approver", nfzIds: ["x"], expiresAt: iso(hour(15)) };
    situation.decidedOf("RolloutOverrideGranted", 11, grant);
    expect(told(situation.ask(12, start, { gates }))).toEqual({
      appends: [{ type: "RolloutStarted", fastPath: [] }],
    });
  });

  it("does not pass an NFZ that excludes it", () => {
    const situation = frozen();
    situation.nfz("y", { from: 10, to: 20, noFastPath: true });
    expect(told(situation.ask(12, start, { gates }))).toMatchObject({
      appends: [{ type: "RolloutBlocked", nfzIds: ["y"] }],
    });
  });

  it("covers what begins or is declared while the rollout goes on, until it pauses", () => {
    const situation = frozen();
    expect(situation.does(5, start, { gates })).toEqual(["RolloutStarted"]);
    situation.nfz("z", { declared: 11, from: 11, to: 20, inFlight: "rollback" });
    expect(situation.sweeps(12)).toEqual([]);
    situation.decidedOf("RolloutPaused", 13, {});
    expect(told(situation.ask(14, { name: "resume" }))).toMatchObject({ code: "nfz-in-force" });
    expect(told(situation.ask(14, { name: "resume" }, { gates }))).toEqual({
      appends: [{ type: "RolloutResumed", fastPath: ["x", "z"] }],
    });
  });

  it("counts only in a decision: a report that claims it covers nothing", () => {
    const situation = frozen();
    situation.rollout("RolloutStarted", 5, { fastPath: [] });
    expect(situation.sweeps(12)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });

  it("leaves nothing to override in a rollout that has it", () => {
    const override = {
      name: "override",
      body: { role: "approver", expiresAt: iso(hour(15)) },
    } as const;
    expect(told(frozen().ask(12, override, { gates }))).toMatchObject({
      because: "nothing-to-override",
    });
  });
});
