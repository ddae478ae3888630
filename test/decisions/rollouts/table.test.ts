/** The table of commands on rollouts: what each does from each state. */
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/decisions/command/drafts.ts";
import type { RolloutCommand } from "../../../src/decisions/rollouts/commands.ts";
import { hour, idOf, iso } from "../../projections/history.ts";
import { Situation } from "../situation.ts";

/** The facts that lead to each state, after the submission; an hour apart. */
const ways = {
  submitted: [],
  blocked: ["RolloutBlocked"],
  releasable: ["RolloutBlocked", "RolloutUnblocked"],
  "in-progress": ["RolloutStarted"],
  paused: ["RolloutStarted", "RolloutPaused"],
  verifying: ["RolloutStarted", "RolloutVerificationStarted"],
  "rolling-back": ["RolloutStarted", "RolloutRollbackOrdered"],
  completed: ["RolloutStarted", "RolloutVerificationStarted", "RolloutCompleted"],
  failed: ["RolloutStarted", "RolloutFailed"],
  "rolled-back": ["RolloutStarted", "RolloutRolledBack"],
  cancelled: ["RolloutCancelled"],
  superseded: ["RolloutSuperseded"],
  unknown: [],
} as const;

type State = keyof typeof ways;
const states = Object.keys(ways) as State[];

/** It holds in every state. */
const grant = idOf(4);

/** Nothing is in force; NFZ `x` is to come at hour 30, and rollout `s` waits. */
function given(state: State, isSubmitted: boolean): Situation {
  const situation = new Situation();
  situation.nfz("x", { from: 30, to: 40 });
  situation.add("RolloutSubmitted", 0, {
    rollout: "s",
    updates: [{ component: "driver", version: "3" }],
    impact: { kind: "impactless" },
    urgency: "routine",
  });
  // Two of a rollout: what is not submitted has a note, and nothing that sets its state.
  if (isSubmitted) situation.submitted(0);
  else situation.rollout("RolloutRefused", 0, { command: "override", code: "role-needed" });
  const override = { role: "approver", nfzIds: ["x"], expiresAt: iso(hour(60)) };
  expect(situation.decidedOf("RolloutOverrideGranted", 0, override)).toBe(grant);
  for (const [i, type] of ways[state].entries())
    situation.rollout(type, i + 1, type === "RolloutBlocked" ? { nfzIds: ["x"] } : {});
  return situation;
}

const expiresAt = iso(hour(32));
const commands = {
  start: { name: "start" },
  progress: { name: "progress", body: { nodesDone: 1, nodesTotal: 2 } },
  pause: { name: "pause" },
  resume: { name: "resume" },
  verify: { name: "verify" },
  complete: { name: "complete" },
  fail: { name: "fail" },
  "roll-back": { name: "roll-back" },
  cancel: { name: "cancel" },
  supersede: { name: "supersede", supersededBy: "s" },
  override: { name: "override", body: { role: "approver", nfzIds: ["x"], expiresAt } },
  revoke: { name: "revoke", override: grant },
} as const satisfies Record<string, RolloutCommand>;

type Name = keyof typeof commands;

const queued: readonly State[] = ["submitted", "blocked", "releasable"];
const inFlight: readonly State[] = ["in-progress", "paused", "verifying", "rolling-back"];
const over: readonly State[] = ["completed", "failed", "rolled-back", "cancelled", "superseded"];

interface Row {
  readonly from: readonly State[];
  readonly appends: string;
  /** What it was already, by the type of the event that made it so. */
  readonly already?: Readonly<Partial<Record<State, string>>>;
}

