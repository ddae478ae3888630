/** Asking to start or to resume: who is held, what the refusal says, and when it is said anew. */
import { describe, expect, it } from "vitest";
import type { Gates } from "../../../src/decisions/command/gates.ts";
import { hour, iso } from "../../projections/history.ts";
import { Situation, told } from "../situation.ts";

const start = { name: "start" } as const;
const resume = { name: "resume" } as const;

const minute = 1 / 60;
const second = 1 / 3_600;
const millisecond = second / 1_000;

/** Nodes a1 and a2 in rack A, b1 in rack B. */
function racks(): Situation {
  const situation = new Situation();
  for (const [node, rack, sku] of [
    ["a1", "A", "fast"],
    ["a2", "A", "slow"],
    ["b1", "B", "fast"],
  ] as const)
    situation.add("NodeCommissioned", 0, { node, rack, sku });
  return situation;
}

function waiting(): Situation {
  const situation = new Situation();
  situation.nfz("x", { from: 10, to: 20 });
  situation.submitted(1);
  return situation;
}

function codeOf(situation: Situation, hours: number): string {
  const outcome = situation.ask(hours, start);
  return outcome.kind === "append" && outcome.refusal === undefined ? "starts" : "held";
}

describe("a rollout that asks to start", () => {
  it("starts where no matching NFZ is in force", () => {
    expect(told(waiting().ask(9, start))).toEqual({ appends: ["RolloutStarted"] });
  });

  it("is held from the first instant of an NFZ up to its end, which is not in it", () => {
    const situation = waiting();
    expect(codeOf(situation, 10 - millisecond)).toBe("starts");
    expect(codeOf(situation, 10)).toBe("held");
    expect(codeOf(situation, 20 - millisecond)).toBe("held");
    expect(codeOf(situation, 20)).toBe("starts");
  });

  it("is told the NFZs, the stretches that they form, and when it can start", () => {
    const situation = waiting();
    situation.nfz("y", { from: 18, to: 24, inFlight: "rollback", scope: { racks: ["A"] } });
    const both = {
      code: "nfz-in-force",
      nfzs: [
        { nfz: "x", from: iso(hour(10)), to: iso(hour(20)), inFlight: "pause", scope: null },
        {
          nfz: "y",
          from: iso(hour(18)),
          to: iso(hour(24)),
          inFlight: "rollback",
          scope: { racks: ["A"] },
        },
      ],
      nextStart: iso(hour(24)),
    };
    expect(told(situation.ask(19, start))).toEqual({
      appends: [{ type: "RolloutBlocked", nfzIds: ["x", "y"] }],
      ...both,
    });
  });

  it("is not held by an NFZ before its declaration, though it begins earlier", () => {
    const situation = new Situation();
    situation.submitted(1);
    situation.nfz("x", { declared: 12, from: 10, to: 20 });
    expect(codeOf(situation, 11)).toBe("starts");
    expect(codeOf(situation, 12)).toBe("held");
  });

  it("is held by occurrences that touch as by one, and is told its end", () => {
    const situation = new Situation();
    situation.submitted(1);
    const occurrences = [
      { from: iso(hour(10)), to: iso(hour(20)) },
      { from: iso(hour(20)), to: iso(hour(30)) },
      { from: iso(hour(31)), to: iso(hour(32)) },
    ];
    situation.add("NfzDeclared", 0, { nfz: "x", occurrences, inFlight: "pause" });
    expect(told(situation.ask(15, start))).toMatchObject({
      nfzs: [{ from: iso(hour(10)), to: iso(hour(30)) }],
      nextStart: iso(hour(30)),
    });
    expect(codeOf(situation, 20)).toBe("held");
  });

  it("follows an extension, a shortening, a lifting and a cancellation from their instants on", () => {
    const situation = waiting();
    const occurrence = iso(hour(10));
    situation.add("NfzExtended", 12, { nfz: "x", occurrence, to: iso(hour(30)) });
    expect(codeOf(situation, 25)).toBe("held");
    situation.add("NfzShortened", 13, { nfz: "x", occurrence, to: iso(hour(16)) });
    expect(codeOf(situation, 15)).toBe("held");
    expect(codeOf(situation, 16)).toBe("starts");
    situation.add("NfzLifted", 14, { nfz: "x" });
    expect(codeOf(situation, 14 - millisecond)).toBe("held");
    expect(codeOf(situation, 14)).toBe("starts");
    situation.nfz("y", { from: 40, to: 50 });
    situation.add("NfzCancelled", 20, { nfz: "y" });
    expect(codeOf(situation, 45)).toBe("starts");
  });

  it("is not told when it can start while a matching rule may have occurrences that are not listed", () => {
    const situation = waiting();
    situation.nfz("y", { from: 1, to: 2, resolvedUntil: 20 });
    expect(told(situation.ask(15, start))).toMatchObject({ nextStart: null });
    situation.nfz("z", { from: 1, to: 2, resolvedUntil: 20 + millisecond });
    situation.add("NfzResolved", 3, {
      nfz: "y",
      after: iso(hour(20)),
      resolvedUntil: iso(hour(21)),
      occurrences: [],
      tzdata: "2026a",
    });
    expect(told(situation.ask(15, start))).toMatchObject({ nextStart: iso(hour(20)) });
  });
});

