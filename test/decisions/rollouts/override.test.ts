/** Overrides: who may grant one, over which NFZs, for how long, and what it then covers. */
import { describe, expect, it } from "vitest";
import type { Caller } from "../../../src/decisions/command/asked.ts";
import type { RolloutCommand } from "../../../src/decisions/rollouts/commands.ts";
import { hour, iso } from "../../projections/history.ts";
import { Situation, told } from "../situation.ts";

const start = { name: "start" } as const;
const millisecond = 1 / 3_600_000;

/** In force from hour 10 to 20; the rollout waits. */
function waiting(): Situation {
  const situation = new Situation();
  situation.nfz("x", { from: 10, to: 20 });
  situation.submitted(1);
  return situation;
}

function override(expires: number, nfzIds?: readonly string[], role = "approver"): RolloutCommand {
  const body = { role, expiresAt: iso(hour(expires)), ...(nfzIds === undefined ? {} : { nfzIds }) };
  return { name: "override", body };
}

const rolesOf = (...roles: string[]): Caller => ({
  actor: "ann",
  roles: new Set(roles),
  clusters: null,
});

describe("an override", () => {
  it("names the NFZs that hold the rollout, if the command names none", () => {
    expect(told(waiting().ask(12, override(15)))).toEqual({
      appends: [
        {
          type: "RolloutOverrideGranted",
          role: "approver",
          nfzIds: ["x"],
          expiresAt: iso(hour(15)),
        },
      ],
    });
  });

  it("takes NFZs that are still to come, by name and each once", () => {
    const situation = waiting();
    situation.nfz("a", { from: 14, to: 16 });
    expect(told(situation.ask(5, override(15, ["x", "a", "x"])))).toMatchObject({
      appends: [{ nfzIds: ["a", "x"] }],
    });
  });

  it("is refused and recorded to who has not the role that they claim", () => {
    const asking = { caller: rolesOf("operator") };
    expect(told(waiting().ask(12, override(15), asking))).toEqual({
      appends: [
        { type: "RolloutRefused", command: "override", code: "role-needed", roles: ["approver"] },
      ],
      code: "role-needed",
      roles: ["approver"],
    });
  });

  it("is refused to a role that the cluster's policy does not name, though the caller has it", () => {
    const situation = waiting();
    const policy = { coTest: "none", overrideRoles: ["lead", "boss"], overrideMaxMs: 7_200_000 };
    const rest = { fastPath: false, fastPathPasses: 1, fastPathNodeDays: 1, imminentMs: 1 };
    const last = { maintenanceMaxMs: 1, impactWindowMs: 1, maxBundle: 4 };
    situation.add("RolloutPolicySet", 2, { ...policy, ...rest, ...last } as never);
    expect(told(situation.ask(12, override(13)))).toMatchObject({
      code: "role-needed",
      roles: ["lead", "boss"],
    });
    const asking = { caller: rolesOf("lead") };
    expect(told(situation.ask(12, override(13, undefined, "lead"), asking))).toMatchObject({
      appends: [{ type: "RolloutOverrideGranted", role: "lead" }],
    });
    expect(told(situation.ask(12, override(14, undefined, "lead"), asking))).toMatchObject({
      appends: [{ type: "RolloutOverrideGranted" }],
    });
    expect(
      told(situation.ask(12, override(14 + millisecond, undefined, "lead"), asking)),
    ).toMatchObject({ code: "override-refused", because: "expiry" });
  });

  it("is decided about its role before its state of affairs: a wrong expiry is not told to a stranger", () => {
    const asking = { caller: rolesOf("operator") };
    expect(told(waiting().ask(12, override(12), asking))).toMatchObject({ code: "role-needed" });
  });

  it.each([
    ["at the instant itself", 12, 12],
    ["before the instant", 12, 11],
    ["more than a day later, without a policy", 12, 36 + millisecond],
  ])("is refused if it expires %s", (_when, at, expires) => {
    expect(told(waiting().ask(at, override(expires)))).toEqual({
      code: "override-refused",
      because: "expiry",
      by: null,
    });
  });

  it("may last a day to the millisecond, without a policy", () => {
    expect(told(waiting().ask(12, override(36)))).toMatchObject({
      appends: [{ type: "RolloutOverrideGranted" }],
    });
  });

  it("is refused if nothing holds the rollout and no NFZ is named", () => {
    expect(told(waiting().ask(5, override(15)))).toMatchObject({ because: "nothing-to-override" });
  });

  it("is refused if what holds it is overridden already and no NFZ is named", () => {
    const situation = waiting();
    expect(situation.does(12, override(15))).toEqual(["RolloutOverrideGranted"]);
    expect(told(situation.ask(13, override(15)))).toMatchObject({
      because: "nothing-to-override",
    });
  });

  it.each([
    ["is not declared", ["y"], 15],
    ["does not match the rollout", ["elsewhere"], 15],
    ["begins when it expires", ["x"], 10],
    ["is over", ["past"], 15],
  ])("is refused if a named NFZ %s", (_what, nfzIds, expires) => {
    const situation = new Situation();
    situation.add("NodeCommissioned", 0, { node: "a1", rack: "A" });
    situation.add("NodeCommissioned", 0, { node: "b1", rack: "B" });
    situation.submitted(1, { targets: { racks: ["A"] } });
    situation.nfz("x", { from: 10, to: 20 });
    situation.nfz("elsewhere", { from: 10, to: 20, scope: { racks: ["B"] } });
    situation.nfz("past", { from: 1, to: 5 });
    expect(told(situation.ask(5, override(expires, nfzIds)))).toEqual({
      code: "override-refused",
      because: "nfz",
      by: null,
    });
  });
});