/** As the page has it. */
const page: Readonly<Record<Name, Row>> = {
  start: {
    from: queued,
    appends: "RolloutStarted",
    already: { "in-progress": "RolloutStarted", verifying: "RolloutStarted" },
  },
  progress: { from: ["in-progress", "paused", "rolling-back"], appends: "RolloutProgressed" },
  pause: {
    from: ["in-progress"],
    appends: "RolloutPaused",
    already: { paused: "RolloutPaused" },
  },
  resume: {
    from: ["paused"],
    appends: "RolloutResumed",
    already: { "in-progress": "RolloutStarted" },
  },
  verify: {
    from: ["in-progress"],
    appends: "RolloutVerificationStarted",
    already: { verifying: "RolloutVerificationStarted" },
  },
  complete: {
    from: ["verifying"],
    appends: "RolloutCompleted",
    already: { completed: "RolloutCompleted" },
  },
  fail: { from: inFlight, appends: "RolloutFailed", already: { failed: "RolloutFailed" } },
  "roll-back": {
    from: inFlight,
    appends: "RolloutRolledBack",
    already: { "rolled-back": "RolloutRolledBack" },
  },
  cancel: {
    from: queued,
    appends: "RolloutCancelled",
    already: { cancelled: "RolloutCancelled" },
  },
  supersede: { from: queued, appends: "RolloutSuperseded" },
  override: {
    from: [...queued, "in-progress", "paused"],
    appends: "RolloutOverrideGranted",
  },
  revoke: {
    from: states.filter((state) => !over.includes(state)),
    appends: "RolloutOverrideRevoked",
  },
};

function inWords(situation: Situation, outcome: Outcome): string {
  if (outcome.kind === "append") {
    const types = outcome.drafts.map(({ type }) => type).join(", ");
    return outcome.refusal === undefined ? `appends ${types}` : `is refused with ${types}`;
  }
  if (outcome.kind === "already") return `is answered with ${situation.typeOf(outcome.by)}`;
  return `is refused: ${outcome.refusal.code}`;
}

function expected(name: Name, state: State): string {
  const { from, appends, already = {} } = page[name];
  if (from.includes(state)) return `appends ${appends}`;
  const by = already[state];
  return by === undefined ? "is refused: transition-refused" : `is answered with ${by}`;
}

const cells = (Object.keys(commands) as Name[]).flatMap((name) =>
  states.map((state) => [name, state, expected(name, state)] as const),
);

describe("a command on a rollout that was submitted", () => {
  it.each(cells.filter(([, state]) => state !== "unknown"))(
    "%s of one that is %s %s",
    (name, state, what) => {
      const situation = given(state, true);
      expect(situation.state(9)).toBe(state);
      expect(inWords(situation, situation.ask(9, commands[name]))).toBe(what);
    },
  );
});

describe("a command on a rollout that was only reported", () => {
  it.each(cells.filter(([, state]) => state !== "submitted"))(
    "%s of one that is %s %s",
    (name, state, what) => {
      const situation = given(state, false);
      expect(situation.state(9)).toBe(state);
      expect(inWords(situation, situation.ask(9, commands[name]))).toBe(what);
    },
  );
});

it("start of one that was only ever said to be verified is answered with that", () => {
  const situation = new Situation();
  situation.rollout("RolloutVerificationStarted", 1, {});
  expect(inWords(situation, situation.ask(9, { name: "start" }))).toBe(
    "is answered with RolloutVerificationStarted",
  );
});

it("a refused transition names the state and the command", () => {
  const outcome = given("verifying", true).ask(9, { name: "pause" });
  expect(outcome).toMatchObject({
    kind: "refused",
    refusal: { extra: { state: "verifying", command: "pause" } },
  });
});

describe("submitting", () => {
  it.each(states.filter((state) => state !== "unknown"))(
    "a rollout again that is %s is refused: it exists",
    (state) => {
      const situation = given(state, true);
      expect(inWords(situation, situation.submit(9))).toBe("is refused: rollout-exists");
    },
  );

  it.each(states.filter((state) => state !== "submitted"))(
    "a rollout that was reported as %s and never submitted is taken",
    (state) => {
      const situation = given(state, false);
      expect(inWords(situation, situation.submit(9))).toBe("appends RolloutSubmitted");
    },
  );
});