describe("a refusal that says the same within a minute", () => {
  it("is answered with the event that said it, and not recorded again", () => {
    const situation = waiting();
    const by = situation.decidedOf("RolloutBlocked", 12, { nfzIds: ["x"] });
    expect(told(situation.ask(12 + minute - millisecond, start))).toMatchObject({
      code: "nfz-in-force",
      by,
    });
    expect(told(situation.ask(12 + minute, start))).toMatchObject({
      appends: [{ type: "RolloutBlocked", nfzIds: ["x"] }],
    });
  });

  it("is recorded if other NFZs hold it, or if it was released in between", () => {
    const situation = waiting();
    situation.decidedOf("RolloutBlocked", 12, { nfzIds: ["x", "y"] });
    expect(told(situation.ask(12 + second, start))).toMatchObject({
      appends: [{ type: "RolloutBlocked", nfzIds: ["x"] }],
    });
    const other = waiting();
    other.decidedOf("RolloutBlocked", 12, { nfzIds: ["x"] });
    other.decidedOf("RolloutUnblocked", 12 + second, {});
    expect(told(other.ask(12 + 2 * second, start))).toMatchObject({
      appends: [{ type: "RolloutBlocked", nfzIds: ["x"] }],
    });
  });

  it("is answered with the sweep's refusal, if a paused rollout asks to resume", () => {
    const situation = waiting();
    situation.decidedOf("RolloutStarted", 9, {});
    expect(situation.sweeps(10)).toEqual(["RolloutPaused", "RolloutBlocked"]);
    const by = situation.events.at(-1)?.id;
    expect(told(situation.ask(10 + second, resume))).toMatchObject({ code: "nfz-in-force", by });
  });
});