describe("a grant", () => {
  function granted(nfzIds: readonly string[] = ["x"]): Situation {
    const situation = waiting();
    situation.decidedOf("RolloutOverrideGranted", 12, {
      role: "approver",
      nfzIds: [...nfzIds],
      expiresAt: iso(hour(15)),
    });
    return situation;
  }

  it("lets the rollout start from its instant until it expires, and is named in the answer", () => {
    const situation = granted();
    const by = situation.events.at(-1)?.id;
    const outcome = situation.ask(12, start);
    expect(told(outcome)).toEqual({ appends: ["RolloutStarted"] });
    expect(outcome).toMatchObject({ extra: { covered: [{ nfz: "x", by }] } });
    expect(told(situation.ask(15 - millisecond, start))).toEqual({ appends: ["RolloutStarted"] });
    expect(told(situation.ask(15, start))).toMatchObject({ code: "nfz-in-force" });
  });

  it("covers no longer from its revocation on", () => {
    const situation = granted();
    const grant = situation.events.at(-1)?.id ?? "";
    expect(situation.does(13, { name: "revoke", override: grant.toUpperCase() })).toEqual([
      "RolloutOverrideRevoked",
    ]);
    expect(told(situation.ask(13, start))).toMatchObject({ code: "nfz-in-force" });
  });

  it("covers the NFZs that it names and no others", () => {
    const situation = granted();
    situation.nfz("y", { from: 10, to: 20 });
    expect(told(situation.ask(13, start))).toMatchObject({
      appends: [{ type: "RolloutBlocked", nfzIds: ["y"] }],
    });
  });

  it("does not cover an NFZ of a name in it that was declared later", () => {
    const situation = granted(["x", "z"]);
    situation.nfz("z", { declared: 12 + millisecond, from: 10, to: 20 });
    expect(told(situation.ask(13, start))).toMatchObject({
      appends: [{ type: "RolloutBlocked", nfzIds: ["z"] }],
    });
  });

  it("does not release: a blocked rollout stays in the queue until it starts", () => {
    const situation = waiting();
    situation.does(11, start);
    expect(situation.does(12, override(15))).toEqual(["RolloutOverrideGranted"]);
    expect(situation.sweeps(13)).toEqual([]);
    expect(situation.state(13)).toBe("blocked");
    expect(told(situation.ask(14, start))).toEqual({ appends: ["RolloutStarted"] });
  });

  it("that was only reported covers only a rollout whose last start was reported", () => {
    const grant = { role: "approver", nfzIds: ["x"], expiresAt: iso(hour(19)) };
    const asks = waiting();
    asks.rollout("RolloutOverrideGranted", 2, grant);
    expect(told(asks.ask(12, start))).toMatchObject({ code: "nfz-in-force" });
    asks.decidedOf("RolloutStarted", 9, {});
    expect(asks.sweeps(12)).toEqual(["RolloutPaused", "RolloutBlocked"]);
    const reports = waiting();
    reports.rollout("RolloutOverrideGranted", 2, grant);
    reports.rollout("RolloutStarted", 9, {});
    expect(reports.sweeps(12)).toEqual([]);
    expect(reports.sweeps(19)).toEqual(["RolloutPaused", "RolloutBlocked"]);
  });
});

describe("revoking", () => {
  function granted(): { readonly situation: Situation; readonly override: string } {
    const situation = waiting();
    const grant = { role: "approver", nfzIds: ["x"], expiresAt: iso(hour(15)) };
    return { situation, override: situation.decidedOf("RolloutOverrideGranted", 12, grant) };
  }

  it("an override that is not there is answered as not found, also if the rollout is over", () => {
    const { situation } = granted();
    const unknown = { name: "revoke", override: "00000000-0000-4000-8000-000000000999" } as const;
    expect(told(situation.ask(13, unknown))).toMatchObject({ code: "not-found" });
    situation.decidedOf("RolloutCancelled", 13, {});
    expect(told(situation.ask(14, unknown))).toMatchObject({ code: "not-found" });
  });

  it("one that is revoked is answered with the revocation, one that expired with the grant", () => {
    const { situation, override: grant } = granted();
    const revoke = { name: "revoke", override: grant } as const;
    expect(told(situation.ask(15, revoke))).toEqual({ already: grant });
    situation.does(13, revoke);
    expect(told(situation.ask(14, revoke))).toEqual({ already: situation.events.at(-1)?.id });
  });

  it("one of a rollout that is over is refused, unless it ended before", () => {
    const { situation, override: grant } = granted();
    situation.decidedOf("RolloutCancelled", 13, {});
    const revoke = { name: "revoke", override: grant } as const;
    expect(told(situation.ask(14, revoke))).toMatchObject({ code: "transition-refused" });
    expect(told(situation.ask(16, revoke))).toEqual({ already: grant });
  });
});