describe("an NFZ and a rollout", () => {
  const scopes = {
    "the whole cluster": undefined,
    "rack A": { racks: ["A"] },
    "rack B": { racks: ["B"] },
    "node a1": { nodes: ["a1"] },
    "node b1": { nodes: ["b1"] },
    "fast nodes": { skus: ["fast"] },
    "slow nodes of rack B, of which there are none": { racks: ["B"], skus: ["slow"] },
    "a node that is no member": { nodes: ["z9"] },
    "a rack that nobody knows": { racks: ["Z"] },
  } as const;
  type Scope = keyof typeof scopes;

  /** By the page: who shares a node with whom. */
  const nodesOf: Readonly<Record<Scope, readonly string[] | null>> = {
    "the whole cluster": null,
    "rack A": ["a1", "a2"],
    "rack B": ["b1"],
    "node a1": ["a1"],
    "node b1": ["b1"],
    "fast nodes": ["a1", "b1"],
    "slow nodes of rack B, of which there are none": [],
    "a node that is no member": ["z9"],
    "a rack that nobody knows": [],
  };

  function shouldMatch(scope: Scope, targets: Scope): boolean {
    const [held, wanted] = [nodesOf[scope], nodesOf[targets]];
    if (held === null || wanted === null || wanted.length === 0) return true;
    return held.some((node) => wanted.includes(node));
  }

  const names = Object.keys(scopes) as Scope[];
  const pairs = names.flatMap((scope) =>
    names.map((targets) => [scope, targets, shouldMatch(scope, targets)] as const),
  );

  it.each(pairs)("of %s and of %s match: %s", (scope, targets, match) => {
    const situation = racks();
    const [held, wanted] = [scopes[scope], scopes[targets]];
    situation.nfz("x", { from: 10, to: 20, scope: held as never });
    situation.submitted(1, { targets: wanted as never });
    expect(codeOf(situation, 15)).toBe(match ? "held" : "starts");
  });

  it("match, whatever the scope, if nobody submitted the rollout", () => {
    const situation = racks();
    situation.nfz("x", { from: 10, to: 20, scope: { racks: ["B"] } });
    situation.rollout("RolloutBlocked", 1, { nfzIds: ["y"] });
    expect(codeOf(situation, 15)).toBe("held");
  });

  it("match by the members of the instant, not by those of the submission", () => {
    const situation = racks();
    situation.nfz("x", { from: 10, to: 20, scope: { racks: ["B"] } });
    situation.submitted(1, { targets: { racks: ["A"] } });
    expect(codeOf(situation, 12)).toBe("starts");
    situation.add("NodeDecommissioned", 13, { node: "a1" });
    situation.add("NodeDecommissioned", 13, { node: "a2" });
    expect(codeOf(situation, 12)).toBe("starts");
    expect(codeOf(situation, 14)).toBe("held");
  });
});

describe("a paused rollout that asks to resume", () => {
  function paused(): Situation {
    const situation = waiting();
    situation.decidedOf("RolloutStarted", 9, {});
    situation.sweeps(10);
    return situation;
  }

  it("is refused while an NFZ holds it, in the same words", () => {
    expect(told(paused().ask(12, resume))).toMatchObject({
      appends: [{ type: "RolloutBlocked", nfzIds: ["x"] }],
      code: "nfz-in-force",
      nextStart: iso(hour(20)),
    });
  });

  it("is released and goes on after the NFZ, in one append", () => {
    expect(told(paused().ask(20, resume))).toEqual({
      appends: ["RolloutUnblocked", "RolloutResumed"],
    });
  });

  it("only goes on if a sweep had released it", () => {
    const situation = paused();
    expect(situation.sweeps(20)).toEqual(["RolloutUnblocked"]);
    expect(situation.state(20)).toBe("paused");
    expect(told(situation.ask(21, resume))).toEqual({ appends: ["RolloutResumed"] });
  });
});

describe("the gate of co-tests", () => {
  const pairs = [{ rollout: "s", status: "never" as const }];
  const gates: Gates = { hasFastPath: () => false, untested: () => pairs };

  it("refuses a start that no NFZ holds, and records the pairs", () => {
    expect(told(waiting().ask(9, start, { gates }))).toEqual({
      appends: [{ type: "RolloutRefused", command: "start", code: "needs-co-test", pairs }],
      code: "needs-co-test",
      pairs,
    });
  });

  it("comes after NFZs, and is not asked of a resume", () => {
    expect(told(waiting().ask(15, start, { gates }))).toMatchObject({ code: "nfz-in-force" });
    const situation = waiting();
    situation.decidedOf("RolloutStarted", 2, {});
    situation.decidedOf("RolloutPaused", 3, {});
    expect(told(situation.ask(9, resume, { gates }))).toEqual({ appends: ["RolloutResumed"] });
  });

  it("says the same within a minute once, also if an override was refused in between", () => {
    const situation = waiting();
    const refused = { command: "start", code: "needs-co-test", pairs } as const;
    const by = situation.decidedOf("RolloutRefused", 9, refused);
    const role = { command: "override", code: "role-needed" } as const;
    situation.decidedOf("RolloutRefused", 9 + second, role);
    expect(told(situation.ask(9 + 2 * second, start, { gates }))).toMatchObject({ by });
    expect(told(situation.ask(9 + minute, start, { gates }))).toMatchObject({
      appends: [{ type: "RolloutRefused" }],
    });
  });
});
